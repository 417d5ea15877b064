#include "simulator/vault/high_availability.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "simulator/vault/backend.h"
#include "simulator/vault/catalog.h"
#include "simulator/vault/database.h"
#include "simulator/vault/messages.h"
#include "simulator/vault/mounts.h"
#include "simulator/vault/processes.h"

namespace replug::simulator {

namespace {

const Capabilities& can(const Cluster& cluster, NodeId node) {
  return cluster.world().capabilities(cluster.node(node).server);
}

Role role(const Cluster& cluster, NodeId node) { return static_cast<Role>(cluster.node(node).role); }

bool is_dr_secondary(const Cluster& cluster, NodeId node) {
  return cluster.world().replica_kind(cluster.world().replica_of(node)) == Replica::dr_secondary;
}

// Vault loads the stored table by the number of path segments; entries of equal depth keep their order.
std::vector<MountId> load_order(const Cluster& cluster, Table table) {
  const auto stored = cluster.stored_order(table);
  std::vector<MountId> order(stored.begin(), stored.end());
  std::ranges::stable_sort(order, {}, [&](MountId mount) { return cluster.world().mount(mount).segments; });
  return order;
}

// From 1.12.2 on a built-in's version on a mount means none: the server has one version of it.
bool is_erased_builtin(const Cluster& cluster, NodeId node, const StoredMount& stored) {
  const World& world = cluster.world();
  return can(cluster, node).erases_builtin_versions && world.version(world.text(stored.version)).builtin;
}

Object stored_entry(const Cluster& cluster, NodeId node, MountId mount) {
  const StoredMount& stored = cluster.stored(mount);
  Object object{};
  object.plugin = stored.plugin;
  object.version = stored.version;
  if (is_erased_builtin(cluster, node, stored)) object.version = 0;
  // A server without plugin versions does not know that field of the stored table.
  if (!can(cluster, node).has_plugin_versions) object.version = 0;
  object.running_version = stored.running_version;
  object.running_sha256 = stored.running_sha256;
  object.backend = Backend::none;
  object.tainted = stored.tainted;
  return object;
}

// Before 1.12.3 an auth method that cannot be loaded is passed over only while an unversioned entry of its name is in
// the catalog.
bool stops_unseal(const Cluster& cluster, NodeId node, MountId mount) {
  if (can(cluster, node).skips_broken_auth_at_unseal || !cluster.world().mount(mount).auth) return false;
  return !is_shadowed(cluster, cluster.object(node, mount).plugin);
}

// One mount at an unseal. A plugin that cannot be loaded leaves its mount without a backend; false if the unseal stops
// at it.
bool load_mount(Cluster& cluster, NodeId node, MountId mount) {
  cluster.edit_object(node, mount) = stored_entry(cluster, node, mount);
  if (!create_backend(cluster, node, mount)) {
    if (!is_wrong_kind(cluster, node, mount)) return true;
    abandon(cluster, node, mount);
    return false;
  }
  const Cause before = cluster.because(Cause::load_failed);
  cluster.edit_object(node, mount).backend = Backend::none;
  cluster.because(before);
  return !stops_unseal(cluster, node, mount);
}

// Vault Enterprise makes every standby of a cluster a performance standby, or none.
Role role_beside_the_active(const Cluster& cluster, NodeId node) {
  const auto& nodes = cluster.world().description().nodes;
  for (NodeId other = 0; other < nodes.size(); ++other) {
    const bool together = cluster.world().replica_of(other) == cluster.world().replica_of(node);
    if (together && nodes[other].role == Role::performance_standby) return Role::performance_standby;
  }
  return Role::standby;
}

bool is_misplaced(const Cluster& cluster) {
  const auto mounts = cluster.stored_order(Table::secrets);
  const auto methods = cluster.stored_order(Table::auth);
  const auto misplaced = [&](MountId mount) { return cluster.stored(mount).misplaced != 0; };
  return std::ranges::any_of(mounts, misplaced) || std::ranges::any_of(methods, misplaced);
}

// The node that writes puts the table in order while it loads it: built-in versions are blanked for good.
void erase_builtin_versions(Cluster& cluster, NodeId node, std::span<const MountId> mounts) {
  if (!is_writer(cluster, node) || !can(cluster, node).erases_builtin_versions) return;
  for (const MountId mount : mounts) {
    if (is_erased_builtin(cluster, node, cluster.stored(mount))) cluster.edit_stored(mount).version = 0;
    // A database engine reads a built-in's version in a connection's configuration as none.
    for (const ConnectionId each : cluster.world().mount(mount).connections) {
      const Text version = cluster.world().text(cluster.connection(each).version);
      if (cluster.world().version(version).builtin) cluster.edit_connection(each).version = 0;
    }
  }
}

// What an unsealed node does that runs plugins: it loads the stored mount table. False if it cannot.
bool load_tables(Cluster& cluster, NodeId node) {
  if (can(cluster, node).misplaces_tune_from_root && is_misplaced(cluster)) return false;
  const auto writes = is_writer(cluster, node) ? Cluster::Writes::storage_too : Cluster::Writes::memory_only;
  for (const Table table : {Table::secrets, Table::auth}) {
    const std::vector<MountId> order = load_order(cluster, table);
    cluster.set_order(node, table, order, writes);
    erase_builtin_versions(cluster, node, order);
    for (const MountId mount : order) {
      if (!load_mount(cluster, node, mount)) return false;
    }
  }
  return true;
}

void close_everything(Cluster& cluster, NodeId node) {
  const Cause before = cluster.because(Cause::sealed);
  cluster.clear_memory(node);
  cluster.because(before);
}

// A wrong plugin's process, started while the tables were loaded, outlives the sealing that follows from it.
void keep_orphans_only(Cluster& cluster, NodeId node) {
  for (RecordId record = 1; record < cluster.world().records(); ++record) {
    const Process process = cluster.process(node, record);
    if (process.strangers == 0 && process.orphans == 0) continue;
    const unsigned left = process.orphans + (process.strangers != 0 && process.alive != 0 ? 1U : 0U);
    cluster.edit_process(node, record) = Process{};
    cluster.edit_process(node, record).orphans = left;
  }
}

// A node that could not load the tables lets go of all but the processes that nobody has on a list any more.
void give_up_loading(Cluster& cluster, NodeId node) {
  std::vector<Process> left;
  for (RecordId record = 0; record < cluster.world().records(); ++record) left.push_back(cluster.process(node, record));
  cluster.clear_memory(node);
  for (RecordId record = 0; record < left.size(); ++record) {
    if (left[record].strangers != 0 || left[record].orphans != 0) cluster.edit_process(node, record) = left[record];
  }
  keep_orphans_only(cluster, node);
}

// With storage that hands the lead on, a node that cannot load the tables gives the lead back and tries again later;
// with other storage the unseal fails (V1.14:vault/ha.go waitForLeadership, vault/core.go unsealInternal).
bool can_give_the_lead_back(const Cluster& cluster, NodeId node) {
  if (role(cluster, node) != Role::active) return false;
  return cluster.world().nodes() > 1 || cluster.world().description().storage.view() == "raft" ||
         (can(cluster, node).misplaces_tune_from_root && is_misplaced(cluster));
}

// The node loads what its role makes it load. One that cannot seals itself, or, where the lead is what it cannot take,
// stays standby.
void load(Cluster& cluster, NodeId node) {
  close_everything(cluster, node);
  if (!runs_plugins(cluster, node) || is_dr_secondary(cluster, node)) return;
  const Cause before = cluster.because(Cause::unsealed);
  if (!load_tables(cluster, node)) {
    give_up_loading(cluster, node);
    const bool waits = can_give_the_lead_back(cluster, node);
    NodeState& state = cluster.edit_node(node);
    state.stuck = waits ? 1 : 0;
    state.sealed = waits ? 0 : 1;
    state.role = static_cast<std::uint8_t>(role_beside_the_active(cluster, node));
  }
  cluster.because(before);
}

void set_role(Cluster& cluster, NodeId node, Role role_now) {
  if (role(cluster, node) != role_now) cluster.edit_node(node).role = static_cast<std::uint8_t>(role_now);
}

bool can_lead(const Cluster& cluster, NodeId node, std::uint32_t replica) {
  const NodeState& state = cluster.node(node);
  return cluster.world().replica_of(node) == replica && state.sealed == 0 && state.stuck == 0;
}

// Who takes over when `old` gives up: the one that is named, else the first in the order of the plan's nodes. One that
// could not load the tables is passed over.
NodeId successor(const Cluster& cluster, NodeId old, std::uint32_t replica, std::optional<NodeId> to = std::nullopt) {
  if (to && *to != old && can_lead(cluster, *to, replica)) return *to;
  for (NodeId node = 0; node < cluster.world().nodes(); ++node) {
    if (node != old && can_lead(cluster, node, replica)) return node;
  }
  return no_node;
}

// A node that does not write lets go of a mount.
void forget_mount(Cluster& cluster, NodeId node, MountId mount) {
  if (cluster.object(node, mount).backend == Backend::absent) return;
  close_connections(cluster, node, mount);
  close(cluster, node, mount);
  cluster.edit_object(node, mount) = Object{};
  cluster.remove(node, mount, Cluster::Writes::memory_only);
}

// Those that could not take the lead are ordinary standbys again once another has it.
void stop_trying(Cluster& cluster, NodeId leader) {
  if (is_misplaced(cluster)) return;
  for (NodeId node = 0; node < cluster.world().nodes(); ++node) {
    if (cluster.node(node).stuck == 0 || cluster.world().replica_of(node) != cluster.world().replica_of(leader))
      continue;
    cluster.edit_node(node).stuck = 0;
    load(cluster, node);
  }
}

// The lead goes to the node; where that cannot load the stored tables it goes on to the next one. The one that gave it
// up waits for some seconds before it tries again, so it comes last.
void take_over(Cluster& cluster, NodeId node, NodeId last = no_node) {
  for (NodeId next = node; next != no_node;) {
    cluster.edit_node(next).stuck = 0;
    set_role(cluster, next, Role::active);
    load(cluster, next);
    if (role(cluster, next) == Role::active) return stop_trying(cluster, next);
    next = successor(cluster, last, cluster.world().replica_of(node));
    if (next == no_node && last != no_node && can_lead(cluster, last, cluster.world().replica_of(last)))
      next = std::exchange(last, no_node);
  }
}

// The lead goes from one node to another; the old one then loads what a standby loads, unless it had to take the lead
// back.
void hand_lead_over(Cluster& cluster, NodeId from, NodeId to) {
  set_role(cluster, from, role_beside_the_active(cluster, from));
  take_over(cluster, to, from);
  const NodeState& left = cluster.node(from);
  if (role(cluster, from) != Role::active && left.sealed == 0 && left.stuck == 0) load(cluster, from);
}

}  // namespace

bool runs_plugins(const Cluster& cluster, NodeId node) {
  const NodeState& state = cluster.node(node);
  if (state.sealed != 0 || state.stuck != 0) return false;
  const World& world = cluster.world();
  if (world.replica_kind(world.replica_of(node)) == Replica::dr_secondary) return false;
  switch (static_cast<Role>(state.role)) {
    case Role::active:
      return true;
    case Role::performance_standby:
      return true;
    case Role::standby:
      return world.capabilities(state.server).standbys_serve_reads;
  }
  return false;
}

NodeId active_node(const Cluster& cluster, std::uint32_t replica) {
  for (NodeId node = 0; node < cluster.world().nodes(); ++node) {
    const NodeState& state = cluster.node(node);
    if (state.role == static_cast<std::uint8_t>(Role::active) && state.sealed == 0 &&
        cluster.world().replica_of(node) == replica)
      return node;
  }
  return no_node;
}

bool is_writer(const Cluster& cluster, NodeId node) {
  return role(cluster, node) == Role::active && cluster.world().replica_of(node) == 0;
}

bool serves_reads(const Cluster& cluster, NodeId node) {
  const NodeState& state = cluster.node(node);
  if (state.sealed != 0 || state.stuck != 0) return false;
  switch (role(cluster, node)) {
    case Role::active:
      return true;
    case Role::performance_standby:
      return true;
    case Role::standby:
      return can(cluster, node).standbys_serve_reads;
  }
  return false;
}

void restart(Cluster& cluster, NodeId node, std::optional<NodeId> to) {
  const bool was_active = role(cluster, node) == Role::active;
  close_everything(cluster, node);
  NodeState& state = cluster.edit_node(node);
  state.sealed = 0;
  state.stuck = 0;
  if (!was_active) {
    const bool leaderless = active_node(cluster, cluster.world().replica_of(node)) == no_node;
    leaderless ? take_over(cluster, node) : load(cluster, node);
    return;
  }
  // Named itself, it is back before a standby has noticed.
  const NodeId next = to == node ? node : successor(cluster, node, cluster.world().replica_of(node), to);
  if (next == no_node || next == node) {
    take_over(cluster, node);
  } else {
    hand_lead_over(cluster, node, next);
  }
}

void upgrade_server(Cluster& cluster, NodeId node, ServerId server, std::optional<NodeId> to) {
  close_everything(cluster, node);
  cluster.edit_node(node).server = server;
  restart(cluster, node, to);
}

Reply seal(Cluster& cluster, NodeId node, std::optional<NodeId> to) {
  if (cluster.node(node).sealed != 0) return succeeded(204);
  const bool was_active = role(cluster, node) == Role::active;
  close_everything(cluster, node);
  const NodeId next = was_active ? successor(cluster, node, cluster.world().replica_of(node), to) : no_node;
  NodeState& state = cluster.edit_node(node);
  state.sealed = 1;
  state.role = static_cast<std::uint8_t>(role_beside_the_active(cluster, node));
  if (next != no_node) take_over(cluster, next);
  Reply reply = succeeded(204);
  if (!was_active) reply.remarks.emplace_back(Code::seal_on_standby_unverified);
  return reply;
}

Reply unseal(Cluster& cluster, NodeId node) {
  if (cluster.node(node).sealed == 0) return succeeded(200);
  cluster.edit_node(node).sealed = 0;
  const bool leaderless = active_node(cluster, cluster.world().replica_of(node)) == no_node;
  set_role(cluster, node, role_beside_the_active(cluster, node));
  leaderless ? take_over(cluster, node) : load(cluster, node);
  return succeeded(200);
}

Reply step_down(Cluster& cluster, NodeId node, std::optional<NodeId> to) {
  if (role(cluster, node) != Role::active) return succeeded(204);
  const NodeId next = successor(cluster, node, cluster.world().replica_of(node), to);
  // Where the old leader is the new one nothing was loaded anew in any recording.
  if (next == no_node || to == node) return succeeded(204);
  close_everything(cluster, node);
  hand_lead_over(cluster, node, next);
  return succeeded(204);
}

void try_to_lead_again(Cluster& cluster) {
  for (NodeId node = 0; node < cluster.world().nodes(); ++node) {
    const NodeState& state = cluster.node(node);
    if (state.stuck == 0 || state.sealed != 0 || is_misplaced(cluster)) continue;
    if (active_node(cluster, cluster.world().replica_of(node)) == no_node) take_over(cluster, node);
  }
}

void reload_restored(Cluster& cluster, NodeId node) { take_over(cluster, node); }

void follow_mount(Cluster& cluster, NodeId writer, MountId mount) {
  const bool stored = cluster.stored(mount).exists != 0;
  const Cause before = cluster.because(Cause::followed);
  for (NodeId node = 0; node < cluster.world().nodes(); ++node) {
    if (node == writer || !runs_plugins(cluster, node) || is_dr_secondary(cluster, node)) continue;
    const bool known = cluster.object(node, mount).backend != Backend::absent;
    if (stored && !known) {
      cluster.append(node, mount, Cluster::Writes::memory_only);
      // A standby that cannot start it starts its core anew and loads every mount from the store.
      const bool loaded = load_mount(cluster, node, mount);
      if (!loaded || cluster.object(node, mount).backend == Backend::none) load(cluster, node);
    } else if (stored && can(cluster, node).followers_learn_versions) {
      const TextId version = cluster.stored(mount).version;
      if (cluster.object(node, mount).version != version) cluster.edit_object(node, mount).version = version;
    } else if (!stored && known) {
      forget_mount(cluster, node, mount);
    }
  }
  cluster.because(before);
}

void move_on_node(Cluster& cluster, NodeId node, NodeId writer, MountId from, MountId to) {
  const World& world = cluster.world();
  const bool writes = node == writer;
  // A standby may still hold a mount there that storage has no more (a snapshot was restored): the new one takes its
  // place.
  if (cluster.object(node, from).backend != Backend::absent) forget_mount(cluster, node, to);
  for (const ConnectionId old : world.mount(from).connections) {
    const ConnectionId now = world.connection(to, world.connection(old).name);
    hand_over(cluster, node, cluster.user_of(old), cluster.user_of(now));
    if (!writes) continue;
    cluster.edit_connection(now) = cluster.connection(old);
    cluster.edit_connection(old) = {};
  }
  if (cluster.object(node, from).backend == Backend::absent) return;
  hand_over(cluster, node, from, to);
  cluster.replace(node, from, to, writes ? Cluster::Writes::storage_too : Cluster::Writes::memory_only);
  cluster.mark_unwritten(to);
}

}  // namespace replug::simulator
