#include "simulator/vault/request.h"

#include <algorithm>
#include <array>

#include "simulator/vault/backend.h"
#include "simulator/vault/messages.h"
#include "simulator/vault/mounts.h"
#include "simulator/vault/processes.h"

namespace replug::simulator {

namespace {

Reply answered_by(const Cluster& cluster, const Object& object) {
  Reply reply = succeeded(200);
  const Record& record = cluster.world().record(object.record);
  reply.answered_by = {record.version, record.sha256};
  return reply;
}

// Which paths a built-in has is its own documentation's matter; of transit they are known, because it is the one whose
// name plugins are registered over in the recordings. https://developer.hashicorp.com/vault/api-docs/secret/transit
bool has_path(std::string_view plugin, std::string_view below) {
  constexpr std::array transit = {"keys",    "wrapping_key", "import", "export",      "encrypt", "decrypt", "rewrap",
                                  "datakey", "random",       "hash",   "hmac",        "sign",    "verify",  "backup",
                                  "restore", "cache-config", "config", "byok-export", "csr"};
  if (plugin != "transit") return true;
  return std::ranges::find(transit, below.substr(0, below.find('/'))) != transit.end();
}

Reply ask_builtin(const Cluster& cluster, NodeId node, MountId mount, const Route& route) {
  const World& world = cluster.world();
  const std::string_view plugin = world.plugin(cluster.object(node, mount).plugin).name.view();
  const std::string_view below =
      route.within.view().substr(std::min(world.mount(mount).local.view().size(), route.within.view().size()));
  if (!has_path(plugin, below)) return failed(Code::unsupported_path, 404);
  return succeeded(200);
}

// The server's own mounts (sys/, identity/, cubbyhole/, auth/token/) answer themselves; what they say is not about
// plugins.
Reply ask_server() {
  Reply reply = succeeded(200);
  reply.remarks.emplace_back(Code::own_mounts_not_modelled);
  return reply;
}

}  // namespace

MountId mount_for(const Cluster& cluster, NodeId node, const Route& route) {
  const auto there = std::ranges::find_if(
      route.mounts, [&](MountId mount) { return cluster.object(node, mount).backend != Backend::absent; });
  return there == route.mounts.end() ? no_mount : *there;
}

Reply request_path(Cluster& cluster, NodeId node, Text name_space, Text path) {
  const Route& route = cluster.world().route(name_space, path);
  const MountId mount = mount_for(cluster, node, route);
  if (mount == no_mount && !singleton_at(false, route.within.view()).empty()) return ask_server();
  if (mount == no_mount) return refused(404, {Code::no_route, route.within});
  const Object& object = cluster.object(node, mount);
  // The router looks for a backend before it looks at the taint: after a restart a mount that is both is said to have
  // no backend (recorded).
  if (object.backend == Backend::none) return refused(404, {Code::no_backend, route.within});
  if (object.tainted != 0) return turned_away(cluster, node, mount, route.within);
  switch (object.backend) {
    case Backend::absent:
    case Backend::none:
      break;
    case Backend::in_core:
      return ask_builtin(cluster, node, mount, route);
    case Backend::shell:
      return meet_shell(cluster, node, mount);
    case Backend::plugin:
      break;
  }
  if (is_alive(cluster, node, mount)) return answered_by(cluster, object);
  if (const auto error = respawn(cluster, node, mount)) return failed(*error);
  return answered_by(cluster, object);
}

}  // namespace replug::simulator
