#include "simulator/steps/reload_database.h"

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/accesses.h"
#include "simulator/steps/commands.h"
#include "simulator/vault/database.h"

namespace replug::simulator {

void accesses(const ReloadDatabase& step, const Scope& scope, Accesses& out) {
  access_to_connections(scope, step.mount, out);
}

void declare(const ReloadDatabase& step, const Scope& scope, WorldBuilder& world) {
  world.path(scope.name_space, step.mount);
  world.plugin(world.texts().intern("database"), step.plugin);
}

Reply apply(const ReloadDatabase& step, const Scope& scope, Cluster& cluster) {
  return reload_connections(cluster, scope.node, scope.name_space, step.mount, step.plugin);
}

std::string command_line(const ReloadDatabase& step, const Terminal& terminal) { return typed(step, terminal); }

}  // namespace replug::simulator
