#include <algorithm>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/evidence/leases.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

using simulator::Change;
using simulator::Disable;
using simulator::Enable;
using simulator::Text;

// The step that mounts something at the path again, with the same plugin: the pair is often meant as an upgrade.
const planner::PlannedStep* enabled_again(const PlayedPlan& played, std::size_t position, Text path, Text plugin) {
  const ChangeAt* next =
      played.facts.timeline().next_change(Change::What::mount, path, simulator::CellField::type, position + 1);
  if (next == nullptr || next->change->to != plugin) return nullptr;
  return &played.facts.step_at(next->position);
}

bool is_confirmed(const PlayedPlan& played, std::size_t position) {
  return position > 0 && std::holds_alternative<simulator::Confirm>(played.facts.step_at(position - 1).step.action);
}

std::string loss(bool auth, std::int64_t leases) {
  const std::string counted = leases == 0   ? ""
                              : leases == 1 ? " (1 is outstanding)"
                                            : fmt::format(" ({} are outstanding)", leases);
  if (auth)
    return fmt::format("its configuration and roles, and revokes every token that was issued through it{}", counted);
  return fmt::format("everything stored in it, and revokes its leases{}", counted);
}

void report_disable(const PlayedPlan& played, std::size_t position, const Change& change, std::int64_t leases,
                    Report& report) {
  const planner::PlannedStep& planned = played.facts.step_at(position);
  const bool auth = change.subject.view().find("auth/") != std::string_view::npos;
  const planner::PlannedStep* again = enabled_again(played, position, change.subject, change.from);
  Finding& finding = report.finding(
      played.plan.where(planned, "path"),
      fmt::format("Disabling {} destroys {}.{}", shown(change.subject), loss(auth, leases),
                  again == nullptr
                      ? ""
                      : " Enabling it again gives an empty mount with another accessor, not an upgraded one."),
      again == nullptr ? "If it is only to run another version, tune the mount and reload it instead. If it really is "
                         "to go, take a snapshot first and put "
                         "a confirm step in front."
                       : fmt::format("Leave both steps out: register the new version, then tune {} to it and reload "
                                     "it. That keeps data, leases and tokens.",
                                     shown(change.subject)));
  finding.subject = change.subject.str();
  finding.step = played.forecast.steps[position].step;
  if (again == nullptr && is_confirmed(played, position)) finding.severity = std::min(finding.severity, Severity::note);
  if (again != nullptr) finding.related.push_back({"enabled again here, empty", played.plan.where(*again)});
}

// A mount that the plan itself enabled has nothing in it yet that anybody would miss.
bool is_of_this_plan(const PlayedPlan& played, std::size_t position, Text path) {
  const ChangeAt* enabled =
      played.facts.timeline().last_change(Change::What::mount, path, simulator::CellField::type, position);
  return enabled != nullptr && enabled->change->from.absent() &&
         std::holds_alternative<Enable>(played.facts.step_at(enabled->position).step.action) &&
         played.facts.timeline().last_change(Change::What::mount, path, simulator::CellField::type,
                                             enabled->position) == nullptr;
}

void check(const PlayedPlan& played, Report& report) {
  const OutstandingLeases outstanding(played);
  for (std::size_t position = 0; position < played.forecast.steps.size(); ++position) {
    if (!std::holds_alternative<Disable>(played.facts.step_at(position).step.action)) continue;
    for (const Change& change : played.forecast.steps[position].changes) {
      const bool gone =
          change.what == Change::What::mount && change.field == simulator::CellField::type && change.to.absent();
      if (gone && !is_of_this_plan(played, position, change.subject))
        report_disable(played, position, change, outstanding.before(position, change.subject), report);
    }
  }
}

}  // namespace

extern const Rule disable_wipes_data;
constinit const Rule disable_wipes_data = {
    .id = "disable-wipes-data",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "data",
    .summary = "A mount is disabled, which destroys its data, leases or tokens",
    .why =
        "Disabling a mount revokes its leases or tokens and wipes its storage; enabling it again starts from nothing. "
        "An upgrade never "
        "needs it: tune and reload keep all of that.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = ForecastCheck{check},
};

}  // namespace replug::rules
