#pragma once

#include <optional>

#include "simulator/medium/cluster.h"
#include "simulator/medium/reply.h"
#include "simulator/vault/processes.h"

namespace replug::simulator {

/// The backend object behind a mount on one node: how it is made, and made again when its process is gone (reference,
/// sections 5.1 to 5.7).

/// Makes the backend of a mount that stands in the node's mount table, from the configured version (or the pin) and the
/// present catalog. Gives the server's error if that fails; the object then is what it was.
std::optional<Message> create_backend(Cluster& cluster, NodeId node, MountId mount);

/// The process behind a user is gone: starts the version it was made with again, from the present catalog entry. Gives
/// the server's error if that fails.
std::optional<Message> respawn(Cluster& cluster, NodeId node, UserId user);
/// Whether that would go well now.
bool can_respawn(const Cluster& cluster, NodeId node, UserId user);

/// The two lines of a failed start: with the present protocol, then with the old one (reference, section 0).
Message two_tries(const Cluster& cluster, NodeId node, RecordId record, StartError error);
/// Whether the old protocol's look at the file would go well, after the present one failed.
bool old_protocol_succeeds(const Cluster& cluster, NodeId node, RecordId record, StartError error);

/// What happens to a request, a rollback or a reload that meets a backend that was made while its process could not be
/// reached (5.7).
Reply meet_shell(Cluster& cluster, NodeId node, UserId user);

/// What a request gets to a mount whose disable did not come to its end. The path is that within its namespace, which
/// may be put together from what is below a mount and a name.
Reply turned_away(const Cluster& cluster, NodeId node, MountId mount, Text path, std::string_view below = {},
                  Text name = {});

/// A write to the mount table: storage gets what the node shows of every mount in the table (or of this one, where each
/// is stored for itself).
void write_table(Cluster& cluster, NodeId node, MountId mount);
/// Whether that server stores each mount for itself.
bool stores_one_by_one(const Cluster& cluster, NodeId node);

/// Whether the node's mount is the server's own database secrets engine.
bool is_database_engine(const Cluster& cluster, PluginId plugin);

}  // namespace replug::simulator
