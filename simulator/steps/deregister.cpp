#include "simulator/steps/deregister.h"

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/commands.h"
#include "simulator/vault/catalog.h"

namespace replug::simulator {

void accesses(const Deregister& step, const Scope& /*scope*/, Accesses& out) {
  out.push_back({Access::Resource::catalog, step.name, true});
  out.push_back({Access::Resource::pin, step.name, false});
}

void declare(const Deregister& step, const Scope& /*scope*/, WorldBuilder& world) {
  world.plugin(step.type, step.name);
  world.version(step.version);
}

Reply apply(const Deregister& step, const Scope& scope, Cluster& cluster) {
  return deregister_plugin(cluster, scope.node, step.type, step.name, step.version);
}

std::string command_line(const Deregister& step, const Terminal& terminal) { return typed(step, terminal); }

}  // namespace replug::simulator
