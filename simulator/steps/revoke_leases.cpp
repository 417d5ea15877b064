#include "simulator/steps/revoke_leases.h"

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/accesses.h"
#include "simulator/steps/commands.h"
#include "simulator/vault/leases.h"

namespace replug::simulator {

void accesses(const RevokeLeases& /*step*/, const Scope& /*scope*/, Accesses& out) {
  // A prefix may be the beginning of many paths, or lie below one.
  out.push_back({Access::Resource::mount_table, Text{}, false});
  out.push_back({Access::Resource::mount, Text{}, true});
  out.push_back({Access::Resource::connection, Text{}, true});
  access_to_load_plugins(out);
}

void declare(const RevokeLeases& step, const Scope& scope, WorldBuilder& world) {
  world.path(scope.name_space, step.prefix);
}

Reply apply(const RevokeLeases& step, const Scope& scope, Cluster& cluster) {
  return revoke_prefix(cluster, scope.node, scope.name_space, step.prefix, step.force.value_or(false));
}

std::string command_line(const RevokeLeases& step, const Terminal& terminal) {
  const bool force = step.force.value_or(false);
  return typed({.words = force ? "lease revoke -force -prefix" : RevokeLeases::typed_as.words}, typed_fields(step),
               terminal);
}

}  // namespace replug::simulator
