#include "simulator/steps/unpin.h"

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/commands.h"
#include "simulator/vault/pins.h"

namespace replug::simulator {

void accesses(const Unpin& step, const Scope& /*scope*/, Accesses& out) {
  out.push_back({Access::Resource::pin, step.name, true});
  out.push_back({Access::Resource::catalog, step.name, false});
}

void declare(const Unpin& step, const Scope& /*scope*/, WorldBuilder& world) { world.plugin(step.type, step.name); }

Reply apply(const Unpin& step, const Scope& scope, Cluster& cluster) {
  return unpin(cluster, scope.node, step.type, step.name);
}

std::string command_line(const Unpin& step, const Terminal& terminal) { return typed(step, terminal); }

}  // namespace replug::simulator
