#include "simulator/steps/restore.h"

#include <fmt/format.h>

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/shell.h"
#include "simulator/vault/snapshots.h"

namespace replug::simulator {

void accesses(const Restore& step, const Scope& /*scope*/, Accesses& out) {
  out.push_back({Access::Resource::everything, Text{}, true});
  out.push_back({Access::Resource::snapshot, step.name.value_or(Text{}), false});
}

void declare(const Restore& step, const Scope& /*scope*/, WorldBuilder& world) { world.restored(step.name); }

Reply apply(const Restore& step, const Scope& scope, Cluster& cluster) {
  return restore_snapshot(cluster, scope.node, step.name);
}

std::string command_line(const Restore& step, const Terminal& terminal) {
  return fmt::format("{} {}.snap", vault_command(terminal, "operator raft snapshot restore"),
                     shell_quoted(step.name ? step.name->str() : "backup"));
}

}  // namespace replug::simulator
