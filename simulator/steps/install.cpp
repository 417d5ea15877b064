#include "simulator/steps/install.h"

#include <fmt/format.h>

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/shell.h"

namespace replug::simulator {

void accesses(const Install& step, const Scope& /*scope*/, Accesses& out) {
  out.push_back({Access::Resource::file, step.file, true});
}

namespace {

Binary contents(const Install& step, Text sha256) {
  return {sha256, step.type.value_or(Text{}), step.reports_version.value_or(Text{}), step.multiplexed.value_or(false),
          step.starts.value_or(true)};
}

}  // namespace

void declare(const Install& step, const Scope& /*scope*/, WorldBuilder& world) {
  world.binary(contents(step, step.sha256), step.file);
}

Reply apply(const Install& step, const Scope& scope, Cluster& cluster) {
  const World& world = cluster.world();
  const BinaryId binary = world.binary(contents(step, world.texts().find(lower_case(step.sha256.view()))));
  const BinaryId& there = cluster.file(scope.node, world.file(step.file));
  if (there != binary) {
    const Cause before = cluster.because(Cause::file_placed);
    cluster.edit_file(scope.node, world.file(step.file)) = binary;
    cluster.because(before);
  }
  return happened();
}

std::string command_line(const Install& step, const Terminal& /*terminal*/) {
  return fmt::format("install -m 0755 {} PLUGIN_DIRECTORY/", shell_quoted(step.file));
}

}  // namespace replug::simulator
