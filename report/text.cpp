#include "report/text.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analysis/summary.h"
#include "planner/reading/planned_step.h"
#include "report/columns.h"
#include "report/report.h"
#include "rules/judging/rule.h"

namespace replug::report {
namespace {

/// `vault-0 active, vault-1 standby`; the role once for neighbours that share it would save space, but not thinking.
std::string nodes_of(const simulator::ClusterDescription& cluster) {
  constexpr std::size_t most = 12;
  std::vector<std::string> nodes;
  for (const auto& node : cluster.nodes) {
    if (nodes.size() == most) break;
    const auto role = node.role == simulator::Role::active    ? "active"
                      : node.role == simulator::Role::standby ? "standby"
                                                              : "performance standby";
    const auto replica = node.replica.empty() ? "" : " of " + one_line(node.replica.view());
    nodes.push_back(fmt::format("{} {}{}", one_line(node.name.view()), role, replica));
  }
  const auto left = cluster.nodes.size() - nodes.size();
  return fmt::format("{}{}", fmt::join(nodes, ", "),
                     left == 0 ? "" : fmt::format(" and {} more", with_thousands(left)));
}

void write_heading(Page& page, const Analysis& analysis) {
  const auto& plan = analysis.plan();
  const auto file = one_line(analysis.file);
  page.gap();
  page.paragraph("", plan.name.empty() ? file : one_line(plan.name.view()), Ink::strong);
  if (!plan.name.empty()) page.paragraph("  plan     ", file);
  page.paragraph("  cluster  ", fmt::format("{}: {}", to_string(plan.cluster.server), nodes_of(plan.cluster)));
}

void write_list(Page& page, std::string_view title, const std::vector<std::string>& items) {
  if (items.empty()) return;
  page.gap();
  page.line(page.painted(Ink::strong, title));
  for (const auto& item : items) page.paragraph("  - ", one_line(item));
}

/// The plan's own expectations: how many hold, and each that does not.
void write_expectations(Page& page, const Analysis& analysis) {
  const auto& forecast = *analysis.forecast;
  const auto claims = judged_claims(analysis.plan(), forecast);
  if (claims.empty()) return;
  const auto holding = std::ranges::count_if(claims, [](const auto& claim) { return claim.result->holds; });
  page.gap();
  page.line(page.painted(Ink::strong, "Expected at the end") + fmt::format(": {} of {} hold", holding, claims.size()));
  for (const auto& claim : claims) {
    if (!claim.result->holds) write_claim(page, "  ", *forecast.world, claim);
  }
}

/// On what the forecast rests, and what it does not know.
void write_limits(Page& page, const Analysis& analysis) {
  const auto& forecast = *analysis.forecast;
  std::vector<std::string> not_modelled;
  for (const auto& step : forecast.steps) {
    for (const auto& what : step.not_modelled) {
      not_modelled.push_back(fmt::format("{}: {}", analysis.plan().steps[step.step].step.id.view(), what));
    }
  }
  write_list(page, "Assumed", forecast.assumed);
  write_list(page, "Not modelled", not_modelled);
}

void write_not_checked(Page& page, const Analysis& analysis) {
  std::vector<std::string> rules;
  for (const auto& rule : analysis.judgement->not_checked)
    rules.push_back(fmt::format("{}: {}", rule.rule->id, rule.why));
  write_list(page, "Not checked", rules);
}

void write_analysis(Page& page, const Analysis& analysis, const Options& options) {
  const bool tells_forecast = options.question != Question::lint && !options.quiet && analysis.forecast;
  write_problems(page, analysis);
  if (tells_forecast) {
    write_heading(page, analysis);
    page.gap();
    write_steps(page, analysis);
    write_table(page, analysis);
    write_expectations(page, analysis);
    write_limits(page, analysis);
  }
  if (options.question == Question::simulate || !analysis.judgement) return;
  write_findings(page, analysis, options.show_suppressed);
  if (!options.quiet) write_not_checked(page, analysis);
}

/// `refused at step-3`: the step that decided the verdict, where one step did.
std::string verdict_of(const Analysis& analysis) {
  const auto& forecast = *analysis.forecast;
  const auto verdict = to_string(forecast.verdict);
  if (forecast.verdict == simulator::Verdict::ok) return std::string(verdict);
  const bool refused = forecast.verdict == simulator::Verdict::refused;
  const auto decisive = std::ranges::find_if(
      forecast.steps, [&](const auto& step) { return !step.as_meant && (!refused || !step.reply.ok()); });
  if (decisive == forecast.steps.end()) return fmt::format("{} at the end", verdict);
  return fmt::format("{} at {}", verdict, cut(one_line(analysis.plan().steps[decisive->step].step.id.view()), 30));
}

std::string verdicts(std::span<const Analysis> analyses, const Summary& summary) {
  if (analyses.size() == 1 && analyses.front().forecast) return verdict_of(analyses.front());
  std::vector<std::string> parts;
  if (summary.ok > 0) parts.push_back(fmt::format("{} ok", summary.ok));
  if (summary.refused > 0) parts.push_back(fmt::format("{} refused", summary.refused));
  if (summary.unexpected > 0) parts.push_back(fmt::format("{} unexpected", summary.unexpected));
  return fmt::format("{}", fmt::join(parts, ", "));
}

/// `1 plan, 5 steps: ok. 0 errors, 1 warning, 0 notes.`
std::string plans_told(std::span<const Analysis> analyses, const Summary& summary, Question question) {
  auto text = fmt::format("{}, {}", count(summary.files - summary.unreadable, "plan"), count(summary.steps, "step"));
  if (question != Question::lint) text += ": " + verdicts(analyses, summary);
  text += ".";
  if (question != Question::simulate) {
    text += fmt::format(" {}, {}, {}", count(summary.errors, "error"), count(summary.warnings, "warning"),
                        count(summary.notes, "note"));
    if (summary.suppressed > 0) text += fmt::format(", {} suppressed", with_thousands(summary.suppressed));
    text += ".";
  }
  if (summary.incomplete == 1) text += " Incomplete: a part is not modelled.";
  if (summary.incomplete > 1)
    text += fmt::format(" Incomplete: a part of {} is not modelled.", count(summary.incomplete, "plan"));
  return text;
}

Ink ink_of(const Summary& summary, Question question) {
  const auto worst = overall(summary, question);
  if (worst == Overall::problems || summary.errors > 0) return Ink::bad;
  if (question != Question::lint && summary.refused + summary.unexpected > 0) return Ink::bad;
  return worst == Overall::clean ? Ink::good : Ink::careful;
}

void write_summary(Page& page, std::span<const Analysis> analyses, const Options& options) {
  const auto summary = summarize(analyses);
  std::string text;
  if (summary.unreadable < summary.files) text = plans_told(analyses, summary, options.question);
  if (summary.unreadable > 0) {
    text += fmt::format("{}{} cannot be read as a plan: {}.", text.empty() ? "" : " ",
                        count(summary.unreadable, "file"), count(summary.problems, "problem"));
  }
  page.gap();
  page.paragraph("", text, ink_of(summary, options.question));
}

}  // namespace

std::string write_text(std::span<const Analysis> analyses, const Options& options) {
  Page page(options.width, options.color);
  for (const auto& analysis : analyses) write_analysis(page, analysis, options);
  write_summary(page, analyses, options);
  return page.take();
}

}  // namespace replug::report
