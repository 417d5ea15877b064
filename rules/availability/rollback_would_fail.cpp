#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/judging/rule.h"
#include "simulator/vault/messages.h"
#include "text/printable.h"

namespace replug::rules {

namespace {

using simulator::Run;
using simulator::StepForecast;

bool is_refused(const StepForecast& forecast, const simulator::Step& step) {
  return !forecast.reply.ok() && (forecast.reply.hangs || !step.fails);
}

// The steps and behind them the way back, in one world, so that one state can go through both.
std::shared_ptr<const simulator::World> world_of_both(const planner::Plan& plan) {
  std::vector<simulator::Step> steps;
  for (const planner::PlannedStep& planned : plan.steps) steps.push_back(planned.step);
  for (const planner::PlannedStep& planned : plan.rollback) steps.push_back(planned.step);
  return simulator::World::make(plan.cluster, steps, plan.expect, *plan.texts);
}

// Goes to where the way back begins: the end of the steps, or behind the first that is refused, whose place it gives.
std::optional<std::size_t> go_forward(const PlayedPlan& played, Run& run) {
  for (const StepForecast& forecast : played.forecast.steps) {
    const simulator::Step& step = played.plan.steps[forecast.step].step;
    run.advance(step);
    if (is_refused(forecast, step)) return forecast.step;
  }
  return std::nullopt;
}

void tell(const PlayedPlan& played, std::optional<std::size_t> stopped, const planner::PlannedStep& planned,
          const std::string& what, std::string help, Report& report) {
  const std::string from =
      stopped ? fmt::format("From where the plan is refused ({})", shown(played.plan.steps[*stopped].step.id))
              : std::string("From the end of the steps");
  Finding& finding = report.finding(played.plan.where(planned), fmt::format("{} {}", from, what), std::move(help));
  finding.subject = planned.step.id.str();
  if (stopped) finding.related.push_back({"the plan is refused here", played.plan.where(played.plan.steps[*stopped])});
}

void check(const PlayedPlan& played, Report& report) {
  const planner::Plan& plan = played.plan;
  planner::Problems problems;
  const auto back = planner::order_steps(plan, plan.rollback, problems);
  if (plan.rollback.empty() || !back) return;
  Run run(world_of_both(plan));
  const std::optional<std::size_t> stopped = go_forward(played, run);
  for (const std::size_t number : back->order) {
    const planner::PlannedStep& planned = plan.rollback[number];
    const StepForecast forecast = run.play(number, planned.step);
    if (is_refused(forecast, planned.step)) {
      const auto errors = simulator::errors_of(forecast.reply);
      const std::string error = errors.empty() ? "" : ": " + text::printable(errors.front(), 300);
      tell(played, stopped, planned,
           forecast.reply.hangs ? std::string("this step of the rollback is never answered.")
                                : fmt::format("the server refuses this step of the rollback with status {}{}",
                                              forecast.reply.status, error),
           "A way back has to fit what is there when it is needed: keep the old catalog entry and its binary until "
           "nobody wants to go back.",
           report);
      return;
    }
    const auto unmet =
        std::ranges::find_if(forecast.expectations, [](const simulator::ClaimResult& result) { return !result.holds; });
    if (unmet == forecast.expectations.end()) continue;
    tell(played, stopped, planned,
         fmt::format("the rollback does not lead to what this step expects: found {}.",
                     unmet->found.empty() ? "nothing" : text::printable(unmet->found)),
         "Add what is missing to the rollback: like the way there, it needs a reload after a tune.", report);
    return;
  }
}

}  // namespace

extern const Rule rollback_would_fail;
constinit const Rule rollback_would_fail = {
    .id = "rollback-would-fail",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "availability",
    .summary = "The rollback of the plan would not work from where it would be needed",
    .why =
        "A rollback is written with the beginning of the plan in mind and carried out at its end, when the old version "
        "may have been "
        "deregistered, its binary removed or the mount moved. Then it fails in the worst moment.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = ForecastCheck{check},
    .incident = "https://github.com/NVIDIA/nvcf/issues/1713",
};

}  // namespace replug::rules
