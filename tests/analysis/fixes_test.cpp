// Which fixes are offered, and how edits are applied.

#include "analysis/fixes.h"

#include <algorithm>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/pipeline.h"
#include "rules/judging/rule.h"

namespace replug::analysis {
namespace {

using planner::Source;
using rules::Edit;

Edit edit(const Source& source, std::uint32_t begin, std::uint32_t end, std::string text) {
  return {{&source, {begin, end}}, std::move(text)};
}

TEST(EditSet, AppliesEditsInTheOrderOfTheText) {
  const Source source("p", "0123456789");
  EditSet edits(source);
  const std::vector<Edit> all{edit(source, 8, 9, "B"), edit(source, 2, 4, "A"), edit(source, 10, 10, "!")};
  EXPECT_TRUE(edits.add(all));
  EXPECT_EQ(edits.applied(), "01A4567B9!");
}

TEST(EditSet, TakesAllEditsOfAFixOrNone) {
  const Source source("p", "0123456789");
  EditSet edits(source);
  EXPECT_TRUE(edits.add(std::vector<Edit>{edit(source, 2, 4, "A")}));
  EXPECT_FALSE(edits.add(std::vector<Edit>{edit(source, 6, 7, "B"), edit(source, 3, 5, "C")}));
  EXPECT_TRUE(edits.add(std::vector<Edit>{edit(source, 4, 5, "D")})) << "beside each other";
  EXPECT_EQ(edits.applied(), "01AD56789");
}

TEST(EditSet, TakesNoInsertionThatTouchesAnother) {
  const Source source("p", "0123456789");
  EditSet edits(source);
  EXPECT_TRUE(edits.add(std::vector<Edit>{edit(source, 2, 2, "A")}));
  EXPECT_FALSE(edits.add(std::vector<Edit>{edit(source, 2, 2, "A")})) << "two findings with the same repair";
  EXPECT_FALSE(edits.add(std::vector<Edit>{edit(source, 2, 3, "B")}));
  EXPECT_EQ(edits.applied(), "01A23456789");
}

TEST(EditSet, TakesNoEditOfAnotherTextOrBeyondIt) {
  const Source source("p", "0123456789");
  const Source other("q", "0123456789");
  EditSet edits(source);
  EXPECT_FALSE(edits.add(std::vector<Edit>{edit(other, 2, 3, "A")}));
  EXPECT_FALSE(edits.add(std::vector<Edit>{edit(source, 9, 11, "A")}));
  EXPECT_FALSE(edits.add(std::vector<Edit>{edit(source, 5, 4, "A")}));
  EXPECT_TRUE(edits.empty());
}

const std::string plan =
    "replug: 1\n"
    "cluster: {server: {product: vault, version: 1.16.3}, nodes: {v0: {role: active}},\n"
    "  catalog: [{type: secret, name: p, version: v1.0.0, sha256: 5b6d, command: p}],\n"
    "  secrets: {a/: {type: p, plugin_version: v1.0.0}}}\n"
    "steps:\n"
    "  - tune: {path: a/, plugin_version: v9.0.0}\n";

planner::FileAnswer no_file(const std::string&, const std::string& path) {
  return {std::nullopt, path, "no such file"};
}

Analysis analysed(const std::string& text) {
  return analyse_once(std::make_shared<Source>("p", text), no_file, {}, Question::lint);
}

/// What is left of a safe fix that puts `text` in place of `part` of the plan, on its refused step.
std::optional<rules::Fix> tried(const std::string& part, const std::string& text, const std::string& of = plan) {
  auto analysis = analysed(of);
  auto& finding = analysis.judgement->findings.front();
  EXPECT_EQ(finding.rule->id, "step-refused");
  const auto begin = static_cast<std::uint32_t>(of.rfind(part));
  const auto end = static_cast<std::uint32_t>(begin + part.size());
  finding.fix = rules::Fix{"Repair", true, {edit(*analysis.reading.sources.front(), begin, end, text)}};
  try_fixes(analysis, no_file, {});
  return finding.fix;
}

TEST(TryFixes, KeepsAFixThatHelps) {
  const auto fix = tried("v9.0.0", "v1.0.0");
  ASSERT_TRUE(fix);
  EXPECT_TRUE(fix->safe);
}

TEST(TryFixes, TakesAwayWhatDoesNotHelpOrDoesHarm) {
  EXPECT_FALSE(tried("v9.0.0", "v8.0.0")) << "refused as before";
  EXPECT_FALSE(tried("v9.0.0", "[")) << "no plan any more";
  EXPECT_FALSE(tried("tune: {path: a/, plugin_version: v9.0.0}", "disable: {path: a/}")) << "another error instead";
  EXPECT_FALSE(tried("v9.0.0", "v9.0.0")) << "nothing changed";
}

/// The plan with that many more tunes to a version that is not there, on a cluster that lies in another file. A repair
/// is offered for each: to what the function says for its number.
struct Repaired {
  Analysis analysis;
  std::size_t trials = 0;
  std::size_t safe = 0, unsafe = 0;
};
template <class TextFor>
Repaired repaired(std::size_t tunes, std::size_t requests, const TextFor& text_for) {
  const auto cluster = plan.find("cluster:");
  const auto steps = plan.find("steps:");
  const auto cluster_file = "replug: 1\n" + plan.substr(cluster, steps - cluster);
  std::string text = "replug: 1\ncluster: cluster.yaml\nsteps:\n";
  for (std::size_t i = 0; i < requests; ++i) text += "  - request: {path: a/x}\n";
  for (std::size_t i = 0; i < tunes; ++i) text += "  - tune: {path: a/, plugin_version: v9.0.0}\n";
  std::size_t analyses = 0;
  const auto files = [&](const std::string&, const std::string& path) {
    ++analyses;
    return planner::FileAnswer{cluster_file, path, ""};
  };
  Repaired result;
  result.analysis = analyse_once(std::make_shared<Source>("p", text), files, {}, Question::lint);
  std::size_t number = 0;
  for (auto& finding : result.analysis.judgement->findings) {
    if (finding.rule->id != "step-refused") continue;
    const auto begin = static_cast<std::uint32_t>(text.find("v9.0.0", finding.place.span.begin));
    finding.fix = rules::Fix{"Repair", true, {edit(*finding.place.source, begin, begin + 6, text_for(number++))}};
  }
  EXPECT_EQ(number, tunes);
  analyses = 0;
  try_fixes(result.analysis, files, {});
  result.trials = analyses;
  for (const auto& finding : result.analysis.judgement->findings) {
    if (finding.rule->id == "step-refused" && finding.fix) ++(finding.fix->safe ? result.safe : result.unsafe);
  }
  return result;
}

std::string right(std::size_t /*number*/) { return "v1.0.0"; }
std::string wrong(std::size_t /*number*/) { return "v8.0.0"; }

TEST(TryFixes, TriesThoseTogetherThatDoNotTouchEachOther) {
  for (const std::size_t requests : {0U, 1'900U, 2'100U}) {
    const auto result = repaired(30, requests, right);
    EXPECT_EQ(result.trials, 1U) << requests;
    EXPECT_EQ(result.safe, 30U) << requests;
  }
}

TEST(TryFixes, FindsTheOneThatDoesNotHelpAmongThoseThatDo) {
  const auto result = repaired(8, 0, [](std::size_t number) { return number == 5 ? "v8.0.0" : "v1.0.0"; });
  EXPECT_EQ(result.safe, 7U);
  EXPECT_EQ(result.unsafe, 0U);
}

TEST(TryFixes, DoesNotLetHarmHideBehindGood) {
  // Together the two are better than nothing: two errors are mended, and the second repair brings one.
  const std::string harmful = "v1.0.0}\n  - tune: {path: b/, plugin_version: v1.0.0";
  const auto result = repaired(2, 0, [&](std::size_t number) { return number == 1 ? harmful : "v1.0.0"; });
  EXPECT_EQ(result.safe, 1U);
  EXPECT_EQ(result.unsafe, 0U);
}

TEST(TryFixes, CostsAFewAnalysesOfALargePlanAndOffersTheRestAsUnsafe) {
  for (const std::size_t requests : {1'900U, 2'100U}) {
    const auto result = repaired(16, requests, wrong);
    EXPECT_EQ(result.trials, FixLimits::trials) << requests;
    EXPECT_EQ(result.safe, 0U) << requests;
    EXPECT_EQ(result.unsafe, 16U) << requests;
    const auto& findings = result.analysis.judgement->findings;
    const auto unsafe = std::ranges::find_if(findings, [](const auto& finding) { return finding.fix.has_value(); });
    ASSERT_NE(unsafe, findings.end());
    EXPECT_EQ(unsafe->fix->title, "Repair (not tried out: there are too many for a plan of this size)");
  }
}

TEST(TryFixes, TriesTheSameFixOnce) {
  auto analysis = analysed(plan + "  - tune: {path: a/, plugin_version: v9.0.0}\n");
  const auto& source = *analysis.reading.sources.front();
  const auto begin = static_cast<std::uint32_t>(plan.rfind("v9.0.0"));
  for (auto& finding : analysis.judgement->findings) {
    if (finding.rule->id == "step-refused")
      finding.fix = rules::Fix{"Repair", true, {edit(source, begin, begin + 6, "v1.0.0")}};
  }
  try_fixes(analysis, no_file, {});
  for (const auto& finding : analysis.judgement->findings) {
    EXPECT_EQ(finding.fix.has_value(), finding.rule->id == "step-refused") << "it mends one of the two";
  }
}

TEST(TryFixes, MayCostMoreForASmallPlan) {
  EXPECT_EQ(trials_for(0), FixLimits::bytes);
  EXPECT_EQ(trials_for(2'000), 50U);
  EXPECT_EQ(trials_for(1'000'000), FixLimits::trials);
}

}  // namespace
}  // namespace replug::analysis
