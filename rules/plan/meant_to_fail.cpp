#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/judging/rule.h"
#include "simulator/vault/messages.h"
#include "text/printable.h"

namespace replug::rules {

namespace {

void check(const PlayedPlan& played, Report& report) {
  for (const simulator::StepForecast& step : played.forecast.steps) {
    const planner::PlannedStep& planned = played.plan.steps[step.step];
    if (!planned.step.fails) continue;
    const std::string_view part = planned.step.fails->part.view();
    if (!step.reply.ok() && (part.empty() || simulator::says(step.reply, part))) continue;
    const auto errors = simulator::errors_of(step.reply);
    const std::string message =
        step.reply.ok()
            ? fmt::format("This step is meant to be refused, but the server carries it out (status {}).",
                          step.reply.status)
            : fmt::format("This step is meant to be refused with “{}”, but the server says “{}”.",
                          text::printable(part), text::printable(errors.empty() ? "" : errors.front(), 160));
    Finding& finding = report.finding(
        played.plan.where(planned, "fails"), message,
        "Remove `fails`, or find out which step before it makes the server answer otherwise than you expect.");
    finding.step = step.step;
    finding.subject = planned.step.id.str();
  }
}

}  // namespace

extern const Rule meant_to_fail;
constinit const Rule meant_to_fail = {
    .id = "meant-to-fail",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "plan",
    .summary = "A step that is meant to be refused is not, or with another error",
    .why =
        "`fails` marks a step that shows what Vault does not allow. If Vault carries it out after all, the plan "
        "changes a cluster in a way "
        "that its author thought impossible.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = ForecastCheck{check},
};

}  // namespace replug::rules
