#include "simulator/steps/disable.h"

#include <fmt/format.h>

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/accesses.h"
#include "simulator/steps/shell.h"
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

std::string command_line(const Disable& step, const Scope& scope) {
  return fmt::format("{} {}", vault_command(scope, fmt::format("{} disable", command_group(step.path))),
                     shell_quoted(path_in_group(step.path)));
}

}  // namespace replug::simulator
