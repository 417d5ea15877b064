// What `.replug.yaml` says, and which of several voices counts.

#include "rules/judging/configuration.h"

#include <memory>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "rules/judging/glob.h"

namespace replug::rules {
namespace {

struct Read {
  std::shared_ptr<planner::Source> source;
  Configuration configuration;
  std::string problems;  ///< `3:5 What is wrong. What to do.`, one a line
};

Read read(std::string text) {
  Read result{std::make_shared<planner::Source>(".replug.yaml", std::move(text)), {}, ""};
  planner::Problems problems;
  result.configuration = read_configuration(*result.source, problems);
  for (const auto& problem : problems) {
    const auto begin = problem.place.begin();
    result.problems += fmt::format("{}:{} {} {}\n", begin.line, begin.column, problem.message, problem.help);
  }
  return result;
}

/// `error by .replug.yaml:3 for plans/**`, or `off by default`.
std::string decision(const Effective& effective, std::string_view rule) {
  for (const auto& one : effective.rules) {
    if (one.rule->id != rule) continue;
    std::string text(one.severity ? to_string(*one.severity) : "off");
    if (one.origin.kind == Origin::Kind::standard) return text + " by default";
    if (one.origin.kind == Origin::Kind::flag) return text + " by a flag";
    text += fmt::format(" by line {}", one.origin.place.begin().line);
    return one.origin.pattern.empty() ? text : text + " for " + one.origin.pattern;
  }
  return "no such rule";
}

constexpr std::string_view whole = R"(profile: strict
rules:
  immutable-version: off
  step-refused: note
paths:
  "plans/legacy/**":
    immutable-version: warning
  "plans/legacy/new/*":
    immutable-version: error
)";

TEST(Configuration, TheLastPathThatFitsComesBeforeTheRules) {
  const auto file = read(std::string(whole));
  ASSERT_EQ(file.problems, "");
  const auto at = [&](std::string_view path) {
    return decision(effective(file.configuration, path, {}), "immutable-version");
  };
  EXPECT_EQ(at("plans/upgrade.yaml"), "off by line 3");
  EXPECT_EQ(at("plans/legacy/a/b.yaml"), "warning by line 7 for plans/legacy/**");
  EXPECT_EQ(at("plans/legacy/new/b.yaml"), "error by line 9 for plans/legacy/new/*");
  EXPECT_EQ(at(""), "off by line 3") << "a plan from standard input is in no folder";
}

TEST(Configuration, FlagsComeBeforeEverything) {
  const auto file = read(std::string(whole));
  Flags flags;
  flags.profile = Profile::all;
  flags.rules = {{find_rule("immutable-version"), Severity::note, {}},
                 {find_rule("immutable-version"), std::nullopt, {}}};
  const auto result = effective(file.configuration, "plans/legacy/a.yaml", flags);
  EXPECT_EQ(result.profile, Profile::all);
  EXPECT_EQ(result.profile_origin.kind, Origin::Kind::flag);
  EXPECT_EQ(decision(result, "immutable-version"), "off by a flag") << "the later one counts";
  EXPECT_EQ(decision(result, "step-refused"), "note by line 4");
}

TEST(Configuration, WithoutAFileEverythingIsByDefault) {
  const auto result = effective({}, "plan.yaml", {});
  EXPECT_EQ(result.profile, Profile::standard);
  EXPECT_EQ(decision(result, "step-refused"), "error by default");
  for (const auto& one : result.rules)
    EXPECT_EQ(one.severity.has_value(), one.rule->profile == Profile::standard) << one.rule->id;
  EXPECT_TRUE(result.settings().severities.empty());
}

TEST(Configuration, BecomesTheSettingsOfTheJudge) {
  const auto file = read(std::string(whole));
  const auto settings = effective(file.configuration, "plans/legacy/a.yaml", {}).settings();
  EXPECT_EQ(settings.profile, Profile::strict);
  EXPECT_EQ(settings.severities.size(), 2U);
  EXPECT_EQ(settings.severities.at("immutable-version"), Severity::warning);
}

TEST(Configuration, TellsEveryMistakeWithItsPlace) {
  EXPECT_EQ(
      read(
          "profil: strict\nrules:\n  imutable-version: off\n  step-refused: warn\n  meant-to-fail: [note]\n  xyz: no\n")
          .problems,
      "1:1 The configuration has no key `profil`. Did you mean `profile`?\n"
      "3:3 There is no rule `imutable-version`. Did you mean `immutable-version`?\n"
      "4:17 There is no severity `warn`. It is one of `off`, `note`, `warning`, `error`.\n"
      "5:18 A severity must be a word. It is one of `off`, `note`, `warning`, `error`.\n"
      "6:3 There is no rule `xyz`. `replug rules` lists them.\n"
      "6:8 There is no severity `no`. It is one of `off`, `note`, `warning`, `error`.\n");
  EXPECT_EQ(read("profile: strickt\npaths: {/plans/**: {step-refused: off}}\n").problems,
            "1:10 There is no profile `strickt`. Did you mean `strict`?\n"
            "2:9 The pattern `/plans/**` fits no plan. Patterns are relative to the folder of this file: "
            "`plans/legacy/**`.\n");
  EXPECT_EQ(
      read("- a\n").problems,
      "1:1 The configuration must be a mapping. Write `KEY: VALUE` lines; `replug config` shows what they come to.\n");
  EXPECT_EQ(read("rules:\npaths: x\n").problems,
            "1:6 `rules` must be a mapping. Write `KEY: VALUE` lines; `replug config` shows what they come to.\n"
            "2:8 `paths` must be a mapping. Write `KEY: VALUE` lines; `replug config` shows what they come to.\n");
  EXPECT_EQ(read("rules: {step-refused: off, step-refused: note}\n").problems,
            "1:28 The key \"step-refused\" is written twice. Remove one of the two, or rename it.\n");
}

TEST(Configuration, AnEmptyFileSaysNothing) {
  EXPECT_EQ(read("").problems, "");
  EXPECT_EQ(read("\n").problems, "");
}

TEST(Glob, StarsAndQuestionMarksStayInAName) {
  EXPECT_TRUE(matches_path("plans/*.yaml", "plans/a.yaml"));
  EXPECT_FALSE(matches_path("plans/*.yaml", "plans/b/a.yaml"));
  EXPECT_FALSE(matches_path("*", "plans/a.yaml"));
  EXPECT_TRUE(matches_path("plans/?.yaml", "plans/ä.yaml")) << "a character, not a byte";
  EXPECT_FALSE(matches_path("plans?a.yaml", "plans/a.yaml"));
  EXPECT_TRUE(matches_path("*a*a*b", "aaaab"));
}

TEST(Glob, TwoStarsGoThroughFolders) {
  EXPECT_TRUE(matches_path("plans/**", "plans/a/b.yaml"));
  EXPECT_FALSE(matches_path("plans/**", "plan/a.yaml"));
  EXPECT_TRUE(matches_path("**/a.yaml", "a.yaml"));
  EXPECT_TRUE(matches_path("**/a.yaml", "x/y/a.yaml"));
  EXPECT_FALSE(matches_path("**/a.yaml", "x/ba.yaml"));
  EXPECT_TRUE(matches_path("x/**/a.yaml", "x/a.yaml"));
  EXPECT_TRUE(matches_path("x/**/a.yaml", "x/1/2/a.yaml"));
  EXPECT_FALSE(matches_path("x/**/a.yaml", "xx/a.yaml"));
  EXPECT_TRUE(matches_path("**", "any/thing"));
}

TEST(Glob, EverythingElseIsItself) {
  EXPECT_TRUE(matches_path("a[1].yaml", "a[1].yaml"));
  EXPECT_FALSE(matches_path("a.yaml", "axyaml"));
  EXPECT_FALSE(matches_path("a", "a/"));
  EXPECT_FALSE(matches_path("", "a"));
  EXPECT_TRUE(matches_path("", ""));
}

TEST(Glob, HostilePatternsTakeNoMoreThanTheirLength) {
  std::string pattern;
  for (int i = 0; i < 500; ++i) pattern += "*a**/";
  EXPECT_FALSE(matches_path(pattern + "b", std::string(2000, 'a')));
}

}  // namespace
}  // namespace replug::rules
