#include <algorithm>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/evidence/words.h"
#include "rules/judging/rule.h"
#include "simulator/steps/subjects.h"

namespace replug::rules {

namespace {

using simulator::Change;

bool says_what_must_hold(const planner::Plan& plan) {
  return !plan.expect.empty() || std::ranges::any_of(plan.steps, [](const planner::PlannedStep& planned) {
    return !planned.step.expect.empty() || !simulator::listed_expectations(planned.step.action).empty();
  });
}

// Another version runs behind a mount or a connection than before.
bool takes_effect(const Change& change) {
  const bool runs = change.what == Change::What::mount || change.what == Change::What::database;
  return runs && change.field == simulator::CellField::actual_version && !change.from.absent() && !change.to.absent();
}

void check(const PlayedPlan& played, Report& report) {
  if (says_what_must_hold(played.plan)) return;
  for (const simulator::StepForecast& step : played.forecast.steps) {
    const auto change = std::ranges::find_if(step.changes, takes_effect);
    if (change == step.changes.end()) continue;
    const planner::Node::Entry* steps = played.plan.document().root()->find("steps");
    const bool database = change->what == Change::What::database;
    Finding& finding = report.finding(
        played.plan.place(steps == nullptr ? *played.plan.document().root() : *steps->key),
        fmt::format("The plan changes what runs ({} goes from {} to {}) and says nowhere what must hold.",
                    shown(change->subject), version_words(change->from), version_words(change->to)),
        fmt::format("Say it, at the end of the plan or at a step: `expect: [{{{}: {}, running_version: {}}}]`.",
                    database ? "database" : "mount", shown(change->subject),
                    change->to.view().empty() ? "\"\"" : shown(change->to)));
    finding.subject = "the plan";
    return;
  }
}

}  // namespace

extern const Rule no_expectation;
constinit const Rule no_expectation = {
    .id = "no-expectation",
    .severity = Severity::note,
    .profile = Profile::all,
    .family = "plan",
    .summary = "The plan changes what runs and expects nothing",
    .why =
        "Vault reports no error for a mount that still runs its old version, or for a node that was forgotten. What "
        "the plan "
        "expects is checked in the forecast, and is the list to look at on the real cluster afterwards.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = ForecastCheck{check},
};

}  // namespace replug::rules
