#include "simulator/steps/pin.h"

#include <fmt/format.h>

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/shell.h"
#include "simulator/vault/pins.h"

namespace replug::simulator {

void accesses(const Pin& step, const Scope& /*scope*/, Accesses& out) {
  out.push_back({Access::Resource::pin, step.name, true});
  out.push_back({Access::Resource::catalog, step.name, false});
}

void declare(const Pin& step, const Scope& /*scope*/, WorldBuilder& world) {
  world.plugin(step.type, step.name);
  world.version(step.version);
}

Reply apply(const Pin& step, const Scope& scope, Cluster& cluster) {
  return pin(cluster, scope.node, step.type, step.name, step.version);
}

std::string command_line(const Pin& step, const Scope& scope) {
  return fmt::format("{} sys/plugins/pins/{}/{} version={}", vault_command(scope, "write"), shell_quoted(step.type),
                     shell_quoted(step.name), shell_quoted(step.version.value_or(Text{})));
}

}  // namespace replug::simulator
