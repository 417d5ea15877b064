#include "simulator/steps/rotate_root.h"

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/accesses.h"
#include "simulator/steps/commands.h"
#include "simulator/vault/database.h"

namespace replug::simulator {

void accesses(const RotateRoot& step, const Scope& scope, Accesses& out) {
  access_to_connections(scope, step.mount, out);
}

void declare(const RotateRoot& step, const Scope& scope, WorldBuilder& world) {
  world.connection(scope.name_space, step.mount, step.connection);
}

Reply apply(const RotateRoot& step, const Scope& scope, Cluster& cluster) {
  return rotate_root(cluster, scope.node, scope.name_space, step.mount, step.connection);
}

std::string command_line(const RotateRoot& step, const Terminal& terminal) { return typed(step, terminal); }

}  // namespace replug::simulator
