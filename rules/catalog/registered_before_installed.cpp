#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/evidence/users.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

using Group = std::vector<const Mismatch*>;

// Registered first, the file put there later, and something wants the version before that. Where a start failed
// meanwhile, that is told by other rules.
std::vector<Group> windows(const PlayedPlan& played, const Users& users) {
  std::vector<Group> groups;
  for (const Mismatch& one : played.facts.mismatches()) {
    if (one.made != Mismatch::Made::registered || one.ended != Mismatch::Ended::file || users.noticed_at(one)) continue;
    if (!std::holds_alternative<simulator::Register>(played.facts.step_at(one.since).step.action)) continue;
    if (users.at(one.entry, one.until).empty()) continue;
    const bool same =
        !groups.empty() && groups.back().front()->since == one.since && groups.back().front()->until == one.until;
    if (!same) groups.emplace_back();
    groups.back().push_back(&one);
  }
  return groups;
}

void check(const PlayedPlan& played, Report& report) {
  const Users users(played);
  for (const Group& group : windows(played, users)) {
    const Mismatch& first = *group.front();
    const planner::PlannedStep& registration = played.facts.step_at(first.since);
    const planner::PlannedStep& install = played.facts.step_at(first.until);
    const std::string loaders = listed(labels(users.at(first.entry, first.until)));
    Finding& finding = report.finding(
        played.plan.where(registration),
        fmt::format("{} {} on {} only at {}, but {} is configured to {} before that: a restart or failover in between "
                    "leaves it without a backend "
                    "there.",
                    shown(first.file),
                    first.found.empty() ? "is put into the plugin directory" : "gets its registered contents",
                    node_names(played, group), install.step.id.view(), loaders,
                    shown(played.world().entry_label(first.entry))),
        fmt::format("Move {} in front of this step: first the file on every node, then the registration.",
                    install.step.id.view()));
    finding.subject = played.world().entry_label(first.entry).str();
    finding.step = played.forecast.steps[first.since].step;
    finding.related.push_back({"put there here", played.plan.where(install)});
  }
}

}  // namespace

extern const Rule registered_before_installed;
constinit const Rule registered_before_installed = {
    .id = "registered-before-installed",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "catalog",
    .summary = "A version is used before its file is on every node",
    .why =
        "A registration is known to every node at once, a file only where it was put. Between the two, a node that has "
        "to start the plugin "
        "cannot: a restart or a failover in that window is an outage of the mount.",
    .url = "https://developer.hashicorp.com/vault/docs/plugins/register",
    .check = ForecastCheck{check},
    .incident = "https://github.com/hashicorp/vault/issues/20286",
};

}  // namespace replug::rules
