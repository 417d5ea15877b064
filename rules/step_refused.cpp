#include <fmt/format.h>

#include "rules/rule.h"

namespace replug::rules {

namespace {

void check(const PlayedPlan& played, Report& report) {
  for (const simulator::StepForecast& step : played.forecast.steps) {
    const planner::PlannedStep& planned = played.plan.steps[step.step];
    if (step.reply.ok() || planned.step.fails) continue;
    const std::string error = step.reply.errors.empty() ? std::string("nothing more") : step.reply.errors.front();
    Finding& finding =
        report.finding(played.plan.where(planned), fmt::format("The server refuses this step with status {}: {}", step.reply.status, error), "");
    finding.step = step.step;
  }
}

}  // namespace

extern constinit const Rule step_refused;
constinit const Rule step_refused = {
    .id = "step-refused",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "run",
    .summary = "A step would be refused by the server",
    .why = "",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = ForecastCheck{check},
};

}  // namespace replug::rules
