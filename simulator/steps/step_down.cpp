#include "simulator/steps/step_down.h"

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/commands.h"
#include "simulator/steps/shell.h"
#include "simulator/vault/high_availability.h"

namespace replug::simulator {

void accesses(const StepDown& /*step*/, const Scope& /*scope*/, Accesses& out) {
  out.push_back({Access::Resource::everything, Text{}, true});
}

void declare(const StepDown& /*step*/, const Scope& /*scope*/, WorldBuilder& /*world*/) {}

Reply apply(const StepDown& step, const Scope& scope, Cluster& cluster) {
  return step_down(cluster, scope.node, node_named(cluster, step.to));
}

std::string command_line(const StepDown& step, const Terminal& terminal) { return typed(step, terminal); }

}  // namespace replug::simulator
