#include "rules/evidence/load.h"

#include "planner/reading/planned_step.h"
#include "rules/evidence/words.h"
#include "simulator/run/view.h"
#include "simulator/vault/catalog.h"
#include "simulator/vault/pins.h"

namespace replug::rules {

using simulator::Cluster;
using simulator::MountId;
using simulator::NodeId;
using simulator::Text;

Load load_of(const Cluster& cluster, NodeId node, MountId mount) {
  const simulator::World& world = cluster.world();
  const simulator::Object& object = cluster.object(node, mount);
  const simulator::StoredMount& stored = cluster.stored(mount);
  Load load;
  load.loaded = world.text(object.captured);
  load.now = object.record;
  load.pinned = simulator::pinned_version(cluster, node, stored.plugin).has_value();
  load.wanted = simulator::effective_version(cluster, node, stored.plugin, world.text(stored.version));
  if (world.is_core(stored.plugin)) return load;
  const simulator::Lookup found = simulator::lookup(cluster, node, stored.plugin, load.wanted);
  load.found = found.found == simulator::Lookup::Found::external || found.found == simulator::Lookup::Found::builtin;
  load.next = found.record;
  // A built-in is loaded as the built-in, whichever way its version was written.
  if (found.found == simulator::Lookup::Found::builtin) load.wanted = Text{};
  return load;
}

std::string loaded_words(const Load& load) {
  return load.now == 0 && load.loaded.empty() ? "the built-in" : version_words(load.loaded);
}

std::string wanted_words(const Load& load) {
  return load.found && load.next == 0 && load.wanted.empty() ? "the built-in" : version_words(load.wanted);
}

std::vector<NodeId> nodes_with_plugins(const Cluster& cluster) {
  std::vector<NodeId> nodes;
  const NodeId active = simulator::active_node(cluster);
  if (active != simulator::no_node) nodes.push_back(active);
  for (NodeId node = 0; node < cluster.world().nodes(); ++node) {
    if (node != active && simulator::runs_plugins(cluster, node)) nodes.push_back(node);
  }
  return nodes;
}

}  // namespace replug::rules
