#include "simulator/steps/reload.h"

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/accesses.h"
#include "simulator/steps/commands.h"
#include "simulator/steps/shell.h"
#include "simulator/vault/reload.h"

namespace replug::simulator {

void accesses(const Reload& step, const Scope& scope, Accesses& out) {
  for (const Text path : step.mounts.value_or(std::vector<Text>{})) {
    out.push_back({Access::Resource::mount, mount_subject(scope, path), true});
  }
  if (step.plugin) out.push_back({Access::Resource::mount, Text{}, true});
  if (step.plugin) out.push_back({Access::Resource::connection, Text{}, true});
  out.push_back({Access::Resource::mount_table, Text{}, true});
  access_to_load_plugins(out);
}

void declare(const Reload& step, const Scope& scope, WorldBuilder& world) {
  for (const Text path : step.mounts.value_or(std::vector<Text>{})) {
    const Text meant = world.texts().intern(mount_meant(path.view()));
    world.path(scope.name_space, meant);
    world.route(scope.name_space, meant);
  }
}

Reply apply(const Reload& step, const Scope& scope, Cluster& cluster) {
  return reload(cluster, scope.node, scope.name_space, step);
}

namespace {

// From the root namespace the tool of Vault 1.16 and later asks the endpoint of a type and a name, also for a list of
// mounts, which that endpoint does not know: 404.
bool can_type_mounts(const Terminal& terminal) {
  return !terminal.name_space.empty() || !capabilities_of(terminal.server).has_reload_by_type;
}

}  // namespace

std::string command_line(const Reload& step, const Terminal& terminal) {
  if (!step.mounts || can_type_mounts(terminal)) return typed(step, terminal);
  std::vector<TypedField> fields = typed_fields(step);
  std::erase_if(fields, [](const TypedField& field) { return field.meaning == Meaning::type; });
  for (TypedField& field : fields) field.argument = pair(field.name);
  return typed({.words = "write", .path = "sys/plugins/reload/backend"}, fields, terminal);
}

}  // namespace replug::simulator
