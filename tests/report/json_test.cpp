#include "report/json/json.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysed.h"

namespace replug::report {
namespace {

using testing::ElementsAre;
using testing::IsSupersetOf;

Json forecast_of(const std::string& plan, bool every_state = false) {
  const std::array analyses{analysed(plan)};
  Options options;
  options.every_state = every_state;
  return Json::parse(write_json(account_of(analyses, Question::simulate), options));
}

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> result;
  for (const auto& [key, value] : object.items()) result.push_back(key);
  return result;
}

TEST(ForecastJson, HasTheKeysOfTheLanguageInTheirOrder) {
  const auto forecast = forecast_of(plan_over(mount("my/"),
                                              "steps:\n  - tune: {path: my/, plugin_version: v1.0.1}\n"
                                              "expect: [{mount: my/, plugin_version: v1.0.1}]\n"));
  EXPECT_THAT(keys(forecast), ElementsAre("replug", "plan", "verdict", "assumed", "steps", "expectations"));
  const auto& step = forecast.at("steps").at(0);
  EXPECT_THAT(keys(step), ElementsAre("id", "action", "node", "reply", "changes", "as_meant", "state"));
  EXPECT_EQ(step.at("reply"), Json::parse(R"({"ok": true, "status": 204, "errors": [], "warnings": []})"));
  auto change = step.at("changes").at(0);
  EXPECT_TRUE(change.at("why").is_string());
  change.erase("why");
  EXPECT_EQ(change, Json::parse(R"({"what": "mount", "subject": "my/", "field": "plugin_version", "node": null,
                                    "from": "v1.0.0", "to": "v1.0.1"})"));
  EXPECT_THAT(keys(step.at("state")), ElementsAre("catalog", "pins", "nodes", "mounts", "databases"));
  EXPECT_EQ(forecast.at("expectations").at(0),
            Json::parse(R"({"place": "plan.yaml:13:23", "claim": "mount my/ plugin_version: v1.0.1",
                                                              "holds": true, "found": "v1.0.1"})"));
}

TEST(ForecastJson, ListsPluginsOnlyWhereTheyRun) {
  const auto state = forecast_of(plan_over(mount("my/"), "steps: [{confirm: Go on}]\n")).at("steps").at(0).at("state");
  const auto& my = state.at("mounts").at("my/");
  EXPECT_THAT(keys(my), ElementsAre("type", "plugin_version", "nodes"));
  EXPECT_THAT(keys(my.at("nodes")), ElementsAre("vault-0"));
  EXPECT_THAT(keys(my.at("nodes").at("vault-0")), ElementsAre("status", "plugin_version", "running_plugin_version",
                                                              "running_sha256", "actual_version", "actual_sha256"));
  EXPECT_THAT(keys(state.at("nodes")), ElementsAre("vault-0", "vault-1", "vault-2"));
  EXPECT_EQ(
      state.at("nodes").at("vault-0"), Json::parse(R"({"role": "active", "sealed": false, "server_version": "1.16.3",
      "processes": [{"sha256": ")" + std::string(64, 'a') +
                                                   R"(", "count": 1}]})"));
}

TEST(ForecastJson, WhereNothingWouldAnswerActualIsNull) {
  const auto steps =
      forecast_of(plan_over(mount("my/"), "steps:\n  - uninstall: {file: my-plugin-v1.0.0}\n  - crash: {mount: my/}\n"))
          .at("steps");
  const auto& there = steps.at(1).at("state").at("mounts").at("my/").at("nodes").at("vault-0");
  EXPECT_EQ(there.at("status"), "broken");
  EXPECT_TRUE(there.at("actual_version").is_null());
  EXPECT_TRUE(there.at("actual_sha256").is_null());
}

TEST(ForecastJson, ARequestThatWasAnsweredSaysByWhat) {
  const auto reply =
      forecast_of(plan_over(mount("my/"), "steps: [{request: {path: my/creds}}]\n")).at("steps").at(0).at("reply");
  EXPECT_EQ(reply.at("answered_by"),
            Json::parse(R"({"version": "v1.0.0", "sha256": ")" + std::string(64, 'a') + R"("})"));
}

TEST(ForecastJson, AStepOnSeveralNodesHasAReplyOfEach) {
  const auto step = forecast_of(plan_over(mount("my/"), "steps: [{uninstall: {file: old}}]\n")).at("steps").at(0);
  EXPECT_EQ(step.at("node"), "vault-0");
  ASSERT_EQ(step.at("replies").size(), 3U);
  EXPECT_EQ(step.at("replies").at(2).at("node"), "vault-2");
}

TEST(ForecastJson, ArgumentsOfAnEntryHaveSpacesBetween) {
  const auto changes =
      forecast_of(
          plan_over(mount("my/"), "steps:\n  - register: {type: secret, name: my-plugin, version: v2.0.0, sha256: " +
                                      std::string(64, 'c') + ", command: x, args: [-a, -b]}\n"))
          .at("steps")
          .at(0)
          .at("changes");
  const auto args = std::ranges::find_if(changes, [](const Json& change) { return change.at("field") == "args"; });
  ASSERT_NE(args, changes.end());
  EXPECT_EQ(args->at("to"), "-a -b");
}

TEST(ForecastJson, StepsStandInTheOrderInWhichTheyArePlayed) {
  const auto steps = forecast_of(plan_over(mount("my/"),
                                           "steps:\n"
                                           "  - {id: second, needs: [first], confirm: Go on}\n"
                                           "  - {id: first, needs: [], tune: {path: my/, plugin_version: v1.0.1}}\n"),
                                 true)
                         .at("steps");
  EXPECT_EQ(steps.at(0).at("id"), "first");
  EXPECT_EQ(steps.at(0).at("state").at("mounts").at("my/").at("plugin_version"), "v1.0.1");
  EXPECT_EQ(steps.at(1).at("id"), "second");
}

TEST(ForecastJson, EachStepIsALine) {
  const std::array analyses{analysed(plan_over(mount("my/"), "steps:\n  - confirm: Go on\n  - confirm: And on\n"))};
  const auto text = write_json(account_of(analyses, Question::simulate), {});
  EXPECT_THAT(text, testing::HasSubstr("\n  \"steps\": [\n    {\"id\":\"step-1\""));
  EXPECT_THAT(text, testing::HasSubstr("},\n    {\"id\":\"step-2\""));
}

TEST(FindingsJson, HasTheKeysOfTheLanguageInTheirOrder) {
  const std::array analyses{analysed(plan_over(mount("my/"), "steps: [{enable: {path: my/, plugin: my-plugin}}]\n"))};
  const auto report = Json::parse(write_json(account_of(analyses, Question::check), {}));
  EXPECT_THAT(keys(report),
              ElementsAre("replug", "verdict", "summary", "findings", "problems", "not_checked", "forecasts"));
  EXPECT_THAT(keys(report.at("summary")), ElementsAre("error", "warning", "note", "suppressed"));
  const auto& findings = report.at("findings");
  const auto refused =
      std::ranges::find_if(findings, [](const Json& finding) { return finding.at("rule") == "step-refused"; });
  ASSERT_NE(refused, findings.end());
  EXPECT_EQ(keys(*refused).at(0), "rule");
  EXPECT_THAT(keys(refused->at("place")), ElementsAre("file", "line", "column", "end_line", "end_column"));
  EXPECT_EQ(refused->at("step"), "step-1");
  EXPECT_NE(refused->at("fingerprint"), "");
}

TEST(FindingsJson, OfAFileThatIsNoPlanHasProblemsWithPlaces) {
  const std::array analyses{analysed("replug: 1\nnonsense: []\n")};
  const auto report = Json::parse(write_json(account_of(analyses, Question::check), {}));
  EXPECT_EQ(report.at("verdict"), "problems");
  for (const auto& problem : report.at("problems"))
    EXPECT_THAT(keys(problem), IsSupersetOf({"message", "help", "place"}));
  EXPECT_TRUE(report.at("forecasts").empty());
}

TEST(FindingsJson, WhatIsNotModelledIsIncomplete) {
  auto judged = std::array{analysed(plan_over(mount("my/"), "steps: [{confirm: Go on}]\n"))};
  judged[0].judgement = rules::Judgement{};
  judged[0].forecast->steps[0].not_modelled = {"what the person says"};
  EXPECT_EQ(Json::parse(write_json(account_of(judged, Question::check), {})).at("verdict"), "incomplete");
}

TEST(Json, BytesThatAreNoTextDoNotEndTheReport) { EXPECT_EQ(compact(Json("a\xff")), "\"a\xEF\xBF\xBD\""); }

}  // namespace
}  // namespace replug::report
