#include "simulator/steps/request.h"

#include <fmt/format.h>

#include "simulator/medium/cluster.h"
#include "simulator/medium/world_builder.h"
#include "simulator/steps/accesses.h"
#include "simulator/steps/commands.h"
#include "simulator/steps/shell.h"
#include "simulator/vault/database.h"
#include "simulator/vault/request.h"

namespace replug::simulator {

void accesses(const Request& step, const Scope& /*scope*/, Accesses& out) {
  // A request may start a process that is gone, so it writes what it asks.
  out.push_back({Access::Resource::mount_table, Text{}, false});
  out.push_back({step.database ? Access::Resource::connection : Access::Resource::mount, Text{}, true});
  access_to_load_plugins(out);
}

void declare(const Request& step, const Scope& scope, WorldBuilder& world) {
  if (step.path) world.route(scope.name_space, *step.path);
  if (step.database) world.connection(scope.name_space, *step.database);
}

Reply apply(const Request& step, const Scope& scope, Cluster& cluster) {
  if (step.database) return request_credentials(cluster, scope.node, scope.name_space, *step.database);
  return request_path(cluster, scope.node, scope.name_space, step.path.value_or(Text{}));
}

// Credentials are read from an engine and written to an auth method: a login.
std::string command_line(const Request& step, const Terminal& terminal) {
  if (!step.database) {
    const bool login = command_group(step.path.value_or(Text{})) == "auth";
    return typed({.words = login ? "write" : Request::typed_as.words}, typed_fields(step), terminal);
  }
  const std::string_view label = step.database->view();
  const std::size_t slash = label.rfind('/');
  const std::string mount(slash == std::string_view::npos ? std::string_view{} : label.substr(0, slash + 1));
  return fmt::format("{} {}creds/ROLE", vault_command(terminal, "read"), shell_quoted(mount));
}

}  // namespace replug::simulator
