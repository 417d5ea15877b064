#pragma once

#include <cstdint>

#include "simulator/medium/cluster.h"
#include "simulator/medium/reply.h"

namespace replug::simulator {

/// Plugin processes on one node: who uses which, and what starts and ends them. Vault's `newPluginClient`,
/// `cleanupExternalPlugin` and `reloadExternalPlugin` (reference, sections 5.5 and 5.6).
///
/// A plugin that multiplexes has one process for each record (catalog entry with its contents); the node keeps a list
/// of its users: the mounts' backends and the database connections. A plugin that does not has one process for each
/// user.

/// Why no process could be had.
enum class StartError : std::uint8_t {
  none,
  file_missing,  ///< no such file in the node's plugin directory
  checksum,      ///< the file's sha256 is not the entry's
  no_handshake,  ///< it ended before the handshake, or is a plugin of another kind
  unreachable,   ///< the shared process of this record is dead, and its list of users is not forgotten yet
};

/// Whether the file of a record can be run on a node now, and why not.
StartError start(const Cluster& cluster, NodeId node, RecordId record);
/// What the server says of it.
Message start_failure(const Cluster& cluster, NodeId node, RecordId record, StartError error);

/// Why a user could not be made one of the record's now.
StartError can_attach(const Cluster& cluster, NodeId node, RecordId record);
/// Makes a user one of the record's: starts a process, or shares the one that is there.
StartError attach(Cluster& cluster, NodeId node, UserId user, RecordId record);
/// The same without starting anything: for a cluster that is described as running.
void adopt(Cluster& cluster, NodeId node, UserId user, RecordId record, bool multiplexed);
/// A user is done with its process; the process ends with its last user.
void close(Cluster& cluster, NodeId node, UserId user);
/// Makes room for a reload or a respawn: ends the process under all its users.
void drop(Cluster& cluster, NodeId node, UserId user);
/// The process behind a user dies; the lists stay as they are.
void kill(Cluster& cluster, NodeId node, UserId user);
/// A process was started for a user that was refused afterwards: it stays until the server ends.
void abandon(Cluster& cluster, NodeId node, UserId user);
/// A process is left behind that nobody has on a list.
void leave_orphan(Cluster& cluster, NodeId node, RecordId record);
/// What a user has of its record goes over to another user: a mount was moved.
void hand_over(Cluster& cluster, NodeId node, UserId from, UserId to);

/// Whether the process behind a user lives and is still its own.
bool is_alive(const Cluster& cluster, NodeId node, UserId user);

}  // namespace replug::simulator
