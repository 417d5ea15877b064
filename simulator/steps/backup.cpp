#include "simulator/steps/backup.h"

#include <fmt/format.h>

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/shell.h"
#include "simulator/vault/snapshots.h"

namespace replug::simulator {

void accesses(const Backup& step, const Scope& /*scope*/, Accesses& out) {
  out.push_back({Access::Resource::everything, Text{}, false});
  out.push_back({Access::Resource::snapshot, step.name.value_or(Text{}), true});
}

void declare(const Backup& /*step*/, const Scope& /*scope*/, WorldBuilder& /*world*/) {}

Reply apply(const Backup& step, const Scope& scope, Cluster& cluster) {
  return take_snapshot(cluster, scope.node, step.name);
}

std::string command_line(const Backup& step, const Terminal& terminal) {
  return fmt::format("{} {}.snap", vault_command(terminal, "operator raft snapshot save"),
                     shell_quoted(step.name ? step.name->str() : "backup"));
}

}  // namespace replug::simulator
