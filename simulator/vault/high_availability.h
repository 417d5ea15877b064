#pragma once

#include <optional>

#include "simulator/medium/cluster.h"
#include "simulator/medium/reply.h"

namespace replug::simulator {

/// Which node leads, what a node loads when it is unsealed or takes over, and what standbys follow (reference, sections
/// 7, 11 and 12). https://developer.hashicorp.com/vault/docs/internals/high-availability

/// Whether a node runs plugin processes of its own: the active node of each replicated cluster, and standbys that serve
/// reads.
bool runs_plugins(const Cluster& cluster, NodeId node);
/// The node where the operator's requests without `at` are carried out, or no_node while there is none.
NodeId active_node(const Cluster& cluster, std::uint32_t replica = 0);

/// Whether the node is the one that writes: the active node of the primary.
bool is_writer(const Cluster& cluster, NodeId node);
/// Whether the node handles requests itself instead of passing them to the active node.
bool serves_reads(const Cluster& cluster, NodeId node);

/// Stops and starts the server on a node. If it was active, `to` takes over, or the first standby.
void restart(Cluster& cluster, NodeId node, std::optional<NodeId> to);
/// The same with another server binary.
void upgrade_server(Cluster& cluster, NodeId node, ServerId server, std::optional<NodeId> to);
Reply seal(Cluster& cluster, NodeId node, std::optional<NodeId> to);
Reply unseal(Cluster& cluster, NodeId node);
/// The active node of the node's cluster gives up; a standby takes over. Without effect on a standby.
Reply step_down(Cluster& cluster, NodeId node, std::optional<NodeId> to);
/// While nobody leads, the nodes that could not load the tables go on trying; after a file was put in place one of them
/// may succeed.
void try_to_lead_again(Cluster& cluster);
/// The active node loads everything anew from a storage that was taken back; standbys do not (reference, section 11.3).
void reload_restored(Cluster& cluster, NodeId node);

/// A mount was written: nodes that serve reads beside the active one follow that it came or went, not its version.
void follow_mount(Cluster& cluster, NodeId writer, MountId mount);
/// A mount was moved: what one node does.
void move_on_node(Cluster& cluster, NodeId node, NodeId writer, MountId from, MountId to);

}  // namespace replug::simulator
