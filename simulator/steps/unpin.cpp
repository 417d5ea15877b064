#include "simulator/steps/unpin.h"

#include <fmt/format.h>

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/shell.h"
#include "simulator/vault/pins.h"

namespace replug::simulator {

void accesses(const Unpin& step, const Scope& /*scope*/, Accesses& out) {
  out.push_back({Access::Resource::pin, step.name, true});
  out.push_back({Access::Resource::catalog, step.name, false});
}

void declare(const Unpin& step, const Scope& /*scope*/, WorldBuilder& world) { world.plugin(step.type, step.name); }

Reply apply(const Unpin& step, const Scope& scope, Cluster& cluster) {
  return unpin(cluster, scope.node, step.type, step.name);
}

std::string command_line(const Unpin& step, const Scope& scope) {
  return fmt::format("{} sys/plugins/pins/{}/{}", vault_command(scope, "delete"), shell_quoted(step.type),
                     shell_quoted(step.name));
}

}  // namespace replug::simulator
