#include "simulator/medium/cluster.h"

#include <algorithm>
#include <bit>

namespace replug::simulator {

namespace {

constexpr std::uint32_t bits = 64;

}  // namespace

Cluster::Cluster(const World& world, State& state, ChangeLog* log, Footprint* footprint)
    : world_(&world), state_(&state), layout_(&world.layout()), log_(log), footprint_(footprint) {}

// ------------------------------------------------------------------------------------------------ orders

// An order is two lengths (secrets, auth) and behind them the two lists, each with room for every mount that it could
// ever hold.
std::uint32_t Cluster::slot(Table table, std::uint32_t position) const {
  return 2 + position + (table == Table::secrets ? 0 : layout_->secrets_mounts());
}

template <Array which>
std::span<const MountId> Cluster::order_of(std::uint32_t owner, Table table) const {
  const std::uint32_t length = read<which>(owner, static_cast<std::uint32_t>(table));
  if (footprint_ != nullptr) {
    for (std::uint32_t i = 0; i < length; ++i) note_read<which>(owner, slot(table, i));
  }
  return length == 0 ? std::span<const MountId>{} : std::span(&look<which>(owner, slot(table, 0)), length);
}
template std::span<const MountId> Cluster::order_of<Array::node_order>(std::uint32_t, Table) const;
template std::span<const MountId> Cluster::order_of<Array::mount_order>(std::uint32_t, Table) const;

template <Array which>
void Cluster::append_to(std::uint32_t owner, MountId mount) {
  const Table table = table_of(mount);
  const std::uint32_t length = edit<which>(owner, static_cast<std::uint32_t>(table))++;
  edit<which>(owner, slot(table, length)) = mount;
}

template <Array which>
void Cluster::take_out(std::uint32_t owner, Table table, std::uint32_t gap) {
  const std::uint32_t last = --edit<which>(owner, static_cast<std::uint32_t>(table));
  const MountId moved = read<which>(owner, slot(table, last));
  edit<which>(owner, slot(table, gap)) = moved;
  edit<which>(owner, slot(table, last)) = 0;
}

template <Array which>
void Cluster::fill_order(std::uint32_t owner, Table table, std::span<const MountId> mounts) {
  const std::uint32_t before = read<which>(owner, static_cast<std::uint32_t>(table));
  for (std::uint32_t i = 0; i < mounts.size(); ++i) set<which>(owner, slot(table, i), mounts[i]);
  for (auto i = static_cast<std::uint32_t>(mounts.size()); i < before; ++i) set<which>(owner, slot(table, i), 0);
  set<which>(owner, static_cast<std::uint32_t>(table), static_cast<std::uint32_t>(mounts.size()));
}

void Cluster::append(NodeId node, MountId mount, Writes writes) {
  const std::uint32_t length = read<Array::node_order>(node, static_cast<std::uint32_t>(table_of(mount)));
  edit<Array::positions>(node, mount) = length;
  append_to<Array::node_order>(node, mount);
  if (writes == Writes::storage_too) append_to<Array::mount_order>(live, mount);
}

void Cluster::remove(NodeId node, MountId mount, Writes writes) {
  const Table table = table_of(mount);
  const std::uint32_t gap = position(node, mount);
  take_out<Array::node_order>(node, table, gap);
  if (writes == Writes::storage_too) take_out<Array::mount_order>(live, table, gap);
  edit<Array::positions>(node, mount) = 0;
  const std::uint32_t length = read<Array::node_order>(node, static_cast<std::uint32_t>(table));
  if (gap < length) edit<Array::positions>(node, look<Array::node_order>(node, slot(table, gap))) = gap;
}

void Cluster::replace(NodeId node, MountId from, MountId to, Writes writes) {
  const std::uint32_t there = position(node, from);
  edit<Array::positions>(node, to) = there;
  edit<Array::positions>(node, from) = 0;
  edit<Array::node_order>(node, slot(table_of(from), there)) = to;
  if (writes == Writes::storage_too) edit<Array::mount_order>(live, slot(table_of(from), there)) = to;
}

void Cluster::set_order(NodeId node, Table table, std::span<const MountId> mounts, Writes writes) {
  for (std::uint32_t i = 0; i < mounts.size(); ++i) set<Array::positions>(node, mounts[i], i);
  fill_order<Array::node_order>(node, table, mounts);
  if (writes == Writes::storage_too) fill_order<Array::mount_order>(live, table, mounts);
}

std::uint32_t Cluster::position(NodeId node, MountId mount) const {
  const std::uint32_t there = look<Array::positions>(node, mount);
  if (footprint_ != nullptr) {
    // An empty place looks like the mount of number 0, so the length belongs to it.
    note_read<Array::node_order>(node, static_cast<std::uint32_t>(table_of(mount)));
    note_read<Array::node_order>(node, slot(table_of(mount), there));
  }
  return there;
}

// ------------------------------------------------------------------------------------------------ users of processes

void Cluster::link(NodeId node, RecordId record, UserId user) {
  const LinkId head = look<Array::first_users>(node, record);
  set<Array::next_users>(node, user, head);
  set<Array::previous_users>(node, user, 0);
  if (head != 0) edit<Array::previous_users>(node, head - 1) = user + 1;
  edit<Array::first_users>(node, record) = user + 1;
}

void Cluster::unlink(NodeId node, RecordId record, UserId user) {
  const LinkId next = look<Array::next_users>(node, user);
  const LinkId previous = look<Array::previous_users>(node, user);
  if (previous != 0) {
    edit<Array::next_users>(node, previous - 1) = next;
  } else {
    edit<Array::first_users>(node, record) = next;
  }
  if (next != 0) edit<Array::previous_users>(node, next - 1) = previous;
  set<Array::next_users>(node, user, 0);
  set<Array::previous_users>(node, user, 0);
}

// The length of the list is a number of the process, so that number and the users on the list say who is on it.
UserId Cluster::first_user(NodeId node, RecordId record) const {
  if (footprint_ != nullptr) note_read<Array::processes>(node, record);
  const UserId user = look<Array::first_users>(node, record) - 1;
  if (footprint_ != nullptr && user != no_user) note_read<Array::objects>(node, user);
  return user;
}

UserId Cluster::next_user(NodeId node, UserId user) const {
  const UserId next = look<Array::next_users>(node, user) - 1;
  if (footprint_ != nullptr && next != no_user) note_read<Array::objects>(node, next);
  return next;
}

// ------------------------------------------------------------------------------------------------ snapshots

template <Array which>
void Cluster::copy_storage(std::uint32_t from, std::uint32_t to) {
  if constexpr (row_of(which).owner == Owner::storage) {
    for (std::uint32_t i = 0; i < layout_->section(which).count; ++i) set<which>(to, i, read<which>(from, i));
  }
}

void Cluster::copy_storage(std::uint32_t from, std::uint32_t to) {
#define X(array, element, owner, part, count, sentence) copy_storage<Array::array>(from, to);
  REPLUG_ARRAYS(X)
#undef X
}

void Cluster::take_snapshot(SnapshotId id) {
  copy_storage(live, id + 1);
  set<Array::snapshots>(0, id, 1);
}

void Cluster::restore_snapshot(SnapshotId id) { copy_storage(id + 1, live); }

// ------------------------------------------------------------------------------------------------ a node's memory

void Cluster::clear_memory(NodeId node) {
  const Counts& counts = layout_->counts();
  for (UserId user = 0; user < counts.users; ++user) {
    set<Array::objects>(node, user, {});
    set<Array::next_users>(node, user, 0);
    set<Array::previous_users>(node, user, 0);
  }
  for (RecordId record = 0; record < counts.records; ++record) {
    set<Array::processes>(node, record, {});
    set<Array::first_users>(node, record, 0);
  }
  for (MountId mount = 0; mount < counts.mounts; ++mount) set<Array::positions>(node, mount, 0);
  set_order(node, Table::secrets, {}, Writes::memory_only);
  set_order(node, Table::auth, {}, Writes::memory_only);
}

// ------------------------------------------------------------------------------------------------ marks

void Cluster::mark_unwritten(MountId mount) {
  const Bits mask = Bits{1} << (mount % bits);
  if ((look<Array::unwritten_reports>(0, mount / bits) & mask) == 0)
    edit<Array::unwritten_reports>(0, mount / bits) |= mask;
}

std::vector<MountId> Cluster::take_unwritten(NodeId node, Table table) {
  std::vector<MountId> mounts;
  // Mounts of the secrets table have the lower numbers (WorldBuilder), so each table is a run of words but for the one
  // they share.
  const std::uint32_t first = table == Table::secrets ? 0 : layout_->secrets_mounts();
  const std::uint32_t end = table == Table::secrets ? layout_->secrets_mounts() : layout_->counts().mounts;
  for (MountId mount = first; footprint_ != nullptr && mount < end; ++mount) {
    note_read<Array::objects>(node, mount);
    note_read<Array::mounts>(live, mount);
  }
  for (std::uint32_t word = first / bits; word * bits < end; ++word) {
    for (Bits rest = look<Array::unwritten_reports>(0, word); rest != 0; rest &= rest - 1) {
      const auto mount = word * bits + static_cast<std::uint32_t>(std::countr_zero(rest));
      if (mount < first || mount >= end) continue;
      mounts.push_back(mount);
      edit<Array::unwritten_reports>(0, word) &= ~(Bits{1} << (mount % bits));
    }
  }
  return mounts;
}

void Cluster::set_unread(ConnectionId connection) {
  const Bits mask = Bits{1} << (connection % bits);
  if ((look<Array::unread>(0, connection / bits) & mask) == 0) edit<Array::unread>(0, connection / bits) |= mask;
}

void Cluster::set_retry(Retry retry) {
  const auto level = static_cast<std::uint32_t>(retry);
  if (look<Array::retry>(0, 0) < level) edit<Array::retry>(0, 0) = level;
}

void Cluster::mark_unreadable(ConnectionId connection) {
  edit<Array::unreadable>(0, connection / bits) |= Bits{1} << (connection % bits);
}

std::vector<ConnectionId> Cluster::take_unread() {
  std::vector<ConnectionId> connections;
  // What a read depends on must be looked at to be noted, so with a footprint each one is tried.
  const auto retry = footprint_ != nullptr ? Retry::all : static_cast<Retry>(look<Array::retry>(0, 0));
  set<Array::retry>(0, 0, 0);
  const std::uint32_t count = layout_->counts().connections;
  for (std::uint32_t word = 0; word * bits < count; ++word) {
    Bits rest = look<Array::unread>(0, word);
    if (retry == Retry::unreadable) rest |= look<Array::unreadable>(0, word);
    if (retry == Retry::all) rest = ~Bits{0};
    set<Array::unread>(0, word, 0);
    set<Array::unreadable>(0, word, look<Array::unreadable>(0, word) & ~rest);
    for (; rest != 0; rest &= rest - 1) {
      const auto connection = word * bits + static_cast<std::uint32_t>(std::countr_zero(rest));
      if (connection < count) connections.push_back(connection);
    }
  }
  return connections;
}

void Cluster::rebuild_links() {
  const Counts& counts = layout_->counts();
  const std::size_t canonical = layout_->canonical();
  std::memset(state_->bytes() + canonical, 0, layout_->total() - canonical);
  for (NodeId node = 0; node < counts.nodes; ++node) {
    for (const Table table : {Table::secrets, Table::auth}) {
      const auto mounts = order(node, table);
      for (std::uint32_t i = 0; i < mounts.size(); ++i) set<Array::positions>(node, mounts[i], i);
    }
    for (UserId user = counts.users; user-- > 0;) {
      const Object& there = object(node, user);
      if (there.listed != 0 && process(node, there.record).multiplexed != 0) link(node, there.record, user);
    }
  }
  for (MountId mount = 0; mount < counts.mounts; ++mount) mark_unwritten(mount);
  set_retry(Retry::all);
}

}  // namespace replug::simulator
