#include "simulator/steps/configure_database.h"

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/accesses.h"
#include "simulator/steps/commands.h"
#include "simulator/vault/database.h"

namespace replug::simulator {

void accesses(const ConfigureDatabase& step, const Scope& scope, Accesses& out) {
  access_to_connections(scope, step.mount, out);
}

void declare(const ConfigureDatabase& step, const Scope& scope, WorldBuilder& world) {
  world.connection(scope.name_space, step.mount, step.connection);
  if (step.plugin_name) world.plugin(world.texts().intern("database"), *step.plugin_name);
  world.version(step.plugin_version);
}

Reply apply(const ConfigureDatabase& step, const Scope& scope, Cluster& cluster) {
  return configure_database(cluster, scope.node, scope.name_space, step);
}

std::string command_line(const ConfigureDatabase& step, const Terminal& terminal) { return typed(step, terminal); }

}  // namespace replug::simulator
