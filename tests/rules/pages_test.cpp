// docs/rules/ID.md is made from the rule's own words and its first fixtures, so that page, `replug explain` and
// behaviour cannot differ.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "report/text/text.h"
#include "tests/rules/fixture.h"

namespace replug::tests {
namespace {

std::string block(std::string_view language, std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return fmt::format("```{}\n{}\n```\n", language, text);
}

std::string_view profile_words(rules::Profile profile) {
  switch (profile) {
    case rules::Profile::standard:
      return "default";
    case rules::Profile::strict:
      return "strict";
    case rules::Profile::all:
      return "all";
  }
  return "";
}

std::string output_of(const rules::Rule& rule, const std::filesystem::path& plan) {
  analysis::Analysis analysis = analysed(plan, "plan.yaml");
  std::erase_if(analysis.judgement->findings, [&](const rules::Finding& finding) { return finding.rule != &rule; });
  analysis.judgement->not_checked.clear();
  return report::write_text(report::account_of({&analysis, 1}, analysis::Question::lint), {});
}

std::string page_of(const rules::Rule& rule) {
  const auto folder = fixtures / rule.id;
  std::string page =
      fmt::format("# {}\n\n{}.\n\nSeverity: {} · profile: {} · family: {}\n\n## Why\n\n{}\n\nSee {}", rule.id,
                  rule.summary, to_string(rule.severity), profile_words(rule.profile), rule.family, rule.why, rule.url);
  if (!rule.incident.empty()) page += fmt::format("\nIt happened: {}", rule.incident);
  page += "\n\n## A plan that it fires on\n\n" + block("yaml", slurp(folder / "fires.yaml"));
  page += "\nWhat `replug lint plan.yaml --profile all` says of it (this rule only):\n\n" +
          block("text", output_of(rule, folder / "fires.yaml"));
  page += "\n## The plan repaired\n\n" + block("yaml", slurp(folder / "quiet.yaml"));
  return page;
}

class EachPage : public testing::TestWithParam<const rules::Rule*> {};

TEST_P(EachPage, says_what_the_rule_says_and_does) {
  const rules::Rule& rule = *GetParam();
  ASSERT_TRUE(std::filesystem::exists(fixtures / rule.id / "fires.yaml"));
  const auto file = source_dir / "docs/rules" / fmt::format("{}.md", rule.id);
  const std::string page = page_of(rule);
  if (updates()) std::ofstream(file) << page;
  EXPECT_EQ(page, slurp(file)) << "REPLUG_UPDATE=1 writes it anew";
}

std::string index_page() {
  std::string page = "# The rules\n\nMade from the catalogue, by family. `replug explain RULE` prints a page.\n";
  std::vector<std::string_view> families;
  for (const rules::Rule* rule : rules::catalogue()) {
    if (std::ranges::find(families, rule->family) == families.end()) families.push_back(rule->family);
  }
  for (const std::string_view family : families) {
    page += fmt::format("\n## {}\n\n| rule | severity | profile | it fires when |\n|---|---|---|---|\n", family);
    for (const rules::Rule* rule : rules::catalogue()) {
      if (rule->family != family) continue;
      page += fmt::format("| [{0}]({0}.md) | {1} | {2} | {3} |\n", rule->id, to_string(rule->severity),
                          profile_words(rule->profile), rule->summary);
    }
  }
  return page;
}

TEST(Pages, the_index_lists_every_rule) {
  const auto file = source_dir / "docs/rules/README.md";
  const std::string page = index_page();
  if (updates()) std::ofstream(file) << page;
  EXPECT_EQ(page, slurp(file)) << "REPLUG_UPDATE=1 writes it anew";
}

// All messages of all rules in one file, to be read from top to bottom as one text: same words for same things.
TEST(Wording, every_message_stands_in_one_file) {
  std::string all;
  for (const rules::Rule* rule : rules::catalogue()) {
    all += fmt::format("# {}: {}\n  why: {}\n", rule->id, rule->summary, rule->why);
    for (const auto& plan : fixtures_of(rule->id, "fires")) {
      std::filesystem::path expected = plan;
      all += slurp(expected.replace_extension(".expected"));
    }
    all += "\n";
  }
  const auto file = source_dir / "tests/fixtures/wording.txt";
  if (updates()) std::ofstream(file) << all;
  EXPECT_EQ(all, slurp(file))
      << "REPLUG_UPDATE=1 writes it anew (run it twice: the fixtures' expected files are written first)";
}

TEST(Pages, no_page_is_left_of_a_rule_that_is_gone) {
  for (const auto& entry : std::filesystem::directory_iterator(source_dir / "docs/rules")) {
    const std::string id = entry.path().stem().string();
    EXPECT_TRUE(id == "README" || rules::find_rule(id) != nullptr) << entry.path();
  }
  for (const auto& entry : std::filesystem::directory_iterator(fixtures)) {
    EXPECT_NE(rules::find_rule(entry.path().filename().string()), nullptr) << entry.path();
  }
}

TEST(Catalogue, every_file_of_a_rule_is_listed_under_its_name) {
  const std::string listed = slurp(source_dir / "rules/judging/catalogue.def");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(source_dir / "rules")) {
    if (!entry.is_regular_file() || slurp(entry.path()).find("constinit const Rule ") == std::string::npos) continue;
    EXPECT_NE(listed.find(fmt::format("RULE({})", entry.path().stem().string())), std::string::npos) << entry.path();
  }
  for (const rules::Rule* rule : rules::catalogue()) {
    std::string name(rule->id);
    std::ranges::replace(name, '-', '_');
    EXPECT_NE(listed.find(fmt::format("RULE({})", name)), std::string::npos) << rule->id;
    std::string folder(rule->family);
    std::ranges::replace(folder, '-', '_');
    EXPECT_TRUE(std::filesystem::exists(source_dir / "rules" / folder / (name + ".cpp")))
        << rule->id << ": its file stands in the folder of its family";
  }
}

TEST(Catalogue, every_rule_says_what_it_is_about_in_plain_sentences) {
  for (const rules::Rule* rule : rules::catalogue()) {
    EXPECT_FALSE(rule->summary.empty() || rule->summary.back() == '.')
        << rule->id << ": the summary is a sentence without its full stop";
    EXPECT_TRUE(rule->why.ends_with('.')) << rule->id;
    EXPECT_TRUE(rule->url.starts_with("https://")) << rule->id;
    EXPECT_FALSE(rule->family.empty()) << rule->id;
  }
}

INSTANTIATE_TEST_SUITE_P(Catalogue, EachPage, testing::ValuesIn(rules::catalogue().begin(), rules::catalogue().end()),
                         [](const auto& rule) {
                           std::string name(rule.param->id);
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace replug::tests
