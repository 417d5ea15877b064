#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "simulator/medium/cause.h"
#include "simulator/medium/change_log.h"
#include "simulator/medium/ensure.h"
#include "simulator/medium/state.h"
#include "simulator/medium/world.h"

namespace replug::simulator {

/// A table of mounts: that of the secrets engines or that of the auth methods.
enum class Table : std::uint8_t { secrets, auth };

/// Which connections' configurations are to be read again before the next step, beside those that were written
/// themselves.
enum class Retry : std::uint32_t { none, unreadable, all };

/// A state seen with its world: its cells by name, and the one way to read and write them. A cell that does not exist
/// is a bug of ours (ENSURE). A cluster is a view; it owns neither.
class Cluster {
 public:
  /// `log` notes what is written, `footprint` also what is looked at; either may be missing.
  Cluster(const World& world, State& state, ChangeLog* log = nullptr, Footprint* footprint = nullptr);

  [[nodiscard]] const World& world() const { return *world_; }
  [[nodiscard]] const State& state() const { return *state_; }

  // Storage: what Vault replicates.
  [[nodiscard]] const StoredEntry& entry(EntryId id) const { return read<Array::entries>(live, id); }
  [[nodiscard]] StoredEntry& edit_entry(EntryId id) { return edit<Array::entries>(live, id); }
  /// The pinned entry's number + 1, or 0.
  [[nodiscard]] const EntryId& pin(PluginId id) const { return read<Array::pins>(live, id); }
  [[nodiscard]] EntryId& edit_pin(PluginId id) { return edit<Array::pins>(live, id); }
  [[nodiscard]] const StoredMount& stored(MountId id) const { return read<Array::mounts>(live, id); }
  [[nodiscard]] StoredMount& edit_stored(MountId id) { return edit<Array::mounts>(live, id); }
  [[nodiscard]] const StoredConnection& connection(ConnectionId id) const { return read<Array::connections>(live, id); }
  [[nodiscard]] StoredConnection& edit_connection(ConnectionId id) { return edit<Array::connections>(live, id); }

  // What one node holds.
  [[nodiscard]] const NodeState& node(NodeId id) const { return read<Array::nodes>(0, id); }
  [[nodiscard]] NodeState& edit_node(NodeId id) { return edit<Array::nodes>(0, id); }
  [[nodiscard]] const Object& object(NodeId node, UserId user) const { return read<Array::objects>(node, user); }
  [[nodiscard]] Object& edit_object(NodeId node, UserId user) { return edit<Array::objects>(node, user); }
  [[nodiscard]] const Process& process(NodeId node, RecordId record) const {
    return read<Array::processes>(node, record);
  }
  [[nodiscard]] Process& edit_process(NodeId node, RecordId record) { return edit<Array::processes>(node, record); }
  [[nodiscard]] const BinaryId& file(NodeId node, FileId file) const { return read<Array::files>(node, file); }
  [[nodiscard]] BinaryId& edit_file(NodeId node, FileId file) { return edit<Array::files>(node, file); }
  /// The node's mount table in its order: the paths as numbers.
  [[nodiscard]] std::span<const MountId> order(NodeId node, Table table) const {
    return order_of<Array::node_order>(node, table);
  }
  [[nodiscard]] std::span<const MountId> stored_order(Table table) const {
    return order_of<Array::mount_order>(live, table);
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
  [[nodiscard]] std::uint32_t position(NodeId node, MountId mount) const;  ///< in the order of its table

  // The lists of users of a shared process. See processes.h for what they mean.
  void link(NodeId node, RecordId record, UserId user);
  void unlink(NodeId node, RecordId record, UserId user);
  [[nodiscard]] UserId first_user(NodeId node, RecordId record) const;
  [[nodiscard]] UserId next_user(NodeId node, UserId user) const;

  // Snapshots of the storage.
  void take_snapshot(SnapshotId id);
  [[nodiscard]] bool has_snapshot(SnapshotId id) const { return read<Array::snapshots>(0, id) != 0; }
  void restore_snapshot(SnapshotId id);

  /// Forgets everything a node holds in memory: its objects, processes and mount table. Not its files.
  void clear_memory(NodeId node);

  /// Of a mount: its report changed since the table was last written. Follows from the state; only saves looking at
  /// every mount.
  void mark_unwritten(MountId mount);
  /// Takes the marks of a table off and gives the mounts. `node` is the one that writes the table.
  std::vector<MountId> take_unwritten(NodeId node, Table table);

  /// The connections whose configuration may be read otherwise than when that was last tried: because they were
  /// written, or because anything was on which it hangs that a plugin can be started. Follows from the state; only
  /// saves trying every one.
  std::vector<ConnectionId> take_unread();
  void mark_unreadable(ConnectionId connection);

  /// Makes the links anew from the rest of the state: for a state that was put together from its cells alone.
  void rebuild_links();

  [[nodiscard]] Table table_of(MountId mount) const { return world_->mount(mount).auth ? Table::auth : Table::secrets; }
  [[nodiscard]] UserId user_of(ConnectionId connection) const { return layout_->counts().mounts + connection; }

 private:
  static constexpr std::uint32_t live = 0;  // the storage that is no snapshot

  template <Array which>
  [[nodiscard]] std::size_t place(std::uint32_t owner, std::uint32_t index) const {
    ENSURE(layout_->contains({which, owner, index}));
    return layout_->offset({which, owner, index});
  }
  template <Array which>
  const Element<which>& look(std::uint32_t owner, std::uint32_t index) const {
    return *reinterpret_cast<const Element<which>*>(state_->bytes() + place<which>(owner, index));
  }
  template <Array which>
  const Element<which>& read(std::uint32_t owner, std::uint32_t index) const {
    if (footprint_ != nullptr) note_read<which>(owner, index);
    return look<which>(owner, index);
  }
  template <Array which>
  Element<which>& edit(std::uint32_t owner, std::uint32_t index) {
    auto& cell = *reinterpret_cast<Element<which>*>(state_->bytes() + place<which>(owner, index));
    note_write<which>(owner, index);
    return cell;
  }
  /// Writes a cell if it holds something else. For a footprint it is written all the same: what it held does not
  /// matter.
  template <Array which>
  void set(std::uint32_t owner, std::uint32_t index, const Element<which>& value) {
    if (footprint_ != nullptr) note_footprint_of_write<which>(owner, index);
    if (std::memcmp(&look<which>(owner, index), &value, sizeof value) != 0) edit<which>(owner, index) = value;
  }
  template <Array which>
  void note_read(std::uint32_t owner, std::uint32_t index) const {
    if constexpr (row_of(which).part == Part::state) footprint_->read(*layout_, {which, owner, index});
  }
  template <Array which>
  void note_footprint_of_write(std::uint32_t owner, std::uint32_t index) {
    if constexpr (row_of(which).part == Part::state) footprint_->wrote(*layout_, {which, owner, index});
  }
  template <Array which>
  void note_write(std::uint32_t owner, std::uint32_t index) {
    if (log_ != nullptr) log_->before(*layout_, *state_, {which, owner, index}, cause_);
    if constexpr (row_of(which).part == Part::state) {
      if (footprint_ != nullptr) note_footprint_of_write<which>(owner, index);
      if (layout_->counts().connections != 0) mark_unread<which>(owner, index);
    }
  }
  template <Array which>
  void mark_unread(std::uint32_t owner, std::uint32_t index);
  void set_unread(ConnectionId connection);
  void set_retry(Retry retry);
  template <Array which>
  [[nodiscard]] std::span<const MountId> order_of(std::uint32_t owner, Table table) const;
  template <Array which>
  void append_to(std::uint32_t owner, MountId mount);
  template <Array which>
  void take_out(std::uint32_t owner, Table table, std::uint32_t gap);
  template <Array which>
  void fill_order(std::uint32_t owner, Table table, std::span<const MountId> mounts);
  [[nodiscard]] std::uint32_t slot(Table table, std::uint32_t position) const;
  template <Array which>
  void copy_storage(std::uint32_t from, std::uint32_t to);
  void copy_storage(std::uint32_t from, std::uint32_t to);

  const World* world_;
  State* state_;
  const Layout* layout_;
  ChangeLog* log_;
  Footprint* footprint_;
  Cause cause_ = Cause::written;
};

template <Array which>
void Cluster::mark_unread(std::uint32_t owner, std::uint32_t index) {
  if constexpr (which == Array::connections) {
    if (owner == live) set_unread(index);
  } else if constexpr (which == Array::objects) {
    if (index >= layout_->counts().mounts) set_unread(index - layout_->counts().mounts);
  } else if constexpr (which == Array::nodes) {
    set_retry(Retry::all);
  } else if constexpr (which == Array::entries || which == Array::pins || which == Array::processes ||
                       which == Array::files) {
    set_retry(Retry::unreadable);
  }
}

}  // namespace replug::simulator
