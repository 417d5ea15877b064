#include "simulator/steps/restart.h"

#include <fmt/format.h>

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/shell.h"
#include "simulator/vault/high_availability.h"

namespace replug::simulator {

void accesses(const Restart& /*step*/, const Scope& /*scope*/, Accesses& out) {
  out.push_back({Access::Resource::everything, Text{}, true});
}

void declare(const Restart& /*step*/, const Scope& /*scope*/, WorldBuilder& /*world*/) {}

Reply apply(const Restart& step, const Scope& /*scope*/, Cluster& cluster) {
  restart(cluster, cluster.world().node(step.node), node_named(cluster, step.to));
  return happened();
}

std::string command_line(const Restart& step, const Terminal& /*terminal*/) {
  return fmt::format("(restart the server)  # on {}", step.node.view());
}

}  // namespace replug::simulator
