// Each rule fires on its fixtures as the .expected file beside them says, with place and wording, and stays quiet on
// the others.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "planner/reading/planned_step.h"
#include "tests/rules/fixture.h"

namespace replug::tests {
namespace {

std::string place_text(const planner::Place& place) {
  return fmt::format("{}:{}-{}:{}", place.begin().line, place.begin().column, place.end().line, place.end().column);
}

std::string finding_text(const rules::Finding& finding, const planner::Plan& plan) {
  std::string text =
      fmt::format("{} {} {}{}\n  {}\n", to_string(finding.severity), finding.rule->id, place_text(finding.place),
                  finding.step ? fmt::format(" ({})", plan.steps[*finding.step].step.id.view()) : "", finding.message);
  if (!finding.help.empty()) text += fmt::format("  help: {}\n", finding.help);
  for (const planner::Related& related : finding.related)
    text += fmt::format("  {}: {}\n", place_text(related.place), related.message);
  for (const std::string& step : finding.story) text += fmt::format("  story: {}\n", step);
  if (finding.fix) {
    text += fmt::format("  fix{}: {}\n", finding.fix->safe ? " (safe)" : "", finding.fix->title);
    for (const rules::Edit& edit : finding.fix->edits)
      text += fmt::format("    {} -> {}\n", place_text(edit.place), edit.text);
  }
  return text;
}

std::string told_by(const rules::Rule& rule, const analysis::Analysis& analysis) {
  std::string text;
  for (const rules::Finding& finding : analysis.judgement->findings) {
    if (finding.rule == &rule) text += finding_text(finding, analysis.plan());
  }
  for (const rules::NotChecked& not_checked : analysis.judgement->not_checked) {
    if (not_checked.rule == &rule) text += fmt::format("not checked: {}\n", not_checked.why);
  }
  return text;
}

bool fires(const rules::Rule& rule, const analysis::Analysis& analysis) {
  return std::ranges::any_of(analysis.judgement->findings,
                             [&](const rules::Finding& finding) { return finding.rule == &rule; });
}

std::string problems_text(const analysis::Analysis& analysis) {
  std::string text;
  for (const planner::Problem& problem : analysis.reading.problems)
    text += place_text(problem.place) + " " + problem.message + "\n";
  return text;
}

class EachRule : public testing::TestWithParam<const rules::Rule*> {};

TEST_P(EachRule, fires_where_its_fixtures_say) {
  const rules::Rule& rule = *GetParam();
  const auto plans = fixtures_of(rule.id, "fires");
  ASSERT_FALSE(plans.empty()) << "tests/fixtures/rules/" << rule.id << "/fires.yaml is missing";
  for (const auto& plan : plans) {
    const analysis::Analysis analysis = analysed(plan, plan.filename().string());
    ASSERT_TRUE(analysis.judgement) << plan << "\n" << problems_text(analysis);
    EXPECT_TRUE(fires(rule, analysis)) << plan;
    std::filesystem::path expected = plan;
    expected.replace_extension(".expected");
    const std::string text = told_by(rule, analysis);
    if (updates()) std::ofstream(expected) << text;
    EXPECT_EQ(text, slurp(expected)) << plan;
  }
}

TEST_P(EachRule, stays_quiet_on_its_quiet_fixtures) {
  const rules::Rule& rule = *GetParam();
  const auto plans = fixtures_of(rule.id, "quiet");
  EXPECT_GE(plans.size(), 2U) << "two plans in tests/fixtures/rules/" << rule.id
                              << "/quiet*.yaml, one of them the nearest correct one";
  for (const auto& plan : plans) {
    const analysis::Analysis analysis = analysed(plan, plan.filename().string());
    ASSERT_TRUE(analysis.judgement) << plan << "\n" << problems_text(analysis);
    EXPECT_FALSE(fires(rule, analysis)) << plan << "\n" << told_by(rule, analysis);
  }
}

TEST_P(EachRule, its_nearest_correct_plan_is_one_that_works) {
  const rules::Rule& rule = *GetParam();
  const auto plan = fixtures / rule.id / "quiet.yaml";
  const analysis::Analysis analysis = analysed(plan, "quiet.yaml");
  ASSERT_TRUE(analysis.judgement) << plan << "\n" << problems_text(analysis);
  EXPECT_EQ(analysis.forecast->verdict, simulator::Verdict::ok) << plan;
  for (const rules::Finding& finding : analysis.judgement->findings) {
    if (finding.suppressed) continue;
    EXPECT_NE(finding.severity, rules::Severity::error) << plan << "\n" << finding_text(finding, analysis.plan());
  }
}

INSTANTIATE_TEST_SUITE_P(Catalogue, EachRule, testing::ValuesIn(rules::catalogue().begin(), rules::catalogue().end()),
                         [](const auto& rule) {
                           std::string name(rule.param->id);
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace replug::tests
