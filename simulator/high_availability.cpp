#include "simulator/high_availability.h"

#include <algorithm>
#include <vector>

#include "simulator/backend.h"
#include "simulator/catalog.h"
#include "simulator/database.h"
#include "simulator/mounts.h"
#include "simulator/processes.h"
#include "simulator/view.h"

namespace replug::simulator {

namespace {

const Capabilities& can(const Cluster& cluster, NodeId node) { return cluster.world().capabilities(cluster.node(node).server); }

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

Object stored_entry(const Cluster& cluster, NodeId node, MountId mount) {
  const StoredMount& stored = cluster.stored(mount);
  const World& world = cluster.world();
  Object object{};
  object.plugin = stored.plugin;
  object.version = stored.version;
  if (can(cluster, node).erases_builtin_versions && world.version(world.text(stored.version)).builtin) object.version = 0;
  object.running_version = stored.running_version;
  object.running_sha256 = stored.running_sha256;
  object.backend = Backend::none;
  object.tainted = stored.tainted;
  return object;
}

// Before 1.12.3 an auth method that cannot be loaded is passed over only while an unversioned entry of its name is in the catalog.
bool stops_unseal(const Cluster& cluster, NodeId node, MountId mount) {
  if (can(cluster, node).skips_broken_auth_at_unseal || !cluster.world().mount(mount).auth) return false;
  return !is_shadowed(cluster, cluster.object(node, mount).plugin);
}

// One mount at an unseal. A plugin that cannot be loaded leaves its mount without a backend; false if the unseal stops at it.
bool load_mount(Cluster& cluster, NodeId node, MountId mount) {
  cluster.edit(cluster.object(node, mount)) = stored_entry(cluster, node, mount);
  if (!create_backend(cluster, node, mount)) {
    if (!is_wrong_kind(cluster, node, mount)) return true;
    abandon(cluster, node, mount);
    return false;
  }
  const Cause before = cluster.because(Cause::load_failed);
  cluster.edit(cluster.object(node, mount)).backend = Backend::none;
  cluster.because(before);
  return !stops_unseal(cluster, node, mount);
}

bool is_misplaced(const Cluster& cluster) {
  const auto mounts = cluster.stored_order(Table::secrets);
  const auto methods = cluster.stored_order(Table::auth);
  const auto misplaced = [&](MountId mount) { return cluster.stored(mount).misplaced != 0; };
  return std::ranges::any_of(mounts, misplaced) || std::ranges::any_of(methods, misplaced);
}

// What an unsealed node does that runs plugins: it loads the stored mount table. False if it cannot.
bool load_tables(Cluster& cluster, NodeId node) {
  if (can(cluster, node).misplaces_tune_from_root && is_misplaced(cluster)) return false;
  const auto writes = is_writer(cluster, node) ? Cluster::Writes::storage_too : Cluster::Writes::memory_only;
  for (const Table table : {Table::secrets, Table::auth}) {
    const std::vector<MountId> order = load_order(cluster, table);
    cluster.set_order(node, table, order, writes);
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
    cluster.edit(cluster.process(node, record)) = Process{};
    cluster.edit(cluster.process(node, record)).orphans = left & 0x7fffU;
  }
}

// The node loads what its role makes it load. One that cannot seals itself, or, where the lead is what it cannot take, stays standby.
void load(Cluster& cluster, NodeId node) {
  close_everything(cluster, node);
  if (!runs_plugins(cluster, node) || is_dr_secondary(cluster, node)) return;
  const Cause before = cluster.because(Cause::unsealed);
  if (!load_tables(cluster, node)) {
    const bool misplaced = can(cluster, node).misplaces_tune_from_root && is_misplaced(cluster);
    std::vector<Process> left;
    for (RecordId record = 0; record < cluster.world().records(); ++record) left.push_back(cluster.process(node, record));
    cluster.clear_memory(node);
    for (RecordId record = 0; record < left.size(); ++record) {
      if (left[record].strangers != 0 || left[record].orphans != 0) cluster.edit(cluster.process(node, record)) = left[record];
    }
    keep_orphans_only(cluster, node);
    NodeState& state = cluster.edit(cluster.node(node));
    if (misplaced) {
      state.role = static_cast<std::uint8_t>(Role::standby);
      state.stuck = 1;
    } else {
      state.sealed = 1;
    }
  }
  cluster.because(before);
}

void set_role(Cluster& cluster, NodeId node, Role role_now) {
  if (role(cluster, node) != role_now) cluster.edit(cluster.node(node)).role = static_cast<std::uint8_t>(role_now);
}

bool can_lead(const Cluster& cluster, NodeId node, std::uint32_t replica) {
  const NodeState& state = cluster.node(node);
  return cluster.world().replica_of(node) == replica && state.sealed == 0 && state.stuck == 0;
}

// Who takes over when `old` gives up: the one that is named, else the first in the order of the plan's nodes.
NodeId successor(const Cluster& cluster, NodeId old, std::optional<NodeId> to) {
  const std::uint32_t replica = cluster.world().replica_of(old);
  if (to && (*to == old || can_lead(cluster, *to, replica))) return *to;
  for (NodeId node = 0; node < cluster.world().nodes(); ++node) {
    if (node != old && can_lead(cluster, node, replica)) return node;
  }
  return no_node;
}

void take_over(Cluster& cluster, NodeId node) {
  set_role(cluster, node, Role::active);
  load(cluster, node);
}

Role role_beside_the_active(const Cluster& cluster, NodeId node) {
  return cluster.world().description().nodes[node].role == Role::performance_standby ? Role::performance_standby : Role::standby;
}

}  // namespace

bool is_writer(const Cluster& cluster, NodeId node) {
  return role(cluster, node) == Role::active && cluster.world().replica_of(node) == 0;
}

bool serves_reads(const Cluster& cluster, NodeId node) {
  const NodeState& state = cluster.node(node);
  if (state.sealed != 0 || state.stuck != 0) return false;
  switch (role(cluster, node)) {
    case Role::active: return true;
    case Role::performance_standby: return true;
    case Role::standby: return can(cluster, node).standbys_serve_reads;
  }
  return false;
}

void restart(Cluster& cluster, NodeId node, std::optional<NodeId> to) {
  const bool was_active = role(cluster, node) == Role::active;
  close_everything(cluster, node);
  NodeState& state = cluster.edit(cluster.node(node));
  state.sealed = 0;
  state.stuck = 0;
  if (!was_active) {
    const bool leaderless = active_node(cluster, cluster.world().replica_of(node)) == no_node;
    if (leaderless) set_role(cluster, node, Role::active);
    load(cluster, node);
    return;
  }
  const NodeId next = successor(cluster, node, to);
  if (next == no_node || next == node) {
    take_over(cluster, node);
    return;
  }
  set_role(cluster, node, role_beside_the_active(cluster, node));
  take_over(cluster, next);
  load(cluster, node);
}

void upgrade_server(Cluster& cluster, NodeId node, ServerId server, std::optional<NodeId> to) {
  close_everything(cluster, node);
  cluster.edit(cluster.node(node)).server = server;
  restart(cluster, node, to);
}

Reply seal(Cluster& cluster, NodeId node, std::optional<NodeId> to) {
  if (cluster.node(node).sealed != 0) return succeeded(204);
  const bool was_active = role(cluster, node) == Role::active;
  close_everything(cluster, node);
  const NodeId next = was_active ? successor(cluster, node, to) : no_node;
  NodeState& state = cluster.edit(cluster.node(node));
  state.sealed = 1;
  state.role = static_cast<std::uint8_t>(role_beside_the_active(cluster, node));
  if (next != no_node && next != node) take_over(cluster, next);
  return succeeded(204);
}

Reply unseal(Cluster& cluster, NodeId node) {
  if (cluster.node(node).sealed == 0) return succeeded(200);
  cluster.edit(cluster.node(node)).sealed = 0;
  const bool leaderless = active_node(cluster, cluster.world().replica_of(node)) == no_node;
  set_role(cluster, node, leaderless ? Role::active : role_beside_the_active(cluster, node));
  load(cluster, node);
  return succeeded(200);
}

Reply step_down(Cluster& cluster, NodeId node, std::optional<NodeId> to) {
  if (role(cluster, node) != Role::active) return succeeded(204);
  const NodeId next = successor(cluster, node, to);
  // Where the old leader is the new one nothing was loaded anew in any recording.
  if (next == no_node || next == node) return succeeded(204);
  close_everything(cluster, node);
  set_role(cluster, node, role_beside_the_active(cluster, node));
  take_over(cluster, next);
  load(cluster, node);
  return succeeded(204);
}

void reload_restored(Cluster& cluster, NodeId node) { load(cluster, node); }

void follow_mount(Cluster& cluster, NodeId writer, MountId mount) {
  const bool stored = cluster.stored(mount).exists != 0;
  const Cause before = cluster.because(Cause::followed);
  for (NodeId node = 0; node < cluster.world().nodes(); ++node) {
    if (node == writer || !runs_plugins(cluster, node) || is_dr_secondary(cluster, node)) continue;
    const bool known = cluster.object(node, mount).backend != Backend::absent;
    if (stored && !known) {
      cluster.append(node, mount, Cluster::Writes::memory_only);
      // A standby that cannot start it starts its core anew and loads every mount from the store.
      load_mount(cluster, node, mount);
      if (cluster.object(node, mount).backend == Backend::none) load(cluster, node);
    } else if (!stored && known) {
      close_connections(cluster, node, mount);
      close(cluster, node, mount);
      cluster.edit(cluster.object(node, mount)) = Object{};
      cluster.remove(node, mount, Cluster::Writes::memory_only);
    }
  }
  cluster.because(before);
}

void move_on_node(Cluster& cluster, NodeId node, NodeId writer, MountId from, MountId to) {
  const World& world = cluster.world();
  const bool writes = node == writer;
  for (const ConnectionId old : world.mount(from).connections) {
    const ConnectionId now = world.connection(to, world.connection(old).name);
    hand_over(cluster, node, cluster.user_of(old), cluster.user_of(now));
    if (!writes) continue;
    cluster.edit(cluster.connection(now)) = cluster.connection(old);
    cluster.edit(cluster.connection(old)) = {};
  }
  if (cluster.object(node, from).backend == Backend::absent) return;
  hand_over(cluster, node, from, to);
  cluster.replace(node, from, to, writes ? Cluster::Writes::storage_too : Cluster::Writes::memory_only);
  cluster.mark_unwritten(to);
}

}  // namespace replug::simulator
