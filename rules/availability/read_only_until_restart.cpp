#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/evidence/load.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

using simulator::MountId;
using simulator::NodeId;

struct Revived {
  std::vector<MountId> mounts;
  std::vector<NodeId> nodes;
};

// The step whose reload gave the mount a backend again on that node.
std::optional<std::size_t> revived_at(const PlayedPlan& played, NodeId node, MountId mount) {
  const auto all = played.facts.timeline().history(simulator::Change::What::mount, played.world().mount(mount).path,
                                                   simulator::CellField::status, node);
  const auto last = std::find_if(all.rbegin(), all.rend(),
                                 [](const ChangeAt& at) { return at.change->cause == simulator::Cause::reloaded; });
  return last == all.rend() ? std::nullopt : std::optional(last->position);
}

void tell(const PlayedPlan& played, std::size_t position, const Revived& revived, Report& report) {
  const std::string mounts = mount_words(played.world(), revived.mounts);
  const std::string nodes = node_words(played.world(), revived.nodes);
  Finding& finding = report.finding(
      played.plan.where(played.facts.step_at(position)),
      fmt::format("The reload brings {} back on {}, but only for reading: whatever writes to storage fails with "
                  "“cannot write to storage during "
                  "setup” until the node loads its mounts anew.",
                  mounts, nodes),
      fmt::format("Restart {} after this step, or step it down if another node is ready to take over.", nodes));
  finding.step = played.forecast.steps[position].step;
  finding.subject = played.world().mount(revived.mounts.front()).path.str();
}

void check(const PlayedPlan& played, Report& report) {
  const simulator::Cluster& last = played.facts.end();
  const std::vector<NodeId> nodes = nodes_with_plugins(last);
  std::map<std::size_t, Revived> groups;
  for (MountId mount = 0; mount < played.world().mounts(); ++mount) {
    for (const NodeId node : nodes) {
      if (last.object(node, mount).read_only == 0) continue;
      const auto position = revived_at(played, node, mount);
      if (!position) continue;
      Revived& revived = groups[*position];
      if (revived.mounts.empty() || revived.mounts.back() != mount) revived.mounts.push_back(mount);
      if (revived.nodes.empty() || revived.nodes.back() != node) revived.nodes.push_back(node);
    }
  }
  for (const auto& [position, revived] : groups) tell(played, position, revived, report);
}

}  // namespace

extern const Rule read_only_until_restart;
constinit const Rule read_only_until_restart = {
    .id = "read-only-until-restart",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "availability",
    .summary = "A mount that had failed to load is revived by a reload, and cannot write until a restart",
    .why =
        "A mount whose plugin could not be loaded at the unseal keeps its storage closed, as during setup. A reload "
        "gives it a plugin again but "
        "does not open the storage: reads look healthy, and the first write fails. Operators met it on Vault 1.14 to "
        "1.18.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = ForecastCheck{check},
    .incident = "https://github.com/hashicorp/vault/issues/23159",
};

}  // namespace replug::rules
