#pragma once

#include "simulator/medium/cluster.h"
#include "simulator/medium/reply.h"

namespace replug::simulator {

/// An ordinary request to a mount, as an application sends it. One that finds the plugin's process gone starts it
/// again, once, and is then answered (reference, section 5.3).
Reply request_path(Cluster& cluster, NodeId node, Text name_space, Text path);

/// The mount that a path leads to on a node: the longest one that the node knows; no_mount if there is none.
MountId mount_for(const Cluster& cluster, NodeId node, const Route& route);

}  // namespace replug::simulator
