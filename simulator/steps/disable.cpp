#include "simulator/steps/disable.h"

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/accesses.h"
#include "simulator/steps/commands.h"
#include "simulator/vault/mounts.h"

namespace replug::simulator {

void accesses(const Disable& step, const Scope& scope, Accesses& out) {
  out.push_back({Access::Resource::mount_table, Text{}, true});
  out.push_back({Access::Resource::mount, mount_subject(scope, step.path), true});
  out.push_back({Access::Resource::connection, mount_subject(scope, step.path), true});
  access_to_load_plugins(out);
}

void declare(const Disable& step, const Scope& scope, WorldBuilder& world) { world.path(scope.name_space, step.path); }

Reply apply(const Disable& step, const Scope& scope, Cluster& cluster) {
  return disable(cluster, scope.node, scope.name_space, step.path);
}

std::string command_line(const Disable& step, const Terminal& terminal) { return typed(step, terminal); }

}  // namespace replug::simulator
