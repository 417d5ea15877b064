#include "simulator/steps/crash.h"

#include <fmt/format.h>

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/vault/processes.h"

namespace replug::simulator {

void accesses(const Crash& step, const Scope& /*scope*/, Accesses& out) {
  out.push_back({Access::Resource::processes, Text{}, true});
  // Whose process that is hangs on what is mounted there.
  out.push_back({Access::Resource::mount_table, Text{}, false});
  if (step.mount) out.push_back({Access::Resource::mount, *step.mount, false});
  if (step.database) out.push_back({Access::Resource::connection, Text{}, false});
}

void declare(const Crash& step, const Scope& scope, WorldBuilder& world) {
  if (step.mount) world.path(scope.name_space, *step.mount);
  if (step.database) world.connection(scope.name_space, *step.database);
}

Reply apply(const Crash& step, const Scope& scope, Cluster& cluster) {
  const World& world = cluster.world();
  UserId user = no_user;
  if (step.mount) {
    user = world.mount(world.full_path(scope.name_space, *step.mount));
  } else if (const ConnectionId connection = world.connection(scope.name_space, step.database.value_or(Text{}));
             connection != no_connection) {
    user = cluster.user_of(connection);
  }
  if (user == no_user) return happened();
  const Cause before = cluster.because(Cause::crashed);
  kill(cluster, scope.node, user);
  cluster.because(before);
  return happened();
}

std::string command_line(const Crash& step, const Terminal& /*terminal*/) {
  return fmt::format("(the plugin process of {} dies)", step.mount.value_or(step.database.value_or(Text{})).view());
}

}  // namespace replug::simulator
