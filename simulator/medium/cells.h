#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>

#include "simulator/medium/ids.h"
#include "simulator/medium/text.h"

namespace replug::simulator {

// The state of a cluster is made of cells: small fixed structs of numbers, in flat arrays. This page is the one list of
// them; the layout of a state, the guarded accessors, the log of changes, the footprints of steps and the packed rows
// of a rehearsal all come from it. Texts stand in cells by their number (0: the empty text).

// ------------------------------------------------------------------------------------------------ what a cell holds

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
  std::uint32_t leases : 29;  ///< outstanding ones that are not a connection's
};

/// A database connection's configuration as it lies in storage.
struct StoredConnection {
  TextId plugin;  ///< plugin_name
  TextId version;
  std::uint32_t exists : 1;
  std::uint32_t has_role : 1;  ///< a role asks for its credentials
  std::uint32_t leases : 30;   ///< outstanding credentials
};
/// More are counted as that many.
inline constexpr std::uint32_t most_leases = (1U << 29U) - 1;

struct NodeState {
  ServerId server;
  std::uint8_t role;  ///< a Role
  std::uint8_t sealed : 1;
  std::uint8_t stuck : 1;  ///< it cannot become active: its mount table cannot be loaded
  std::uint8_t unused_bits : 6;
  std::uint16_t unused;
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
  std::uint32_t orphans;    ///< processes that run until the server ends
  std::uint32_t alive : 1;  ///< the shared process lives
  std::uint32_t multiplexed : 1;
  std::uint32_t strangers : 30;  ///< on the list, but behind no mount: refused after their plugin had started
};

/// A word of the links that only make a state fast to work with: a number + 1, or 0 for none.
using LinkId = std::uint32_t;
using Bits = std::uint64_t;

static_assert(sizeof(StoredEntry) == 4 && sizeof(StoredMount) == 20 && sizeof(StoredConnection) == 12 &&
                  sizeof(NodeState) == 8 && sizeof(Object) == 28 && sizeof(Process) == 12,
              "no padding: states are compared as bytes");

// ------------------------------------------------------------------------------------------------ the list of arrays

/// Whose a cell is.
enum class Owner : std::uint8_t {
  storage,  ///< what Vault replicates; a snapshot holds such cells too
  cluster,  ///< there is one
  node,     ///< what one server holds
};

/// Whether a cell is a part of the state, or a link that follows from the other cells and only saves looking at all of
/// them.
enum class Part : std::uint8_t { state, link };

// X(array, element, owner, part, count, sentence): `count` is the name of a number of Counts.
// The cells of a storage stand first, as a snapshot is a copy of them; then those of the cluster, then of the nodes;
// links last.
#define REPLUG_ARRAYS(X)                                                                                          \
  X(entries, StoredEntry, storage, state, entries, "an entry of the plugin catalog")                              \
  X(pins, EntryId, storage, state, plugins, "the pinned entry of a plugin, as its number + 1; 0: none")           \
  X(mounts, StoredMount, storage, state, mounts, "an entry of a mount table")                                     \
  X(mount_order, MountId, storage, state, order, "the order of the mount tables: two lengths, then the mounts")   \
  X(connections, StoredConnection, storage, state, connections, "the configuration of a database connection")     \
  X(snapshots, std::uint32_t, cluster, state, snapshots, "1 if that storage snapshot was taken")                  \
  X(nodes, NodeState, cluster, state, nodes, "a node: its release, its role, whether it is sealed")               \
  X(objects, Object, node, state, users, "a mount or a connection as one node holds it")                          \
  X(processes, Process, node, state, records, "the plugin processes of one catalog entry's contents on one node") \
  X(files, BinaryId, node, state, files, "a file in a node's plugin directory")                                   \
  X(node_order, MountId, node, state, order, "the order of a node's mount tables: two lengths, then the mounts")  \
  X(positions, std::uint32_t, node, link, mounts, "where a mount stands in its node's order")                     \
  X(first_users, LinkId, node, link, records, "the first of the users of a shared process")                       \
  X(next_users, LinkId, node, link, users, "the user behind this one on the list of their process")               \
  X(previous_users, LinkId, node, link, users, "the user before this one on the list of their process")           \
  X(unwritten_reports, Bits, cluster, link, mount_words,                                                          \
    "a bit a mount: its report changed since the table was last written")                                         \
  X(unread, Bits, cluster, link, connection_words,                                                                \
    "a bit a connection: whether its configuration is to be read before the next step")                           \
  X(unreadable, Bits, cluster, link, connection_words,                                                            \
    "a bit a connection: the last read of its configuration made no instance")                                    \
  X(retry, std::uint32_t, cluster, link, one,                                                                     \
    "what was written since the last read on which unreadable connections may hang (Retry)")

/// An array of cells.
enum class Array : std::uint8_t {
#define X(array, element, owner, part, count, sentence) array,
  REPLUG_ARRAYS(X)
#undef X
};

/// How many of each kind a plan can meet: the lengths of the arrays.
struct Counts {
  std::uint32_t nodes = 0, mounts = 0, connections = 0, users = 0, entries = 0, plugins = 0, records = 0, files = 0,
                snapshots = 0;
  std::uint32_t order = 0;  ///< mounts, and two lengths
  std::uint32_t mount_words = 0, connection_words = 0;
  std::uint32_t one = 1;
};

/// What is said of an array in the list.
struct ArrayRow {
  std::string_view name;
  std::size_t element;  ///< bytes of a cell
  Owner owner;
  Part part;
  std::uint32_t Counts::*count;
  std::string_view sentence;
};
inline constexpr std::array array_rows = {
#define X(array, element, owner, part, count, sentence) \
  ArrayRow{#array, sizeof(element), Owner::owner, Part::part, &Counts::count, sentence},
    REPLUG_ARRAYS(X)
#undef X
};
inline constexpr std::size_t arrays = array_rows.size();
constexpr const ArrayRow& row_of(Array array) { return array_rows[static_cast<std::size_t>(array)]; }

/// The struct that the cells of an array hold.
using Elements = std::tuple<
#define X(array, element, owner, part, count, sentence) element,
    REPLUG_ARRAYS(X)
#undef X
        std::byte>;
template <Array which>
using Element = std::tuple_element_t<static_cast<std::size_t>(which), Elements>;

/// One cell: of the storage (owner 0: the live one, else a snapshot's number + 1), of the cluster (owner 0), or of a
/// node.
struct Cell {
  Array array;
  std::uint32_t owner;
  std::uint32_t index;

  friend bool operator==(const Cell&, const Cell&) = default;
};

// ------------------------------------------------------------------------------------------------ what can change of
// it

/// What of a cell can change, as it is told: the fields of stored things, and what a node shows of a mount or a
/// connection.
enum class CellField : std::uint8_t {
  // of a catalog entry
  registered,
  sha256,  ///< also of a file
  command,
  args,
  env,
  oci_image,
  // of a pin
  version,
  // of a mount or a connection: as it is stored, and (with a node) as that node knows it
  type,
  plugin_name,
  plugin_version,
  tainted,
  // of a mount or a connection on a node
  running_plugin_version,
  running_sha256,
  actual_version,
  actual_sha256,
  status,
  // of a node
  role,
  sealed,
  server_version,
};
/// As it is written in JSON: `plugin_version`.
std::string_view to_string(CellField field);

/// What a field held before or holds after a change: nothing (there was no such entry, mount or process), or a text.
/// The empty text is a value of its own: the version of an unversioned plugin.
class Value {
 public:
  Value() = default;
  explicit Value(Text text) : text_(text), present_(true) {}

  [[nodiscard]] bool absent() const { return !present_; }
  /// The text; the empty one if there is none.
  [[nodiscard]] Text text() const { return text_; }
  operator Text() const { return text_; }  // NOLINT(google-explicit-constructor)
  [[nodiscard]] std::string_view view() const { return text_.view(); }
  [[nodiscard]] bool is(std::string_view word) const { return present_ && text_.view() == word; }

  friend bool operator==(const Value&, const Value&) = default;
  friend bool operator==(const Value& value, Text text) { return value.present_ && value.text_ == text; }

 private:
  Text text_;
  bool present_ = false;
};

}  // namespace replug::simulator
