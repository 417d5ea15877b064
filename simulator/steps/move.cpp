#include "simulator/steps/move.h"

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/accesses.h"
#include "simulator/steps/commands.h"
#include "simulator/vault/mounts.h"

namespace replug::simulator {

void accesses(const Move& step, const Scope& scope, Accesses& out) {
  out.push_back({Access::Resource::mount_table, Text{}, true});
  access_to_load_plugins(out);  // the leases of the old path are revoked first
  for (const Text path : {step.from, step.to}) {
    out.push_back({Access::Resource::mount, mount_subject(scope, path), true});
    out.push_back({Access::Resource::connection, mount_subject(scope, path), true});
  }
}

void declare(const Move& step, const Scope& scope, WorldBuilder& world) {
  world.move(scope.name_space, step.from, step.to);
  world.route(scope.name_space, step.from);
}

Reply apply(const Move& step, const Scope& scope, Cluster& cluster) {
  return move(cluster, scope.node, scope.name_space, step.from, step.to);
}

std::string command_line(const Move& step, const Terminal& terminal) { return typed(step, terminal); }

}  // namespace replug::simulator
