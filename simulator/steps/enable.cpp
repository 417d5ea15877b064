#include "simulator/steps/enable.h"

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/accesses.h"
#include "simulator/steps/commands.h"
#include "simulator/vault/mounts.h"

namespace replug::simulator {

void accesses(const Enable& step, const Scope& scope, Accesses& out) {
  out.push_back({Access::Resource::mount_table, Text{}, true});
  out.push_back({Access::Resource::mount, mount_subject(scope, step.path), true});
  // A standby that cannot start it loads everything anew, and lets its connections go.
  out.push_back({Access::Resource::connection, Text{}, true});
  access_to_load_plugins(out);
}

void declare(const Enable& step, const Scope& scope, WorldBuilder& world) {
  world.mount(scope.name_space, step.path, step.plugin);
  world.version(step.plugin_version);
}

Reply apply(const Enable& step, const Scope& scope, Cluster& cluster) {
  return enable(cluster, scope.node, scope.name_space, step.path, step.plugin, step.plugin_version);
}

std::string command_line(const Enable& step, const Terminal& terminal) { return typed(step, terminal); }

}  // namespace replug::simulator
