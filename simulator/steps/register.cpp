#include "simulator/steps/register.h"

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/commands.h"
#include "simulator/vault/catalog.h"

namespace replug::simulator {

void accesses(const Register& step, const Scope& /*scope*/, Accesses& out) {
  out.push_back({Access::Resource::catalog, step.name, true});
  out.push_back({Access::Resource::file, step.command.value_or(step.name), false});
}

void declare(const Register& step, const Scope& /*scope*/, WorldBuilder& world) { world.registration(step); }

Reply apply(const Register& step, const Scope& scope, Cluster& cluster) {
  return register_plugin(cluster, scope.node, step);
}

std::string command_line(const Register& step, const Terminal& terminal) { return typed(step, terminal); }

}  // namespace replug::simulator
