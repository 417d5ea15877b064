#include "simulator/steps/move.h"

#include <fmt/format.h>

#include "simulator/cluster.h"
#include "simulator/mounts.h"
#include "simulator/steps/accesses.h"
#include "simulator/steps/shell.h"
#include "simulator/world_builder.h"

namespace replug::simulator {

void accesses(const Move& step, const Scope& scope, Accesses& out) {
  out.push_back({Access::Resource::mount_table, Text{}, true});
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

std::string command_line(const Move& step, const Scope& scope) {
  return fmt::format("{} {} {}", vault_command(scope, fmt::format("{} move", command_group(step.from))),
                     shell_quoted(path_in_group(step.from)), shell_quoted(path_in_group(step.to)));
}

}  // namespace replug::simulator
