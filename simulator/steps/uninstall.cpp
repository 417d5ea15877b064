#include "simulator/steps/uninstall.h"

#include <fmt/format.h>

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/shell.h"

namespace replug::simulator {

void accesses(const Uninstall& step, const Scope& /*scope*/, Accesses& out) {
  out.push_back({Access::Resource::file, step.file, true});
}

void declare(const Uninstall& step, const Scope& /*scope*/, WorldBuilder& world) { world.file(step.file); }

Reply apply(const Uninstall& step, const Scope& scope, Cluster& cluster) {
  const FileId file = cluster.world().file(step.file);
  if (cluster.file(scope.node, file) != 0) {
    const Cause before = cluster.because(Cause::file_placed);
    cluster.edit_file(scope.node, file) = 0;
    cluster.because(before);
  }
  return happened();
}

std::string command_line(const Uninstall& step, const Terminal& /*terminal*/) {
  return fmt::format("rm PLUGIN_DIRECTORY/{}", shell_quoted(step.file));
}

}  // namespace replug::simulator
