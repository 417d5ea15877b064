#include "simulator/steps/tune.h"

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/accesses.h"
#include "simulator/steps/commands.h"
#include "simulator/steps/shell.h"
#include "simulator/vault/mounts.h"

namespace replug::simulator {

void accesses(const Tune& step, const Scope& scope, Accesses& out) {
  for (const Text path : step.path) out.push_back({Access::Resource::mount, mount_subject(scope, path), true});
  out.push_back({Access::Resource::catalog, Text{}, false});
  out.push_back({Access::Resource::pin, Text{}, false});
  // A write of the table also writes down what every mount in it runs now.
  out.push_back({Access::Resource::mount_table, Text{}, true});
}

void declare(const Tune& step, const Scope& scope, WorldBuilder& world) {
  for (const Text path : step.path) {
    world.path(scope.name_space, path);
    world.route(scope.name_space, path);
  }
  world.version(step.plugin_version);
}

Reply apply(const Tune& step, const Scope& scope, Cluster& cluster) {
  Reply reply = succeeded(204);
  for (const Text path : step.path) {
    Reply one = tune(cluster, scope.node, scope.name_space, path, step.plugin_version);
    if (!one.ok()) return one;
    reply = std::move(one);
  }
  return reply;
}

// The command takes one path.
std::string command_line(const Tune& step, const Terminal& terminal) {
  std::string lines;
  for (const Text path : step.path) {
    lines += lines.empty() ? "" : " && ";
    lines += typed(Tune{{path}, step.plugin_version}, terminal);
  }
  return lines;
}

}  // namespace replug::simulator
