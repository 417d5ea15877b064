// Which fixes are offered, and how edits are applied.

#include "analysis/fixes.h"

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

TEST(TryFixes, OffersWhatItDidNotTryAsUnsafe) {
  std::string large = plan;
  for (std::size_t i = 0; i < FixLimits::steps; ++i) large += "  - request: {path: a/x}\n";
  const auto fix = tried("v9.0.0", "v8.0.0", large);
  ASSERT_TRUE(fix);
  EXPECT_FALSE(fix->safe);
  EXPECT_EQ(fix->title, "Repair (not tried out: the plan has more than 2000 steps)");
}

TEST(TryFixes, TriesOnlySomeOfVeryMany) {
  std::string many = plan;
  for (std::size_t i = 0; i < FixLimits::trials + 4; ++i) many += "  - tune: {path: a/, plugin_version: v9.0.0}\n";
  auto analysis = analysed(many);
  std::size_t offered = 0;
  for (auto& finding : analysis.judgement->findings) {
    if (finding.rule->id != "step-refused") continue;
    const auto line = finding.place.source->line_begin(finding.place.begin().line);
    const auto begin = static_cast<std::uint32_t>(many.find("v9.0.0", line));
    finding.fix = rules::Fix{"Repair", true, {edit(*finding.place.source, begin, begin + 6, "v1.0.0")}};
  }
  try_fixes(analysis, no_file, {});
  for (const auto& finding : analysis.judgement->findings) {
    if (finding.fix && !finding.fix->safe) {
      ++offered;
      EXPECT_EQ(finding.fix->title, "Repair (not tried out: 20 others were)");
    }
  }
  EXPECT_EQ(offered, 5U);
}

}  // namespace
}  // namespace replug::analysis
