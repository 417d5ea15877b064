#include "simulator/steps/unseal.h"

#include <fmt/format.h>

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/shell.h"
#include "simulator/vault/high_availability.h"

namespace replug::simulator {

void accesses(const Unseal& /*step*/, const Scope& /*scope*/, Accesses& out) {
  out.push_back({Access::Resource::everything, Text{}, true});
}

void declare(const Unseal& /*step*/, const Scope& /*scope*/, WorldBuilder& /*world*/) {}

Reply apply(const Unseal& step, const Scope& /*scope*/, Cluster& cluster) {
  return unseal(cluster, cluster.world().node(step.node));
}

std::string command_line(const Unseal& step, const Terminal& terminal) {
  return fmt::format("{}  # on {}", vault_command(terminal, "operator unseal"), step.node.view());
}

}  // namespace replug::simulator
