#include "simulator/steps/pause.h"

#include <fmt/format.h>

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"

namespace replug::simulator {

void accesses(const Check& /*step*/, const Scope& /*scope*/, Accesses& out) {
  out.push_back({Access::Resource::everything, Text{}, false});
}

void declare(const Check& step, const Scope& /*scope*/, WorldBuilder& world) {
  for (const Expectation& expectation : step.expectations) world.expectation(expectation);
}

Reply apply(const Check& /*step*/, const Scope& /*scope*/, Cluster& /*cluster*/) { return happened(); }

std::string command_line(const Check& step, const Terminal& /*terminal*/) {
  return fmt::format("(check {} expectation{})", step.expectations.size(), step.expectations.size() == 1 ? "" : "s");
}

void accesses(const Confirm& /*step*/, const Scope& /*scope*/, Accesses& out) {
  out.push_back({Access::Resource::everything, Text{}, true});
}

void declare(const Confirm& /*step*/, const Scope& /*scope*/, WorldBuilder& /*world*/) {}

Reply apply(const Confirm& /*step*/, const Scope& /*scope*/, Cluster& /*cluster*/) { return happened(); }

std::string command_line(const Confirm& step, const Terminal& /*terminal*/) {
  return fmt::format("(a person confirms: {})", step.question.view());
}

}  // namespace replug::simulator
