#include "simulator/steps/pin.h"

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/commands.h"
#include "simulator/steps/shell.h"
#include "simulator/vault/pins.h"

namespace replug::simulator {

void accesses(const Pin& step, const Scope& /*scope*/, Accesses& out) {
  out.push_back({Access::Resource::pin, step.name, true});
  out.push_back({Access::Resource::catalog, step.name, false});
}

void declare(const Pin& step, const Scope& /*scope*/, WorldBuilder& world) {
  world.plugin(step.type, step.name);
  world.version(step.version);
}

Reply apply(const Pin& step, const Scope& scope, Cluster& cluster) {
  return pin(cluster, scope.node, step.type, step.name, step.version);
}

// The server asks for a version; a step without one shows that it sends none.
std::string command_line(const Pin& step, const Terminal& terminal) {
  Pin shown = step;
  shown.version = step.version.value_or(Text{});
  return typed(shown, terminal);
}

}  // namespace replug::simulator
