#include <fmt/format.h>

#include "rules/judging/rule.h"
#include "rules/judging/suppression.h"
#include "text/printable.h"

namespace replug::rules {

namespace {

std::string scope(const Suppression& one) {
  if (one.line) return *one.line == one.place.begin().line ? "on this line" : fmt::format("on line {}", *one.line);
  return one.step.empty() ? "in this plan" : fmt::format("at {}", text::printable(one.step.view()));
}

std::string help_for(const Suppression& one, const planner::Plan& plan) {
  if (!one.elsewhere) return "Remove it: what it was for is gone.";
  const auto* source = one.elsewhere->source;
  const std::string file =
      source == plan.sources.front().get() ? "" : fmt::format(" of {}", text::printable(source->name()));
  return fmt::format("{} fires on line {}{}: move it there if that is what you accept, or else remove it.",
                     one.rule->id, one.elsewhere->begin().line, file);
}

void check(const Suppressions& suppressions, Report& report) {
  for (const Suppression& one : suppressions.all) {
    // Other plans name the same cluster file, so what is unused in it by this plan may be used by them.
    const bool own = one.place.source == suppressions.plan.sources.front().get();
    if (one.used || !one.judged || one.reason.empty() || !own) continue;
    Finding& finding = report.finding(one.place, fmt::format("{} has nothing to allow {}.", one.rule->id, scope(one)),
                                      help_for(one, suppressions.plan));
    finding.subject = fmt::format("{} {}", one.name, one.step.view());
  }
}

}  // namespace

extern const Rule unused_suppression;
constinit const Rule unused_suppression = {
    .id = "unused-suppression",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "plan",
    .summary = "A finding is allowed that is not there",
    .why =
        "What is left over from an older version of the plan would hide the next finding of that rule in this place, "
        "for a reason that was "
        "given for another one.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = SuppressionCheck{check},
};

}  // namespace replug::rules
