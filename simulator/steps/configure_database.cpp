#include "simulator/steps/configure_database.h"

#include <fmt/format.h>

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/accesses.h"
#include "simulator/steps/shell.h"
#include "simulator/vault/database.h"

namespace replug::simulator {

void accesses(const ConfigureDatabase& step, const Scope& scope, Accesses& out) {
  access_to_connections(scope, step.mount, out);
}

void declare(const ConfigureDatabase& step, const Scope& scope, WorldBuilder& world) {
  world.connection(scope.name_space, step.mount, step.connection);
  if (step.plugin_name) world.plugin(world.texts().intern("database"), *step.plugin_name);
  world.version(step.plugin_version);
}

Reply apply(const ConfigureDatabase& step, const Scope& scope, Cluster& cluster) {
  return configure_database(cluster, scope.node, scope.name_space, step);
}

std::string command_line(const ConfigureDatabase& step, const Scope& scope) {
  std::string line = fmt::format("{} {}config/{}", vault_command(scope, "write"), shell_quoted(step.mount),
                                 shell_quoted(step.connection));
  if (step.plugin_name) line += fmt::format(" plugin_name={}", shell_quoted(*step.plugin_name));
  if (step.plugin_version) line += fmt::format(" plugin_version={}", shell_quoted(*step.plugin_version));
  for (const KeyValue& field : step.other) {
    // A password in a plan should not get into a runbook or a log by way of this line.
    const bool secret = field.key.view().find("password") != std::string_view::npos ||
                        field.key.view().find("key") != std::string_view::npos;
    line += fmt::format(" {}={}", shell_quoted(field.key), secret ? "…" : shell_quoted(field.value));
  }
  return line;
}

}  // namespace replug::simulator
