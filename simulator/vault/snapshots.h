#pragma once

#include <optional>

#include "simulator/medium/cluster.h"
#include "simulator/medium/reply.h"

namespace replug::simulator {

/// Snapshots of integrated storage: https://developer.hashicorp.com/vault/api-docs/system/storage/raft (reference,
/// section 11.3). They hold what storage holds: not the files in the plugin directories, not what runs.

/// `GET sys/storage/raft/snapshot`
Reply take_snapshot(Cluster& cluster, NodeId node, std::optional<Text> name);
/// `POST sys/storage/raft/snapshot`: the active node takes the store and loads everything anew from it.
Reply restore_snapshot(Cluster& cluster, NodeId node, std::optional<Text> name);

}  // namespace replug::simulator
