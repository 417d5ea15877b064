#include "simulator/steps/reload.h"

#include <fmt/format.h>

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/accesses.h"
#include "simulator/steps/shell.h"
#include "simulator/vault/reload.h"

namespace replug::simulator {

void accesses(const Reload& step, const Scope& scope, Accesses& out) {
  for (const Text path : step.mounts.value_or(std::vector<Text>{})) {
    out.push_back({Access::Resource::mount, mount_subject(scope, path), true});
  }
  if (step.plugin) out.push_back({Access::Resource::mount, Text{}, true});
  if (step.plugin) out.push_back({Access::Resource::connection, Text{}, true});
  out.push_back({Access::Resource::mount_table, Text{}, true});
  access_to_load_plugins(out);
}

void declare(const Reload& step, const Scope& scope, WorldBuilder& world) {
  for (const Text path : step.mounts.value_or(std::vector<Text>{})) {
    const Text meant = world.texts().intern(mount_meant(path.view()));
    world.path(scope.name_space, meant);
    world.route(scope.name_space, meant);
  }
}

Reply apply(const Reload& step, const Scope& scope, Cluster& cluster) {
  return reload(cluster, scope.node, scope.name_space, step);
}

std::string command_line(const Reload& step, const Scope& scope) {
  std::string line = vault_command(scope, "plugin reload");
  if (step.type) line += fmt::format(" -type={}", shell_quoted(*step.type));
  if (step.plugin) line += fmt::format(" -plugin={}", shell_quoted(*step.plugin));
  if (step.mounts) {
    std::string paths;
    for (const Text path : *step.mounts) paths += fmt::format("{}{}", paths.empty() ? "" : ",", path.view());
    line += fmt::format(" -mounts={}", shell_quoted(paths));
  }
  if (step.scope) line += fmt::format(" -scope={}", shell_quoted(*step.scope));
  return line;
}

}  // namespace replug::simulator
