#include "simulator/medium/cluster.h"

#include <algorithm>
#include <bit>

namespace replug::simulator {

namespace {

// The links of one node, behind the canonical part of the state: where each mount stands in the order, and the lists of
// users.
struct Links {
  std::uint32_t* position;  // by mount
  std::uint32_t* head;      // by record: the first user + 1
  std::uint32_t* next;      // by user: the next user + 1
  std::uint32_t* previous;  // by user: the previous user + 1
};

Links links_at(std::byte* bytes, const Layout& layout) {
  auto* words = reinterpret_cast<std::uint32_t*>(bytes);
  return {words, words + layout.mounts, words + layout.mounts + layout.records,
          words + layout.mounts + layout.records + layout.users};
}

}  // namespace

void ChangeLog::clear() {
  entries_.clear();
  bytes_.clear();
}

void ChangeLog::before(const std::byte* state, std::size_t offset, std::size_t size, Cause cause) {
  if (!entries_.empty() && entries_.back().offset == offset && entries_.back().size == size) {
    entries_.back().cause = cause;
    return;
  }
  entries_.push_back({offset, size, bytes_.size(), cause});
  bytes_.insert(bytes_.end(), state + offset, state + offset + size);
}

Cluster::Cluster(const World& world, State& state, ChangeLog* log)
    : world_(&world), state_(&state), layout_(&world.layout()), log_(log) {}

// An order is two counts (secrets, auth) and behind them the two lists, each with room for every mount that it could
// ever hold.
struct Cluster::Order {
  std::uint32_t* count;
  std::uint32_t* list;
};

Cluster::Order Cluster::order_words(std::size_t begin, Table table) {
  auto* words = reinterpret_cast<std::uint32_t*>(state_->bytes() + begin);
  return {words + static_cast<std::size_t>(table), words + 2 + (table == Table::secrets ? 0 : layout_->secrets_mounts)};
}

std::uint32_t* Cluster::positions(NodeId node) { return links_at(state_->bytes() + links(node), *layout_).position; }

std::uint32_t Cluster::position(NodeId node, MountId mount) const {
  return links_at(state_->bytes() + links(node), *layout_).position[mount];
}

std::span<const MountId> Cluster::order_at(std::size_t begin, Table table) const {
  const auto* words = reinterpret_cast<const std::uint32_t*>(state_->bytes() + begin);
  const std::uint32_t* lists = words + 2;
  return table == Table::secrets ? std::span(lists, words[0]) : std::span(lists + layout_->secrets_mounts, words[1]);
}

void Cluster::append(NodeId node, MountId mount, Writes writes) {
  const Order own = order_words(memory(node) + layout_->order, table_of(mount));
  positions(node)[mount] = *own.count;
  own.list[(*own.count)++] = mount;
  if (writes == Writes::memory_only) return;
  const Order stored = order_words(layout_->stored_order, table_of(mount));
  stored.list[(*stored.count)++] = mount;
}

void Cluster::remove(NodeId node, MountId mount, Writes writes) {
  std::uint32_t* position = positions(node);
  const std::uint32_t gap = position[mount];
  const auto take_out = [gap](const Order& order) {
    const std::uint32_t last = --*order.count;
    order.list[gap] = order.list[last];
    order.list[last] = 0;
  };
  const Order own = order_words(memory(node) + layout_->order, table_of(mount));
  take_out(own);
  position[mount] = 0;
  if (gap < *own.count) position[own.list[gap]] = gap;
  if (writes == Writes::storage_too) take_out(order_words(layout_->stored_order, table_of(mount)));
}

void Cluster::replace(NodeId node, MountId from, MountId to, Writes writes) {
  std::uint32_t* position = positions(node);
  position[to] = position[from];
  position[from] = 0;
  order_words(memory(node) + layout_->order, table_of(from)).list[position[to]] = to;
  if (writes == Writes::storage_too) order_words(layout_->stored_order, table_of(from)).list[position[to]] = to;
}

void Cluster::set_order(NodeId node, Table table, std::span<const MountId> mounts, Writes writes) {
  std::uint32_t* position = positions(node);
  for (std::uint32_t i = 0; i < mounts.size(); ++i) position[mounts[i]] = i;
  const auto fill = [mounts](const Order& order) {
    if (*order.count > mounts.size()) std::fill(order.list + mounts.size(), order.list + *order.count, 0U);
    std::copy(mounts.begin(), mounts.end(), order.list);
    *order.count = static_cast<std::uint32_t>(mounts.size());
  };
  fill(order_words(memory(node) + layout_->order, table));
  if (writes == Writes::storage_too) fill(order_words(layout_->stored_order, table));
}

void Cluster::link(NodeId node, RecordId record, UserId user) {
  const Links l = links_at(state_->bytes() + links(node), *layout_);
  l.next[user] = l.head[record];
  l.previous[user] = 0;
  if (l.head[record] != 0) l.previous[l.head[record] - 1] = user + 1;
  l.head[record] = user + 1;
}

void Cluster::unlink(NodeId node, RecordId record, UserId user) {
  const Links l = links_at(state_->bytes() + links(node), *layout_);
  if (l.previous[user] != 0) {
    l.next[l.previous[user] - 1] = l.next[user];
  } else {
    l.head[record] = l.next[user];
  }
  if (l.next[user] != 0) l.previous[l.next[user] - 1] = l.previous[user];
  l.next[user] = 0;
  l.previous[user] = 0;
}

UserId Cluster::first_user(NodeId node, RecordId record) const {
  return links_at(state_->bytes() + links(node), *layout_).head[record] - 1;
}

UserId Cluster::next_user(NodeId node, UserId user) const {
  return links_at(state_->bytes() + links(node), *layout_).next[user] - 1;
}

void Cluster::take_snapshot(SnapshotId id) {
  std::memcpy(state_->bytes() + layout_->storage * (id + 1), state_->bytes(), layout_->storage);
  state_->bytes()[layout_->snapshot_taken + id] = std::byte{1};
}

bool Cluster::has_snapshot(SnapshotId id) const {
  return state_->bytes()[layout_->snapshot_taken + id] != std::byte{0};
}

void Cluster::restore_snapshot(SnapshotId id) {
  if (log_ != nullptr) log_->before(state_->bytes(), 0, layout_->storage, cause_);
  std::memcpy(state_->bytes(), state_->bytes() + layout_->storage * (id + 1), layout_->storage);
}

void Cluster::clear_memory(NodeId node) {
  for (UserId user = 0; user < layout_->users; ++user) {
    static constexpr Object nothing{};
    const Object& old = object(node, user);
    if (std::memcmp(&old, &nothing, sizeof nothing) != 0) edit(old) = nothing;
  }
  for (RecordId record = 0; record < layout_->records; ++record) {
    const Process& old = process(node, record);
    if (old.users != 0 || old.alive != 0 || old.orphans != 0 || old.strangers != 0) edit(old) = Process{};
  }
  set_order(node, Table::secrets, {}, Writes::memory_only);
  set_order(node, Table::auth, {}, Writes::memory_only);
  std::memset(state_->bytes() + links(node), 0, layout_->links_stride);
}

void Cluster::mark_unwritten(MountId mount) {
  auto* words = reinterpret_cast<std::uint64_t*>(state_->bytes() + layout_->unwritten);
  words[mount / 64] |= std::uint64_t{1} << (mount % 64);
}

std::vector<MountId> Cluster::take_unwritten(Table table) {
  std::vector<MountId> mounts;
  auto* words = reinterpret_cast<std::uint64_t*>(state_->bytes() + layout_->unwritten);
  // Mounts of the secrets table have the lower numbers (WorldBuilder), so each table is a run of words but for the one
  // they share.
  const std::uint32_t first = table == Table::secrets ? 0 : layout_->secrets_mounts;
  const std::uint32_t end = table == Table::secrets ? layout_->secrets_mounts : layout_->mounts;
  for (std::uint32_t word = first / 64; word * 64 < end; ++word) {
    for (std::uint64_t rest = words[word]; rest != 0; rest &= rest - 1) {
      const auto mount = word * 64 + static_cast<std::uint32_t>(std::countr_zero(rest));
      if (mount < first || mount >= end) continue;
      mounts.push_back(mount);
      words[word] &= ~(std::uint64_t{1} << (mount % 64));
    }
  }
  return mounts;
}

}  // namespace replug::simulator
