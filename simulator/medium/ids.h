#pragma once

#include <cstdint>

namespace replug::simulator {

// Everything that a plan can meet has a number, dense from 0 within its kind; the World says what it stands for.

/// A node of the cluster by its place in the plan's `nodes`.
using NodeId = std::uint32_t;
using ServerId = std::uint32_t;      ///< a release of a server
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

inline constexpr NodeId no_node = ~NodeId{0};
inline constexpr PluginId no_plugin = ~PluginId{0};
inline constexpr EntryId no_entry = ~EntryId{0};
inline constexpr MountId no_mount = ~MountId{0};
inline constexpr ConnectionId no_connection = ~ConnectionId{0};
inline constexpr SnapshotId no_snapshot = ~SnapshotId{0};
inline constexpr UserId no_user = ~UserId{0};
/// The file is not described: it is taken to be what the catalog says.
inline constexpr BinaryId assumed_binary = 1;

}  // namespace replug::simulator
