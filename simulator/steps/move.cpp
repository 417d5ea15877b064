#include "simulator/steps/move.h"

#include <fmt/format.h>

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/accesses.h"
#include "simulator/steps/shell.h"
#include "simulator/vault/mounts.h"

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
  // Between secrets engines and auth methods nothing can be moved; the paths are then shown whole, as the server sees
  // them.
  const bool within = command_group(step.from) == command_group(step.to);
  const auto shown = [within](Text path) { return shell_quoted(within ? path_in_group(path) : path.str()); };
  return fmt::format("{} {} {}", vault_command(scope, fmt::format("{} move", command_group(step.from))),
                     shown(step.from), shown(step.to));
}

}  // namespace replug::simulator
