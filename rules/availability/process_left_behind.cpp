#include <set>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/evidence/load.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

using simulator::Enable;
using simulator::NodeId;

// The plugins that have a process on that node which belongs to no mount.
std::set<std::uint32_t> stray_plugins(const PlayedPlan& played, NodeId node) {
  const simulator::World& world = played.world();
  std::set<std::uint32_t> names;
  for (simulator::RecordId record = 1; record < world.records(); ++record) {
    const simulator::Process& process = played.facts.end().process(node, record);
    if (process.orphans == 0 && (process.strangers == 0 || process.alive == 0)) continue;
    names.insert(world.plugin(world.record(record).plugin).name.id());
  }
  return names;
}

void check(const PlayedPlan& played, Report& report) {
  if (played.facts.refused().empty()) return;
  for (const NodeId node : nodes_with_plugins(played.facts.end())) {
    const std::set<std::uint32_t> stray = stray_plugins(played, node);
    for (const std::size_t position : played.facts.refused()) {
      const planner::PlannedStep& planned = played.facts.step_at(position);
      const auto* enable = std::get_if<Enable>(&planned.step.action);
      if (enable == nullptr || planned.step.fails || !stray.contains(enable->plugin.id())) continue;
      Finding& finding = report.finding(played.plan.where(planned, "plugin"),
                                        fmt::format("The refused enable leaves a process of {} running on {}, which "
                                                    "belongs to no mount and stays until the server ends.",
                                                    shown(enable->plugin), shown(played.world().node_name(node))),
                                        "Enable the plugin as what it is: an auth method under auth/, a secrets engine "
                                        "elsewhere. The process that is left goes with the next "
                                        "restart of the server.");
      finding.step = played.forecast.steps[position].step;
      finding.subject = enable->plugin.str();
    }
  }
}

}  // namespace

extern const Rule process_left_behind;
constinit const Rule process_left_behind = {
    .id = "process-left-behind",
    .severity = Severity::note,
    .profile = Profile::strict,
    .family = "availability",
    .summary = "An enable of the wrong kind of plugin is refused and leaves its process behind",
    .why =
        "The server starts the plugin before it finds out that it is of the other kind, refuses the mount, and does "
        "not end the process. One such "
        "process is harmless; a script that tries again and again makes many.",
    .url = "https://developer.hashicorp.com/vault/api-docs/system/mounts",
    .check = ForecastCheck{check},
};

}  // namespace replug::rules
