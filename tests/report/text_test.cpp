#include "report/text/text.h"

#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysed.h"
#include "rules/judging/rule.h"

namespace replug::report {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string text_of(const std::string& plan, const Options& options = {}) {
  const std::array analyses{analysed(plan)};
  return write_text(account_of(analyses, Question::check), options);
}

std::string without_colours(std::string text) {
  for (auto begin = text.find('\x1b'); begin != std::string::npos; begin = text.find('\x1b')) {
    text.erase(begin, text.find('m', begin) + 1 - begin);
  }
  return text;
}

TEST(TextReport, BeginsWithThePlanAndItsCluster) {
  EXPECT_THAT(text_of(plan_over(mount("my/"), "steps: [{step_down: {}}]\n")),
              StartsWith("Upgrade my-plugin\n"
                         "  plan     plan.yaml\n"
                         "  cluster  Vault 1.16.3: vault-0 active, vault-1 standby, vault-2 standby\n"));
}

TEST(TextReport, TellsAStepOnOneLineAndUnderItWhatChanged) {
  EXPECT_THAT(text_of(plan_over(mount("my/"), "steps:\n  - tune: {path: my/, plugin_version: v1.0.1}\n")),
              HasSubstr("\n  1  vault secrets tune -plugin-version=v1.0.1 my/             vault-0: ok (204)\n"
                        "     my/: configured v1.0.0 -> v1.0.1\n"));
}

TEST(TextReport, AnAnswerThatDoesNotFitFollowsBelow) {
  EXPECT_THAT(text_of(plan_over(mount("a-mount-with-a-long-path/"),
                                "steps:\n  - tune: {path: a-mount-with-a-long-path/, plugin_version: v1.0.1}\n")),
              HasSubstr("\n  1  vault secrets tune -plugin-version=v1.0.1 a-mount-with-a-long-path/\n"
                        "     -> vault-0: ok (204)\n"));
}

TEST(TextReport, AStepsOwnNameStandsBeforeIt) {
  EXPECT_THAT(text_of(plan_over(mount("my/"), "steps:\n  - {id: cut-over, step_down: {to: vault-1}}\n")),
              HasSubstr("\n  1  cut-over: vault operator step-down "));
}

TEST(TextReport, FoldsMountsToWhichTheSameHappened) {
  std::string mounts;
  std::string paths;
  for (int i = 0; i < 12; ++i) {
    mounts += mount(fmt::format("my-{:02}/", i));
    paths += fmt::format("{}my-{:02}/", i == 0 ? "" : ", ", i);
  }
  const auto text = text_of(plan_over(
      mounts, "steps:\n  - tune: {path: [" + paths + "], plugin_version: v1.0.1}\n  - reload: {plugin: my-plugin}\n"));
  EXPECT_THAT(text, HasSubstr("\n     my-00/, my-01/, my-02/ and 9 more: configured v1.0.0 -> v1.0.1\n"));
  EXPECT_THAT(text, HasSubstr("\n     my-00/, my-01/, my-02/ and 9 more on vault-0: running v1.0.0 -> v1.0.1\n"
                              "       (the reload ended the old process and loaded the configured version)\n"));
}

TEST(TextReport, SaysThatAProcessDiedAndCameBack) {
  const auto text =
      text_of(plan_over(mount("my/"), "steps:\n  - crash: {mount: my/}\n  - request: {path: my/creds}\n"));
  EXPECT_THAT(
      text, HasSubstr("my/ on vault-0: its process is gone; the next request starts it again (ran\n       v1.0.0)\n"));
  EXPECT_THAT(text, HasSubstr("my/ on vault-0: running v1.0.0 again\n"));
}

TEST(TextReport, SaysWhatTakesOverAndWhatIsClosed) {
  const auto text = text_of(plan_over(mount("my/"), "steps:\n  - step_down: {to: vault-1}\n"));
  EXPECT_THAT(text, AllOf(HasSubstr("vault-0: active -> standby\n"), HasSubstr("my/ on vault-0: closed (ran v1.0.0)\n"),
                          HasSubstr("my/ on vault-1: running v1.0.0\n")));
}

TEST(TextReport, EndsWithATableThatSaysWhatDiffers) {
  EXPECT_THAT(
      text_of(plan_over(mount("my/") + mount("other/"), "steps:\n  - tune: {path: my/, plugin_version: v1.0.1}\n")),
      HasSubstr("After the last step\n"
                "  mount   node     configured  reported  actual\n"
                "! my/     vault-0  v1.0.1      v1.0.0    v1.0.0\n"
                "      DIFFERS: v1.0.1 is configured, but v1.0.0 runs until a reload or a\n"
                "      restart.\n"
                "  other/  vault-0  v1.0.0      v1.0.0    v1.0.0\n"
                "  No plugins run on vault-1 (standby), vault-2 (standby).\n"));
}

TEST(TextReport, FoldsALongTable) {
  std::string mounts;
  for (int i = 0; i < 2000; ++i) mounts += mount(fmt::format("my-{:04}/", i));
  EXPECT_THAT(text_of(plan_over(mounts, "steps:\n  - tune: {path: my-0007/, plugin_version: v1.0.1}\n")),
              HasSubstr("  my-0000/  vault-0  v1.0.0      v1.0.0    v1.0.0\n"
                        "    and 1,998 more like it\n"
                        "! my-0007/  vault-0  v1.0.1      v1.0.0    v1.0.0\n"));
}

TEST(TextReport, PutsALongPathAboveItsRow) {
  const std::string path = "team-a/" + std::string(60, 'x') + "/";
  EXPECT_THAT(text_of(plan_over(mount(path), "steps: [{confirm: Go on}]\n")),
              HasSubstr("    node     configured  reported  actual\n"
                        "  " +
                        path +
                        "\n"
                        "    vault-0  v1.0.0      v1.0.0    v1.0.0\n"));
}

TEST(TextReport, TellsClaimsThatDoNotHold) {
  const auto text = text_of(plan_over(mount("my/"),
                                      "steps:\n  - tune: {path: my/, plugin_version: v1.0.1}\n"
                                      "expect:\n  - {mount: my/, plugin_version: v1.0.1, running_version: v1.0.1}\n"));
  EXPECT_THAT(text, HasSubstr("Expected at the end: 1 of 2 hold\n"
                              "  NOT AS EXPECTED: mount my/ running_version: v1.0.1; found v1.0.0 on vault-0\n"
                              "    --> plan.yaml:14:42\n"));
  EXPECT_THAT(text, HasSubstr("1 plan, 1 step: unexpected at the end. "));
}

TEST(TextReport, TellsClaimsOfASingleStep) {
  const auto text = text_of(plan_over(mount("my/"),
                                      "steps:\n  - check: [{mount: my/, running_version: v1.0.0}]\n"
                                      "    expect: [{mount: my/, plugin_version: v9.9.9}]\n"));
  EXPECT_THAT(text, HasSubstr("NOT AS EXPECTED: mount my/ plugin_version: v9.9.9; found v1.0.0"));
  EXPECT_THAT(text, HasSubstr(" DOES NOT HOLD\n"));
  EXPECT_THAT(text, HasSubstr("--> plan.yaml:13:27\n     1 claim as expected\n"));
}

TEST(TextReport, ShowsWhereAPlanCannotBeRead) {
  EXPECT_EQ(text_of("replug: 1\nstepps: []\n").find("problem: "), 0U);
  EXPECT_THAT(text_of("replug: 1\nstepps: []\n"),
              AllOf(HasSubstr("  --> plan.yaml:2:1\n"), HasSubstr("1 file cannot be read as a plan: ")));
}

TEST(TextReport, SaysOfSeveralPlansHowManyCameToWhat) {
  const std::array analyses{
      analysed(plan_over(mount("my/"), "steps: [{confirm: Go on}]\n")),
      analysed(plan_over(mount("my/"), "steps: [{enable: {path: my/, plugin: my-plugin}}]\n"), "b.yaml"),
      analysed("replug: 2", "c.yaml")};
  Options quiet;
  quiet.quiet = true;
  EXPECT_THAT(write_text(account_of(analyses, Question::simulate), quiet),
              EndsWith("\n2 plans, 2 steps: 1 ok, 1 refused. 1 file cannot be read as a plan: 1 problem.\n"));
}

TEST(TextReport, ColourSaysNothingThatWordsDoNot) {
  const auto plan =
      plan_over(mount("my/"),
                "steps:\n  - tune: {path: my/, plugin_version: v1.0.1}\n  - enable: {path: my/, plugin: my-plugin}\n");
  Options colored;
  colored.color = true;
  const auto with = text_of(plan, colored);
  EXPECT_NE(with, text_of(plan));
  EXPECT_EQ(without_colours(with), text_of(plan));
}

TEST(TextReport, GivesNoCommandToACiSystem) {
  const auto text = text_of(
      plan_over(mount("my/"),
                "steps:\n  - note: '::error::a ##[error]b ##vso[task.complete]c ##teamcity[message] ## and on'\n"
                "    tune: {path: my/, plugin_version: v1.0.1}\n"));
  EXPECT_THAT(
      text, AllOf(Not(HasSubstr("##[")), Not(HasSubstr("##vso[")), Not(HasSubstr("##teamcity[")), HasSubstr(" ##\n")));
}

// --- Findings
// -----------------------------------------------------------------------------------------------------------------------

/// A plan with these findings and no others.
struct Judged {
  Analysis analysis = analysed(plan_over(mount("my/"), "steps:\n  - tune: {path: my/, plugin_version: v1.0.1}\n"));

  rules::Finding& add(std::string_view word, const std::string& message) {
    if (!cleared_) analysis.judgement = rules::Judgement{};
    cleared_ = true;
    rules::Finding finding;
    finding.rule = rules::find_rule("step-refused");
    finding.severity = rules::Severity::error;
    finding.message = message;
    finding.place = place(word);
    analysis.judgement->findings.push_back(finding);
    return analysis.judgement->findings.back();
  }
  [[nodiscard]] planner::Place place(std::string_view word) const {
    const auto& source = analysis.plan().document().source();
    const auto begin = static_cast<std::uint32_t>(source.text().rfind(word));
    return {&source, {begin, begin + static_cast<std::uint32_t>(word.size())}};
  }
  [[nodiscard]] std::string lint() const { return write_text(account_of(std::span(&analysis, 1), Question::lint), {}); }

 private:
  bool cleared_ = false;
};

TEST(TextFindings, HaveTheLineTheRelatedPlacesAndWhatToDo) {
  Judged judged;
  auto& finding = judged.add("plugin_version: v1.0.1", "This is wrong.");
  finding.help = "Do it right.";
  finding.related = {{"the step", judged.place("tune")}};
  finding.story = {{"step-1", judged.place("tune"), 0}, {"restart vault-0", {}, {}}};
  EXPECT_THAT(judged.lint(), StartsWith("error[step-refused]: This is wrong.\n"
                                        "  --> plan.yaml:12:23\n"
                                        "    |\n"
                                        " 12 |   - tune: {path: my/, plugin_version: v1.0.1}\n"
                                        "    |     ---- the step\n"
                                        "    |                       ^^^^^^^^^^^^^^^^^^^^^^\n"));
  EXPECT_THAT(judged.lint(),
              AllOf(HasSubstr("   = help: Do it right.\n"), HasSubstr("   = story: step-1 -> restart vault-0\n")));
}

TEST(TextFindings, OfOneRuleSayWhyOnce) {
  Judged judged;
  judged.add("tune", "One.");
  judged.add("my/", "Two.");
  const auto text = judged.lint();
  EXPECT_EQ(text.find("= why: "), text.rfind("= why: "));
  EXPECT_THAT(text, EndsWith("1 plan, 1 step. 2 errors, 0 warnings, 0 notes.\n"));
}

TEST(TextFindings, ThatAreSuppressedAreOnlyCounted) {
  Judged judged;
  judged.add("tune", "One.").suppressed = true;
  EXPECT_EQ(judged.lint(), "1 plan, 1 step. 0 errors, 0 warnings, 0 notes, 1 suppressed.\n");
}

}  // namespace
}  // namespace replug::report
