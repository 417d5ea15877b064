#include "simulator/steps/enable.h"

#include <fmt/format.h>

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/accesses.h"
#include "simulator/steps/shell.h"
#include "simulator/vault/mounts.h"

namespace replug::simulator {

void accesses(const Enable& step, const Scope& scope, Accesses& out) {
  out.push_back({Access::Resource::mount_table, Text{}, true});
  out.push_back({Access::Resource::mount, mount_subject(scope, step.path), true});
  access_to_load_plugins(out);
}

void declare(const Enable& step, const Scope& scope, WorldBuilder& world) {
  world.mount(scope.name_space, step.path, step.plugin);
  world.version(step.plugin_version);
}

Reply apply(const Enable& step, const Scope& scope, Cluster& cluster) {
  return enable(cluster, scope.node, scope.name_space, step.path, step.plugin, step.plugin_version);
}

std::string command_line(const Enable& step, const Scope& scope) {
  std::string line = vault_command(scope, fmt::format("{} enable", command_group(step.path)));
  line += fmt::format(" -path={}", shell_quoted(path_in_group(step.path)));
  if (step.plugin_version) line += fmt::format(" -plugin-version={}", shell_quoted(*step.plugin_version));
  for (const KeyValue& option : step.options) {
    line += fmt::format(" -options={}={}", shell_quoted(option.key), shell_quoted(option.value));
  }
  return line + fmt::format(" {}", shell_quoted(step.plugin));
}

}  // namespace replug::simulator
