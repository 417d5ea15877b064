#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "simulator/medium/cause.h"
#include "simulator/medium/state.h"
#include "simulator/medium/world.h"

namespace replug::simulator {

/// The cells that were written since it was last cleared, each with what it held before and the reason: what a step
/// changed is the difference between them and the state. A cell that was written twice stands in it twice; the first
/// old value counts, and the last reason.
class ChangeLog {
 public:
  struct Entry {
    std::size_t offset;  ///< in the state
    std::size_t size;
    std::size_t old;  ///< where the old bytes lie in `bytes`
    Cause cause;
  };

  void clear();
  void before(const std::byte* state, std::size_t offset, std::size_t size, Cause cause);
  [[nodiscard]] std::span<const Entry> entries() const { return entries_; }
  [[nodiscard]] const std::byte* old_bytes(const Entry& entry) const { return bytes_.data() + entry.old; }

 private:
  std::vector<Entry> entries_;
  std::vector<std::byte> bytes_;
};

/// A table of mounts: that of the secrets engines or that of the auth methods.
enum class Table : std::uint8_t { secrets, auth };

/// A state seen with its world: the arrays by name, and the one way to write into them. A cluster is a view; it owns
/// neither.
class Cluster {
 public:
  Cluster(const World& world, State& state, ChangeLog* log = nullptr);

  [[nodiscard]] const World& world() const { return *world_; }
  [[nodiscard]] const State& state() const { return *state_; }

  // Storage: what Vault replicates.
  [[nodiscard]] const StoredEntry& entry(EntryId id) const { return at<StoredEntry>(layout_->catalog, id); }
  [[nodiscard]] const EntryId& pin(PluginId id) const {
    return at<EntryId>(layout_->pins, id);
  }  ///< the entry's number + 1, or 0
  [[nodiscard]] const StoredMount& stored(MountId id) const { return at<StoredMount>(layout_->stored_mounts, id); }
  [[nodiscard]] const StoredConnection& connection(ConnectionId id) const {
    return at<StoredConnection>(layout_->stored_connections, id);
  }

  // What one node holds.
  [[nodiscard]] const NodeState& node(NodeId id) const { return at<NodeState>(layout_->node_states, id); }
  [[nodiscard]] const Object& object(NodeId node, UserId user) const {
    return at<Object>(memory(node) + layout_->objects, user);
  }
  [[nodiscard]] const Process& process(NodeId node, RecordId record) const {
    return at<Process>(memory(node) + layout_->processes, record);
  }
  [[nodiscard]] const BinaryId& file(NodeId node, FileId file) const {
    return at<BinaryId>(memory(node) + layout_->directory, file);
  }
  /// The node's mount table in its order: the paths as numbers.
  [[nodiscard]] std::span<const MountId> order(NodeId node, Table table) const {
    return order_at(memory(node) + layout_->order, table);
  }
  [[nodiscard]] std::span<const MountId> stored_order(Table table) const {
    return order_at(layout_->stored_order, table);
  }

  /// Makes a cell writable, noting for the log what was there. The reference is into the state.
  template <class T>
  T& edit(const T& cell) {
    if (log_ != nullptr) log_->before(state_->bytes(), offset_of(cell), sizeof(T), cause_);
    return const_cast<T&>(
        cell);  // NOLINT(cppcoreguidelines-pro-type-const-cast): it lies in *state_, which is not const
  }

  /// The reason that is noted for edits from now on; gives back the one before.
  Cause because(Cause cause) {
    const Cause before = cause_;
    cause_ = cause;
    return before;
  }

  /// The order of a node's mount table, and of the stored one with it where the node is the one that writes. (The two
  /// never differ: an unseal sorts the stored table, which is the same whether it is written back at once or with the
  /// next write.)
  enum class Writes : std::uint8_t { memory_only, storage_too };
  void append(NodeId node, MountId mount, Writes writes);
  void remove(NodeId node, MountId mount, Writes writes);  ///< the last entry moves into the gap, as Vault does it
  void replace(NodeId node, MountId from, MountId to, Writes writes);
  void set_order(NodeId node, Table table, std::span<const MountId> mounts, Writes writes);

  // The lists of users of a shared process. See processes.h for what they mean.
  void link(NodeId node, RecordId record, UserId user);
  void unlink(NodeId node, RecordId record, UserId user);
  [[nodiscard]] UserId first_user(NodeId node, RecordId record) const;
  [[nodiscard]] UserId next_user(NodeId node, UserId user) const;

  // Snapshots of the storage.
  void take_snapshot(SnapshotId id);
  [[nodiscard]] bool has_snapshot(SnapshotId id) const;
  void restore_snapshot(SnapshotId id);

  /// Forgets everything a node holds in memory: its objects, processes and mount table. Not its files.
  void clear_memory(NodeId node);

  [[nodiscard]] std::uint32_t position(NodeId node, MountId mount) const;  ///< in the order of its table

  /// Of a mount: its report changed since the table was last written. Follows from the state; only saves looking at
  /// every mount.
  void mark_unwritten(MountId mount);
  /// Takes the marks of a table off and gives the mounts.
  std::vector<MountId> take_unwritten(Table table);

  [[nodiscard]] Table table_of(MountId mount) const { return world_->mount(mount).auth ? Table::auth : Table::secrets; }
  [[nodiscard]] UserId user_of(ConnectionId connection) const { return layout_->mounts + connection; }

 private:
  template <class T>
  const T& at(std::size_t begin, std::size_t index) const {
    return *reinterpret_cast<const T*>(state_->bytes() + begin + index * sizeof(T));
  }
  template <class T>
  std::size_t offset_of(const T& cell) const {
    return static_cast<std::size_t>(reinterpret_cast<const std::byte*>(&cell) - state_->bytes());
  }
  [[nodiscard]] std::size_t memory(NodeId node) const { return layout_->node_memory + node * layout_->node_stride; }
  [[nodiscard]] std::size_t links(NodeId node) const { return layout_->links + node * layout_->links_stride; }
  [[nodiscard]] std::span<const MountId> order_at(std::size_t begin, Table table) const;
  struct Order;
  [[nodiscard]] Order order_words(std::size_t begin, Table table);
  [[nodiscard]] std::uint32_t* positions(NodeId node);

  const World* world_;
  State* state_;
  const Layout* layout_;
  ChangeLog* log_;
  Cause cause_ = Cause::written;
};

}  // namespace replug::simulator
