#include "report/text/text.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "planner/reading/planned_step.h"
#include "report/telling/columns.h"
#include "report/telling/words.h"
#include "report/text/parts.h"
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

void write_heading(Page& page, const PlanAccount& account) {
  const auto& plan = account.plan();
  const auto file = one_line(account.file());
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
void write_expectations(Page& page, const PlanAccount& plan) {
  const auto claims = judged_claims(plan);
  if (claims.empty()) return;
  const auto holding = std::ranges::count_if(claims, [](const auto& claim) { return claim.result->holds; });
  page.gap();
  page.line(page.painted(Ink::strong, "Expected at the end") + fmt::format(": {} of {} hold", holding, claims.size()));
  for (const auto& claim : claims) {
    if (!claim.result->holds) write_claim(page, "  ", plan.world(), claim);
  }
}

/// On what the forecast rests, and what it does not know.
void write_limits(Page& page, const PlanAccount& plan) {
  std::vector<std::string> not_modelled;
  for (const auto& limit : plan.not_modelled) {
    for (const auto step : limit.steps) {
      not_modelled.push_back(fmt::format("{}: {}", plan.plan().steps[step].step.id.view(), limit.what));
    }
  }
  write_list(page, "Assumed", {plan.assumed().begin(), plan.assumed().end()});
  write_list(page, "Not modelled", not_modelled);
}

void write_not_checked(Page& page, const PlanAccount& plan) {
  std::vector<std::string> rules;
  for (const auto& rule : plan.not_checked()) rules.push_back(fmt::format("{}: {}", rule.rule->id, rule.why));
  write_list(page, "Not checked", rules);
}

void write_forecast(Page& page, const PlanAccount& plan) {
  write_heading(page, plan);
  page.gap();
  write_steps(page, plan);
  write_table(page, plan);
  write_expectations(page, plan);
  write_limits(page, plan);
}

Ink ink_of(const Account& account) {
  const auto& summary = account.summary;
  if (account.overall == Overall::problems || summary.errors > 0) return Ink::bad;
  if (account.tells_forecasts() && summary.refused + summary.unexpected > 0) return Ink::bad;
  return account.overall == Overall::clean ? Ink::good : Ink::careful;
}

}  // namespace

std::string write_text(const Account& account, const Options& options) {
  Page page(options.width, options.color);
  for (const auto& plan : account.plans) {
    write_problems(page, plan);
    if (account.tells_forecasts() && !options.quiet && plan.has_forecast()) write_forecast(page, plan);
    if (!account.tells_findings()) continue;
    write_findings(page, plan, options.show_suppressed);
    if (!options.quiet) write_not_checked(page, plan);
  }
  page.gap();
  page.paragraph("", summary_words(account), ink_of(account));
  return page.take();
}

}  // namespace replug::report
