#include "rules/evidence/reloads.h"

#include <algorithm>

#include "planner/reading/planned_step.h"
#include "simulator/run/view.h"
#include "simulator/vault/high_availability.h"
#include "simulator/vault/reload.h"

namespace replug::rules {

using simulator::Cluster;
using simulator::MountId;
using simulator::NodeId;
using simulator::Text;

Reloads::Reloads(const PlayedPlan& played) {
  const simulator::World& world = played.world();
  for (std::size_t position = 0; position < played.forecast.steps.size(); ++position) {
    const planner::PlannedStep& planned = played.facts.step_at(position);
    const auto* reload = std::get_if<simulator::Reload>(&planned.step.action);
    if (reload == nullptr) continue;
    if (reload->plugin) by_plugin_[reload->plugin->id()].push_back(position);
    for (const Text path : reload->mounts.value_or(std::vector<Text>{})) {
      const Text meant = world.texts().find(simulator::mount_meant(path.view()));
      const std::vector<MountId>& mounts = world.route(planned.step.name_space, meant).mounts;
      if (!mounts.empty()) by_mount_[mounts.front()].push_back(position);
    }
  }
}

std::optional<std::size_t> Reloads::next(MountId mount, Text plugin, std::size_t position) const {
  std::optional<std::size_t> first;
  const auto look = [&](const auto& table, auto key) {
    const auto found = table.find(key);
    if (found == table.end()) return;
    const auto at = std::ranges::upper_bound(found->second, position);
    if (at != found->second.end() && (!first || *at < *first)) first = *at;
  };
  look(by_plugin_, plugin.id());
  look(by_mount_, mount);
  return first;
}

std::vector<WaitingTune> waiting_tunes(const PlayedPlan& played, const Cluster& last) {
  const simulator::World& world = played.world();
  const NodeId active = simulator::active_node(last);
  if (active == simulator::no_node) return {};
  std::unordered_map<MountId, std::size_t> tuned;
  std::vector<MountId> order;
  for (std::size_t position = 0; position < played.forecast.steps.size(); ++position) {
    if (!std::holds_alternative<simulator::Tune>(played.facts.step_at(position).step.action)) continue;
    for (const simulator::Change& change : played.forecast.steps[position].changes) {
      if (change.what != simulator::Change::What::mount || change.field != simulator::CellField::plugin_version ||
          change.node != simulator::no_node)
        continue;
      const MountId mount = world.mount(change.subject);
      if (tuned.insert_or_assign(mount, position).second) order.push_back(mount);
    }
  }
  const Reloads reloads(played);
  std::vector<WaitingTune> waiting;
  for (const MountId mount : order) {
    if (last.stored(mount).exists == 0) continue;
    const Load load = load_of(last, active, mount);
    const bool runs = last.object(active, mount).backend != simulator::Backend::none;
    if (!runs || load.pinned || !load.waits()) continue;
    waiting.push_back(
        {mount, tuned[mount], reloads.next(mount, simulator::plugin_of(last, mount), tuned[mount]), load});
  }
  return waiting;
}

NodeId handler_of(const Cluster& before, const simulator::StepForecast& step) {
  if (step.node == simulator::no_node) return simulator::no_node;
  if (simulator::serves_reads(before, step.node)) return step.node;
  return simulator::active_node(before, before.world().replica_of(step.node));
}

bool reaches_all_namespaces(const Cluster& cluster, NodeId node, const simulator::Step& step) {
  return step.name_space.empty() && cluster.world().capabilities(cluster.node(node).server).has_reload_by_type;
}

bool stopped_half_way(const simulator::StepForecast& step) {
  return std::ranges::any_of(step.changes, [](const simulator::Change& change) {
    return change.what == simulator::Change::What::mount && change.cause == simulator::Cause::reloaded;
  });
}

}  // namespace replug::rules
