#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/evidence/edits.h"
#include "rules/evidence/no_return.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

void check(const PlayedPlan& played, Report& report) {
  for (const NoReturn& point : points_of_no_return(played)) {
    if (point.why == NoReturn::Why::disabled) continue;  // disable-wipes-data asks for it there
    for (std::size_t position = 0; position < point.position; ++position) {
      if (std::holds_alternative<simulator::Confirm>(played.facts.step_at(position).step.action)) return;
    }
    const planner::PlannedStep& planned = played.facts.step_at(point.position);
    Finding& finding =
        report.finding(played.plan.where(planned),
                       fmt::format("This step cannot be taken back, and nobody is asked before it: {}.", point.what),
                       "Put a confirm step in front of it that says what to look at before going on, for example `- "
                       "confirm: The snapshot is saved elsewhere`.");
    finding.subject = "the plan";
    finding.step = played.forecast.steps[point.position].step;
    return;
  }
}

}  // namespace

extern const Rule no_confirm;
constinit const Rule no_confirm = {
    .id = "no-confirm",
    .severity = Severity::note,
    .profile = Profile::strict,
    .family = "plan",
    .summary = "A step that cannot be taken back comes without a confirm step before it",
    .why =
        "Up to the first step that cannot be taken back a plan can be given up by its rollback. That is the moment to "
        "look at the cluster: "
        "are all nodes there, is the snapshot saved, do the mounts answer. Vault itself asks nothing.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = ForecastCheck{check},
};

}  // namespace replug::rules
