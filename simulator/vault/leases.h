#pragma once

#include <cstdint>
#include <optional>

#include "simulator/medium/cluster.h"
#include "simulator/medium/reply.h"

namespace replug::simulator {

/// Leases: https://developer.hashicorp.com/vault/docs/concepts/lease (reference, section 10). What was handed out is
/// taken back through the plugin that is configured when it is revoked, whichever handed it out. Storage knows how many
/// there are below a mount: those of a connection by the connection, all others by the mount.

/// An answered request for credentials leaves one.
void issue_lease(Cluster& cluster, ConnectionId connection);
/// How many are outstanding below a mount, those of its connections among them.
std::uint32_t outstanding_leases(const Cluster& cluster, MountId mount);
/// Revokes every lease below a mount, one after the other, as a disable and a move do first. Gives the server's error
/// at the first that cannot be revoked; those before it are gone.
std::optional<Message> revoke_leases(Cluster& cluster, NodeId node, MountId mount);

/// `PUT sys/leases/revoke-prefix/:prefix`, which queues the revocations; with `force` `PUT
/// sys/leases/revoke-force/:prefix`, which forgets the leases even if their plugin cannot be reached.
Reply revoke_prefix(Cluster& cluster, NodeId node, Text name_space, Text prefix, bool force);

}  // namespace replug::simulator
