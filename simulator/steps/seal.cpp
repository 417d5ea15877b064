#include "simulator/steps/seal.h"

#include <fmt/format.h>

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/shell.h"
#include "simulator/vault/high_availability.h"

namespace replug::simulator {

void accesses(const Seal& /*step*/, const Scope& /*scope*/, Accesses& out) {
  out.push_back({Access::Resource::everything, Text{}, true});
}

void declare(const Seal& /*step*/, const Scope& /*scope*/, WorldBuilder& /*world*/) {}

Reply apply(const Seal& step, const Scope& /*scope*/, Cluster& cluster) {
  return seal(cluster, cluster.world().node(step.node), node_named(cluster, step.to));
}

std::string command_line(const Seal& step, const Terminal& terminal) {
  return fmt::format("{}  # on {}", vault_command(terminal, "operator seal"), step.node.view());
}

}  // namespace replug::simulator
