#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/evidence/edits.h"
#include "rules/evidence/no_return.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

bool can_snapshot(const planner::Plan& plan) {
  return plan.cluster.storage.empty() || plan.cluster.storage.view() == "raft";
}

bool is_backup(const PlayedPlan& played, std::size_t position) {
  return std::holds_alternative<simulator::Backup>(played.facts.step_at(position).step.action) &&
         played.forecast.steps[position].reply.ok();
}

std::string help(const planner::Plan& plan) {
  std::string text = "Take a snapshot right before this step: `- backup: {name: before}`.";
  if (plan.cluster.storage.empty()) {
    text +=
        " If the storage is not raft, say so with `storage:` in the cluster description, and use the storage's own "
        "means.";
  }
  return text;
}

void check(const PlayedPlan& played, Report& report) {
  if (!can_snapshot(played.plan)) return;
  const std::vector<NoReturn> points = points_of_no_return(played);
  if (points.empty()) return;
  const NoReturn& first = points.front();
  for (std::size_t position = 0; position < first.position; ++position) {
    if (is_backup(played, position)) return;
  }
  const planner::PlannedStep& planned = played.facts.step_at(first.position);
  Finding& finding = report.finding(
      played.plan.where(planned),
      fmt::format("Only a snapshot leads back from this step, and the plan takes none before it: {}.", first.what),
      help(played.plan));
  finding.subject = "the plan";
  finding.step = played.forecast.steps[first.position].step;
  if (auto edit = step_before(played.plan, planned, "backup: {name: before}"))
    finding.fix = Fix{"Take a snapshot before this step", false, {*edit}};
}

}  // namespace

extern const Rule no_backup;
constinit const Rule no_backup = {
    .id = "no-backup",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "data",
    .summary = "A step that cannot be taken back comes before any snapshot of the storage",
    .why =
        "A plugin that has migrated its data, a disabled mount and a newer server leave nothing in Vault that the step "
        "could be taken back "
        "with: loading the old version again finds data that it cannot read. What leads back is a snapshot of the "
        "storage from before.",
    .url = "https://developer.hashicorp.com/vault/docs/sysadmin/snapshots/save",
    .check = ForecastCheck{check},
};

}  // namespace replug::rules
