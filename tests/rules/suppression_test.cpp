// What a plan may say about its own findings, and how far that reaches.

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/rules/judged.h"

namespace replug::tests {
namespace {

/// What becomes of the findings of disable-wipes-data and of the suppressions themselves.
std::string outcome(const std::string& steps, const rules::Settings& settings = {}) {
  const auto analysis = judged(wiping_plan(steps), settings);
  if (!analysis.judgement) return findings_of(analysis, "");
  return findings_of(analysis, "disable-wipes-data") + findings_of(analysis, "suppression");
}

TEST(Suppression, StandsOnTheLineOrRightAbove) {
  EXPECT_EQ(outcome("steps:\n  - disable: {path: a/} # replug: allow disable-wipes-data: empty\n"),
            "7 disable-wipes-data (empty)\n");
  EXPECT_EQ(outcome("steps:\n# replug: allow disable-wipes-data: empty\n  - disable: {path: a/}\n"),
            "8 disable-wipes-data (empty)\n");
  EXPECT_EQ(
      outcome("steps:\n# replug: allow disable-wipes-data: empty\n# for years\n  # now\n  - disable: {path: a/}\n"),
      "10 disable-wipes-data (empty)\n")
      << "further comments between them";
}

TEST(Suppression, ReachesNoFurther) {
  const std::string fires = "8 disable-wipes-data\n7 unused-suppression\n";
  EXPECT_EQ(outcome("steps: # replug: allow disable-wipes-data: empty\n  - note: x\n    disable: {path: a/}\n"),
            "8 disable-wipes-data\n6 unused-suppression\n");
  EXPECT_EQ(outcome("steps:\n# replug: allow disable-wipes-data: empty\n\n  - disable: {path: a/}\n"),
            "9 disable-wipes-data\n7 unused-suppression\n")
      << "an empty line between them";
  EXPECT_EQ(
      outcome("steps:\n  - disable: {path: a/} # replug: allow disable-wipes-data: empty\n  - disable: {path: b/}\n"),
      "7 disable-wipes-data (empty)\n8 disable-wipes-data\n")
      << "behind a step it is not for the next one";
}

TEST(Suppression, NamesOneRuleOrSeveral) {
  EXPECT_EQ(
      outcome("steps:\n# replug: allow no-such-rule, disable-wipes-data ,immutable-version: a reason: with colons\n"
              "  - disable: {path: a/}\n"),
      "8 disable-wipes-data (a reason: with colons)\n7 suppression-of-unknown-rule\n7 unused-suppression\n");
}

TEST(Suppression, OfAnotherRuleDoesNothing) {
  EXPECT_EQ(outcome("steps:\n# replug: allow immutable-version: new\n  - disable: {path: a/}\n"),
            "8 disable-wipes-data\n7 unused-suppression\n");
}

TEST(Suppression, WithoutAReasonDoesNothing) {
  for (const std::string end : {"", ":", ":   ", " because it is empty"}) {
    EXPECT_EQ(outcome("steps:\n# replug: allow disable-wipes-data" + end + "\n  - disable: {path: a/}\n"),
              "8 disable-wipes-data\n7 suppression-without-reason\n")
        << end;
  }
}

TEST(Suppression, WithoutARuleIsToldSo) {
  EXPECT_EQ(outcome("steps:\n# replug: allow: empty\n  - disable: {path: a/}\n"),
            "8 disable-wipes-data\n7 suppression-of-unknown-rule\n");
  EXPECT_EQ(outcome("steps:\n# replug: allow\n  - disable: {path: a/}\n"),
            "8 disable-wipes-data\n7 suppression-of-unknown-rule\n");
}

TEST(Suppression, IsNothingElseThatACommentSays) {
  for (const std::string comment :
       {"# replug: 1", "# replug: allowed disable-wipes-data: x", "# see replug: allow disable-wipes-data: x",
        "# allow disable-wipes-data: x", "# Replug: allow disable-wipes-data: x"}) {
    EXPECT_EQ(outcome("steps:\n" + comment + "\n  - disable: {path: a/}\n"), "8 disable-wipes-data\n") << comment;
  }
}

TEST(Suppression, IsNothingThatStandsInAText) {
  EXPECT_EQ(outcome("steps:\n  - note: |\n      # replug: allow disable-wipes-data: x\n    disable: {path: a/}\n"),
            "9 disable-wipes-data\n");
  EXPECT_EQ(outcome("steps:\n  - {disable: {path: a/}, note: \"x # replug: allow disable-wipes-data: x\"}\n"),
            "7 disable-wipes-data\n");
}

TEST(Suppression, InTheListIsForThePlanOrAStep) {
  const std::string steps = "steps:\n  - {disable: {path: a/}}\n  - {id: second, disable: {path: b/}}\n";
  EXPECT_EQ(outcome("allow: [{rule: disable-wipes-data, reason: empty}]\n" + steps),
            "8 disable-wipes-data (empty)\n9 disable-wipes-data (empty)\n");
  EXPECT_EQ(outcome("allow: [{rule: disable-wipes-data, reason: empty, step: second}]\n" + steps),
            "8 disable-wipes-data\n9 disable-wipes-data (empty)\n");
  EXPECT_EQ(outcome("allow: [{rule: disable-wipes-data, reason: empty, step: step-1}]\n" + steps),
            "8 disable-wipes-data (empty)\n9 disable-wipes-data\n");
  EXPECT_EQ(outcome("allow: [{rule: disable-wipes-data, reason: ' '}]\n" + steps),
            "8 disable-wipes-data\n9 disable-wipes-data\n6 suppression-without-reason\n");
}

TEST(Suppression, SeveralForTheSameFindingsAreAllOfUse) {
  std::string allow = "allow:";
  std::string steps = "steps:\n";
  std::string expected;
  for (int i = 0; i < 40; ++i) {
    allow += fmt::format("\n  - {{rule: disable-wipes-data, reason: reason {}}}", i);
    steps += fmt::format("  - disable: {{path: {}/}}\n", i % 2 == 0 ? "a" : "b");
  }
  for (const int line : {48, 49}) expected += fmt::format("{} disable-wipes-data (reason 0)\n", line);
  EXPECT_EQ(outcome(allow + "\n" + steps), expected);
}

TEST(Suppression, InTheListIsReadStrictly) {
  const std::string steps = "steps:\n  - {disable: {path: a/}}\n";
  EXPECT_EQ(outcome("allow: [{rule: disable-wipes-data, reason: x, stepp: step-1}]\n" + steps),
            "problem: An item of `allow` has no key `stepp`.\n");
  EXPECT_EQ(outcome("allow: [{rule: disable-wipes-data, reason: x, step: step-9}]\n" + steps),
            "problem: There is no step `step-9`.\n");
  EXPECT_EQ(outcome("allow: [{reason: x}]\n" + steps), "problem: An item of `allow` has no `rule`.\n");
  EXPECT_EQ(outcome("allow: disable-wipes-data\n" + steps), "problem: `allow` must be a list, not a text.\n");
}

TEST(Suppression, OfARuleThatIsNotAskedIsNotUnused) {
  rules::Settings settings;
  settings.severities["immutable-version"] = std::nullopt;
  EXPECT_EQ(outcome("allow: [{rule: immutable-version, reason: x}]\nsteps: []\n", settings), "");
  EXPECT_EQ(outcome("allow: [{rule: immutable-version, reason: x}]\nsteps: []\n"), "6 unused-suppression\n");
}

TEST(Suppression, CannotSuppressWhatIsSaidOfSuppressions) {
  EXPECT_EQ(outcome("allow: [{rule: unused-suppression, reason: x}]\nsteps: []\n"), "6 unused-suppression\n");
}

TEST(Suppression, InAClusterFileIsForFindingsThereAndNeverUnused) {
  const std::string plan = "replug: 1\ncluster: c.yaml\nsteps: []\n";
  const std::string cluster =
      "replug: 1\ncluster: # replug: allow disable-wipes-data: other plans do\n  server: {product: vault, version: "
      "1.16.3}\n"
      "  nodes: {v0: {role: active}}\n";
  EXPECT_EQ(findings_of(judged(plan, {}, {{"c.yaml", cluster}}), "suppression"), "");
}

TEST(Suppression, OfManyLinesTakesNoLongerThanTheyAre) {
  std::string steps = "steps:\n";
  for (int i = 0; i < 100'000; ++i) steps += "# replug: allow disable-wipes-data: empty\n";
  steps += "  - disable: {path: a/}\n";
  EXPECT_EQ(outcome(steps), "100007 disable-wipes-data (empty)\n");
}

}  // namespace
}  // namespace replug::tests
