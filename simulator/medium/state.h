#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "simulator/medium/ids.h"

namespace replug::simulator {

/// The state of a cluster is one block of bytes: small numbers in flat arrays, no strings, no pointers. Copying a state
/// is a memcpy; comparing and hashing it is over its bytes. What the numbers mean is in the World, which never changes.
/// Texts stand in it by their number (0: the empty text).

using ServerId = std::uint16_t;
using PluginId = std::uint32_t;      ///< (type, name)
using EntryId = std::uint32_t;       ///< (type, name, version): a place in the catalog
using RecordId = std::uint32_t;      ///< the contents of a catalog entry; 0: none
using FileId = std::uint32_t;        ///< a file name in a plugin directory
using BinaryId = std::uint32_t;      ///< the contents of a file; 0: no file
using MountId = std::uint32_t;       ///< a mount path
using ConnectionId = std::uint32_t;  ///< a database connection
using SnapshotId = std::uint32_t;
/// What can use a plugin process: mounts first, then database connections.
using UserId = std::uint32_t;
using TextId = std::uint32_t;

inline constexpr PluginId no_plugin = ~PluginId{0};
inline constexpr EntryId no_entry = ~EntryId{0};
inline constexpr MountId no_mount = ~MountId{0};
inline constexpr ConnectionId no_connection = ~ConnectionId{0};
inline constexpr SnapshotId no_snapshot = ~SnapshotId{0};
inline constexpr UserId no_user = ~UserId{0};
/// The file is not described: it is taken to be what the catalog says.
inline constexpr BinaryId assumed_binary = 1;

/// A catalog entry as it lies in storage.
struct StoredEntry {
  RecordId record : 31;            ///< 0: not registered
  std::uint32_t type_as_word : 1;  ///< written by a server that writes the plugin type as a word; others cannot read it
};
inline StoredEntry make_entry(RecordId record, bool type_as_word) { return {record & 0x7fff'ffffU, type_as_word}; }

/// An entry of the mount table (secrets) or the auth table as it lies in storage.
struct StoredMount {
  PluginId plugin;
  TextId version;          ///< what it is configured to
  TextId running_version;  ///< what ran when the table was last written
  TextId running_sha256;
  std::uint32_t exists : 1;
  std::uint32_t tainted : 1;  ///< a disable began and did not come to its end
  std::uint32_t
      misplaced : 1;  ///< written a second time under another namespace (OpenBao 2.6): the next unseal stops at it
  std::uint32_t unused : 29;
};

/// A database connection's configuration as it lies in storage.
struct StoredConnection {
  TextId plugin;  ///< plugin_name
  TextId version;
  std::uint32_t exists : 1;
  std::uint32_t has_role : 1;  ///< a role asks for its credentials
  std::uint32_t unused : 30;
};

struct NodeState {
  ServerId server;
  std::uint8_t role;  ///< a Role
  std::uint8_t sealed : 1;
  std::uint8_t stuck : 1;  ///< it cannot become active: its mount table cannot be loaded
  std::uint8_t unused : 6;
};

/// What stands behind a mount or a connection on one node.
enum class Backend : std::uint8_t {
  absent,   ///< the node does not know it: not in its mount table, or a connection without an instance
  none,     ///< in the mount table without a backend: loading failed
  in_core,  ///< a built-in, inside the server: no process
  plugin,   ///< an external plugin: a user of a process, alive or not
  shell,    ///< made while the shared process was dead (reference, section 5.6); its plugin was never reached
};

/// A mount or a connection as one node holds it in memory.
struct Object {
  PluginId plugin;
  TextId version;          ///< the configured version as this node knows it
  TextId running_version;  ///< what this node reports
  TextId running_sha256;
  TextId captured;  ///< the version it was made with; a respawn asks the catalog for it
  RecordId record;  ///< the catalog entry it was made from; 0 where there is no process
  Backend backend;
  std::uint8_t listed : 1;   ///< on the list of users of its process
  std::uint8_t alive : 1;    ///< its own process lives (a plugin that does not multiplex)
  std::uint8_t hanging : 1;  ///< a request hangs in it and holds its lock
  std::uint8_t tainted : 1;
  std::uint8_t
      read_only : 1;  ///< revived by a reload after a failed load: storage stays closed to it until the next unseal
  std::uint8_t unused_bits : 3;
  std::uint16_t unused;
};

/// The processes of one record on one node: the shared one of a multiplexing plugin with its users, and those that
/// nobody uses any more.
struct Process {
  std::uint32_t users;      ///< length of the list of users
  std::uint32_t alive : 1;  ///< the shared process lives
  std::uint32_t multiplexed : 1;
  std::uint32_t strangers : 15;  ///< on the list, but behind no mount: refused after their plugin had started
  std::uint32_t orphans : 15;    ///< processes that run until the server ends
};

static_assert(sizeof(StoredEntry) == 4 && sizeof(StoredMount) == 20 && sizeof(StoredConnection) == 12,
              "no padding: states are compared as bytes");
static_assert(sizeof(NodeState) == 4 && sizeof(Object) == 28 && sizeof(Process) == 8,
              "no padding: states are compared as bytes");

/// Where the arrays of a state begin, in bytes. The first `canonical` bytes are the state; behind them lie links that
/// only make it fast to work with (lists of users, what waits to be written) and that follow from it.
struct Layout {
  std::uint32_t secrets_mounts = 0;  ///< mounts that are no auth mounts: they have the lower numbers
  std::uint32_t nodes = 0, mounts = 0, connections = 0, users = 0, entries = 0, plugins = 0, records = 0, files = 0,
                snapshots = 0;
  std::size_t storage = 0;  ///< bytes of one storage: the live one, then one for each snapshot
  std::size_t catalog = 0, pins = 0, stored_mounts = 0, stored_order = 0, stored_connections = 0;  // within a storage
  std::size_t snapshot_taken = 0;
  std::size_t node_states = 0;
  std::size_t node_memory = 0;                                       ///< the first node's memory
  std::size_t node_stride = 0;                                       ///< from one node's memory to the next
  std::size_t objects = 0, processes = 0, directory = 0, order = 0;  // within a node's memory
  std::size_t canonical = 0;
  std::size_t links = 0;  ///< behind the canonical part: for each node, heads and links of the lists of users
  std::size_t links_stride = 0;
  std::size_t unwritten = 0;  ///< a bit for each mount
  std::size_t total = 0;
};

/// A cluster's state. See Cluster for what can be asked of it and done to it.
class State {
 public:
  State() = default;
  explicit State(const Layout& layout) : words_((layout.total + 7) / 8), canonical_(layout.canonical) {}

  [[nodiscard]] std::byte* bytes() { return reinterpret_cast<std::byte*>(words_.data()); }
  [[nodiscard]] const std::byte* bytes() const { return reinterpret_cast<const std::byte*>(words_.data()); }
  [[nodiscard]] std::size_t canonical_size() const { return canonical_; }
  [[nodiscard]] std::uint64_t hash() const;
  friend bool operator==(const State& left, const State& right) {
    return left.canonical_ == right.canonical_ && std::memcmp(left.bytes(), right.bytes(), left.canonical_) == 0;
  }

 private:
  std::vector<std::uint64_t> words_;
  std::size_t canonical_ = 0;
};

}  // namespace replug::simulator
