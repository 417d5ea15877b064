#include "simulator/vault/leases.h"

#include <algorithm>
#include <string_view>

#include "simulator/vault/backend.h"
#include "simulator/vault/database.h"
#include "simulator/vault/messages.h"
#include "simulator/vault/processes.h"

namespace replug::simulator {

namespace {

/// What becomes of a lease whose plugin cannot be reached.
enum class Unreachable : std::uint8_t {
  stops,      ///< it stays, and so do those behind it
  stays,      ///< it stays; the others are revoked all the same
  forgotten,  ///< it is forgotten
};

// Leases of an engine that the cluster counts without a connection may be of any: they are taken to be of each.
bool may_have_leases(const Cluster& cluster, ConnectionId connection) {
  const StoredConnection& stored = cluster.connection(connection);
  return stored.exists != 0 && stored.leases + cluster.stored(cluster.world().connection(connection).mount).leases != 0;
}

void forget_leases(Cluster& cluster, ConnectionId connection) {
  if (cluster.connection(connection).leases != 0) cluster.edit_connection(connection).leases = 0;
}

void forget_own_leases(Cluster& cluster, MountId mount) {
  if (cluster.stored(mount).leases != 0) cluster.edit_stored(mount).leases = 0;
}

// Tokens are the token store's, and a built-in is always there. Any other plugin has to be reached, which starts it if
// its process is gone.
std::optional<Message> reach_plugin(Cluster& cluster, NodeId node, MountId mount) {
  const Backend backend = cluster.object(node, mount).backend;
  if (cluster.world().mount(mount).auth) return std::nullopt;
  if (backend == Backend::shell) return Message{Code::not_handshaken};
  if (backend != Backend::plugin || is_alive(cluster, node, mount)) return std::nullopt;
  return respawn(cluster, node, mount);
}

Message not_revoked(const Cluster& cluster, MountId mount, Text connection, std::uint32_t done, Message why) {
  Message error{connection.empty() ? Code::lease_not_revoked : Code::credentials_not_revoked,
                cluster.world().mount(mount).local, connection};
  error.inner.push_back(std::move(why));
  error.numbers = {done + 1, outstanding_leases(cluster, mount) + done};
  return error;
}

// The leases of a connection; nothing if none is left, else why.
std::optional<Message> revoke_credentials(Cluster& cluster, NodeId node, ConnectionId connection,
                                          Unreachable unreachable) {
  auto why = reach_connection(cluster, node, connection);
  if (!why || unreachable == Unreachable::forgotten) {
    forget_leases(cluster, connection);
    return std::nullopt;
  }
  return why;
}

// In the order of their paths: those of the connections by name, then those of which no more is known.
std::optional<Message> revoke(Cluster& cluster, NodeId node, MountId mount, Unreachable unreachable) {
  const World& world = cluster.world();
  std::uint32_t done = 0;
  std::optional<Message> first;
  const auto keep = [&](Text connection, Message why) {
    if (!first) first = not_revoked(cluster, mount, connection, done, std::move(why));
    return unreachable == Unreachable::stops;
  };
  for (const ConnectionId each : world.mount(mount).connections) {
    if (!may_have_leases(cluster, each)) continue;
    const std::uint32_t leases = cluster.connection(each).leases;
    if (auto why = revoke_credentials(cluster, node, each, unreachable)) {
      if (keep(world.connection(each).name, *std::move(why))) return first;
    } else {
      done += leases;
    }
  }
  if (first || cluster.stored(mount).leases == 0) return first;
  if (auto why = reach_plugin(cluster, node, mount); why && unreachable != Unreachable::forgotten) {
    keep(Text{}, *std::move(why));
  } else {
    forget_own_leases(cluster, mount);
  }
  return first;
}

// What is queued is tried again after a while: a revocation that failed because a process was dead has thrown it away.
std::optional<Message> revoke_in_the_background(Cluster& cluster, NodeId node, MountId mount) {
  if (!revoke(cluster, node, mount, Unreachable::stays)) return std::nullopt;
  return revoke(cluster, node, mount, Unreachable::stays);
}

// The connection whose credentials lie below a prefix that is longer than the path of the engine.
ConnectionId connection_below(const Cluster& cluster, MountId mount, std::string_view below) {
  constexpr std::string_view credentials = "creds/probe-";
  if (!below.starts_with(credentials)) return no_connection;
  below.remove_prefix(credentials.size());
  below.remove_suffix(1);
  const auto& connections = cluster.world().mount(mount).connections;
  const auto found = std::ranges::find_if(connections, [&](ConnectionId each) {
    return cluster.world().connection(each).name.view() == below && cluster.connection(each).exists != 0;
  });
  return found == connections.end() ? no_connection : *found;
}

std::optional<Message> revoke_below(Cluster& cluster, NodeId node, MountId mount, bool force) {
  if (!force) return revoke_in_the_background(cluster, node, mount);
  return revoke(cluster, node, mount, Unreachable::forgotten);
}

// A part of the leases of one mount. Which role of an engine belongs to which connection is not known, nor which leases
// of another plugin lie below which of its paths.
void revoke_part(Cluster& cluster, NodeId node, MountId mount, std::string_view below, bool force, Reply& reply) {
  if (outstanding_leases(cluster, mount) == 0) return;
  const bool engine = is_database_engine(cluster, cluster.stored(mount).plugin);
  if (engine && below == "creds/") {
    if (revoke_below(cluster, node, mount, force)) reply.remarks.emplace_back(Code::queued_revocation_unverified);
    return;
  }
  const ConnectionId connection = connection_below(cluster, mount, below);
  if (!engine || connection == no_connection) {
    reply.remarks.emplace_back(Code::leases_below_not_modelled, cluster.world().mount(mount).local);
    return;
  }
  const Unreachable unreachable = force ? Unreachable::forgotten : Unreachable::stays;
  if (!revoke_credentials(cluster, node, connection, unreachable)) return;
  if (revoke_credentials(cluster, node, connection, unreachable))
    reply.remarks.emplace_back(Code::queued_revocation_unverified);
}

}  // namespace

void issue_lease(Cluster& cluster, ConnectionId connection) {
  if (cluster.connection(connection).leases < most_leases) ++cluster.edit_connection(connection).leases;
}

std::uint32_t outstanding_leases(const Cluster& cluster, MountId mount) {
  std::uint32_t leases = cluster.stored(mount).leases;
  for (const ConnectionId each : cluster.world().mount(mount).connections) leases += cluster.connection(each).leases;
  return leases;
}

std::optional<Message> revoke_leases(Cluster& cluster, NodeId node, MountId mount) {
  return revoke(cluster, node, mount, Unreachable::stops);
}

Reply revoke_prefix(Cluster& cluster, NodeId node, Text name_space, Text prefix, bool force) {
  const World& world = cluster.world();
  Reply reply = succeeded(force ? 204 : 202);
  for (const MountId mount : world.overlapping(world.mount(world.full_path(name_space, prefix)))) {
    if (cluster.stored(mount).exists == 0 || world.mount(mount).name_space != name_space) continue;
    std::string_view below = prefix.view();
    const std::string_view path = world.mount(mount).local.view();
    if (below.size() > path.size()) {
      below.remove_prefix(path.size());
      revoke_part(cluster, node, mount, below, force, reply);
    } else if (revoke_below(cluster, node, mount, force)) {
      reply.remarks.emplace_back(Code::queued_revocation_unverified);
    }
  }
  return reply;
}

}  // namespace replug::simulator
