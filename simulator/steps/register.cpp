#include "simulator/steps/register.h"

#include <fmt/format.h>

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/shell.h"
#include "simulator/vault/catalog.h"

namespace replug::simulator {

void accesses(const Register& step, const Scope& /*scope*/, Accesses& out) {
  out.push_back({Access::Resource::catalog, step.name, true});
  out.push_back({Access::Resource::file, step.command.value_or(step.name), false});
}

void declare(const Register& step, const Scope& /*scope*/, WorldBuilder& world) { world.registration(step); }

Reply apply(const Register& step, const Scope& scope, Cluster& cluster) {
  return register_plugin(cluster, scope.node, step);
}

std::string command_line(const Register& step, const Scope& scope) {
  std::string line = vault_command(scope, "plugin register");
  line += fmt::format(" -sha256={}", shell_quoted(step.sha256));
  if (step.version) line += fmt::format(" -version={}", shell_quoted(*step.version));
  if (step.command) line += fmt::format(" -command={}", shell_quoted(*step.command));
  for (const Text arg : step.args) line += fmt::format(" -args={}", shell_quoted(arg));
  for (const Text variable : step.env) line += fmt::format(" -env={}", shell_quoted(variable));
  if (step.oci_image) line += fmt::format(" -oci_image={}", shell_quoted(*step.oci_image));
  if (step.runtime) line += fmt::format(" -runtime={}", shell_quoted(*step.runtime));
  return line + fmt::format(" {} {}", shell_quoted(step.type), shell_quoted(step.name));
}

}  // namespace replug::simulator
