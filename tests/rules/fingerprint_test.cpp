// A fingerprint says which finding this is, so that a baseline recognizes it after the plan was edited.

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/rules/fixture.h"
#include "tests/rules/judged.h"

namespace replug::tests {
namespace {

std::vector<std::string> fingerprints(const analysis::Analysis& analysis) {
  std::vector<std::string> result;
  if (!analysis.judgement) return result;
  for (const auto& finding : analysis.judgement->findings) {
    if (finding.rule->id == "disable-wipes-data" || finding.rule->id == "step-refused")
      result.push_back(finding.fingerprint);
  }
  return result;
}

std::vector<std::string> fingerprints(const std::string& steps, const std::string& name = "Wipe") {
  return fingerprints(judged(wiping_plan(steps, name)));
}

const std::string wipe_a = "  - disable: {path: a/}\n";
const std::string refused = "  - tune: {path: a/, plugin_version: v9.0.0}\n";

TEST(Fingerprint, StaysWhenLinesMove) {
  EXPECT_EQ(fingerprints("steps:\n" + wipe_a), fingerprints("# a comment\n\nsteps:\n\n\n" + wipe_a));
  EXPECT_EQ(fingerprints("steps:\n" + wipe_a), fingerprints("steps:\n  - {note: moved, disable: {path: a/}}\n"));
}

TEST(Fingerprint, StaysWhenTheFileIsRenamed) {
  EXPECT_EQ(fingerprints(judged(wiping_plan("steps:\n" + wipe_a), {}, {}, "a.yaml")),
            fingerprints(judged(wiping_plan("steps:\n" + wipe_a), {}, {}, "there/b.yaml")));
}

TEST(Fingerprint, StaysWhenStepsAreInsertedElsewhere) {
  const auto before = fingerprints("steps:\n" + refused);
  ASSERT_EQ(before.size(), 1U);
  EXPECT_EQ(before, fingerprints("steps:\n  - backup: {}\n  - backup: {}\n" + refused));
  EXPECT_EQ(before, fingerprints("steps:\n  - tune:\n      # laid out in another way\n      path:           a/\n      "
                                 "plugin_version: 'v9.0.0'\n"));
}

TEST(Fingerprint, IsAnotherForAnotherPlanStepOrSubject) {
  EXPECT_NE(fingerprints("steps:\n" + wipe_a), fingerprints("steps:\n" + wipe_a, "Another plan"));
  EXPECT_NE(fingerprints("steps:\n" + wipe_a), fingerprints("steps:\n  - disable: {path: b/}\n"));
  EXPECT_NE(fingerprints("steps:\n" + refused), fingerprints("steps:\n  - tune: {path: a/, plugin_version: v8.0.0}\n"));
}

TEST(Fingerprint, TellsEqualFindingsApart) {
  const auto all = fingerprints("steps:\n" + refused + refused + refused);
  EXPECT_EQ(all.size(), 3U);
  EXPECT_EQ(std::set(all.begin(), all.end()).size(), 3U);
}

TEST(Fingerprint, UsesTheIdThatAStepWasGiven) {
  const auto named = [](const std::string& id, const std::string& path) {
    return fingerprints("steps:\n  - {id: " + id + ", tune: {path: " + path + ", plugin_version: v9.0.0}}\n");
  };
  EXPECT_EQ(named("there", "a/"), named("there", "b/"));
  EXPECT_NE(named("there", "a/"), named("here", "a/"));
}

/// By rule and fingerprint.
std::multiset<std::string> all_fingerprints(const analysis::Analysis& analysis) {
  std::multiset<std::string> result;
  if (!analysis.judgement) return result;
  for (const auto& finding : analysis.judgement->findings) {
    result.insert(fmt::format("{} {}", finding.rule->id, finding.fingerprint));
  }
  return result;
}

TEST(Fingerprint, OfEveryRuleStaysWhenAStepIsInsertedBefore) {
  std::size_t compared = 0;
  for (const rules::Rule* rule : rules::catalogue()) {
    for (const auto& plan : fixtures_of(rule->id, "fires")) {
      std::string text = slurp(plan);
      const auto steps = text.find("\nsteps:\n");
      if (steps == std::string::npos || text.find("needs:") != std::string::npos) continue;
      const rules::Settings settings{rules::Profile::all, {}};
      const auto read = [&](const std::string& source) {
        return all_fingerprints(analysis::analyse(std::make_shared<planner::Source>("p", source), files_beside(plan),
                                                  settings, analysis::Question::check));
      };
      const auto before = read(text);
      const auto after = read(text.insert(steps + 7, "\n  - note: inserted\n    check: []"));
      EXPECT_TRUE(std::ranges::includes(after, before)) << plan << ": does its subject have the number of a step?";
      ++compared;
    }
  }
  EXPECT_GT(compared, 10U);
}

}  // namespace
}  // namespace replug::tests
