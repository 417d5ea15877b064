#include "report/formats.h"

#include <array>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysed.h"
#include "report/concise.h"

namespace replug::report {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

std::vector<std::string> names(std::string_view command) {
  std::vector<std::string> result;
  for (const auto* format : formats_of(command)) result.emplace_back(format->name);
  return result;
}

TEST(Formats, AreOfferedByTheCommandsThatTheTableNames) {
  EXPECT_THAT(names("check"), ElementsAre("text", "json", "concise"));
  EXPECT_THAT(names("lint"), ElementsAre("text", "json", "concise"));
  EXPECT_THAT(names("simulate"), ElementsAre("text", "json"));
  EXPECT_THAT(names("graph"), ElementsAre("dot", "mermaid"));
  EXPECT_THAT(names("version"), IsEmpty());
}

TEST(Formats, OfOneCommandHaveDifferentNames) {
  for (const auto* command : {"check", "lint", "simulate", "graph"}) {
    const auto all = names(command);
    EXPECT_EQ(std::set(all.begin(), all.end()).size(), all.size()) << command;
  }
}

TEST(Formats, CanTellEveryKindOfPlan) {
  const std::array analyses{analysed(plan_over(mount("my/"), "steps: [{enable: {path: my/, plugin: my-plugin}}]\n")),
                            analysed("replug: 2", "b.yaml")};
  const auto account = account_of(analyses, Question::check);
  for (const auto& format : formats()) {
    EXPECT_FALSE(format.write(account, {}).empty()) << format.name;
    EXPECT_FALSE(format.extension.empty()) << format.name;
    EXPECT_FALSE(format.sentence.empty()) << format.name;
  }
}

// --- Concise

std::string concise(const Analysis& analysis, bool suppressed = false) {
  Options options;
  options.show_suppressed = suppressed;
  return write_concise(account_of(std::span(&analysis, 1), Question::lint), options);
}

/// A plan with one finding, on its last line.
Analysis with_finding(const std::string& message) {
  auto analysis = analysed(plan_over(mount("my/"), "steps: [{confirm: Go on}]\n"));
  rules::Finding finding;
  finding.rule = rules::find_rule("no-backup");
  finding.severity = rules::Severity::warning;
  finding.place = analysis.plan().where(analysis.plan().steps.front());
  finding.message = message;
  analysis.judgement = rules::Judgement{{finding}, {}};
  return analysis;
}

TEST(Concise, IsALineForEachFinding) {
  EXPECT_EQ(concise(with_finding("There is no backup.")), "plan.yaml:11:10: warning[no-backup] There is no backup.\n");
}

TEST(Concise, AProblemIsAnErrorWithoutARule) {
  EXPECT_EQ(concise(analysed("replug: 1\nstepps: []\n")),
            "plan.yaml:1:1: error This plan has no `cluster`.\n"
            "plan.yaml:1:1: error This plan has no `steps`.\n"
            "plan.yaml:2:1: error A plan has no key `stepps`.\n");
}

TEST(Concise, WhatHasNoPlaceIsSaidOfTheWholeFile) {
  auto analysis = with_finding("x");
  analysis.judgement->findings[0].place = {};
  EXPECT_EQ(concise(analysis), "plan.yaml:1:1: warning[no-backup] x\n");
}

TEST(Concise, LeavesOutWhatIsSuppressed) {
  auto analysis = with_finding("There is no backup.");
  analysis.judgement->findings[0].suppressed = true;
  EXPECT_EQ(concise(analysis), "");
  EXPECT_EQ(concise(analysis, true), "plan.yaml:11:10: suppressed warning[no-backup] There is no backup.\n");
}

TEST(Concise, IsOneLineWhateverAMessageSays) {
  EXPECT_EQ(concise(with_finding("a\n::error::b\x1b[2J\u202e ##vso[c]")),
            "plan.yaml:11:10: warning[no-backup] a ::error::b\\u001b[2J\\u202e #\\#vso[c]\n");
  auto named = analysed("replug: 2", "::error file=a::b.yaml");
  EXPECT_THAT(concise(named), StartsWith("\\::error file=a::b.yaml:1:"));
}

}  // namespace
}  // namespace replug::report
