#pragma once

#include <vector>

#include "simulator/medium/cluster.h"
#include "simulator/run/forecast.h"
#include "simulator/run/view.h"

namespace replug::simulator {

/// Tells what a step changed: the difference between the cells that the log kept and the cluster now. Looks only at
/// what was written. `shown` is the status that was last told of each user on each node (node by node), and is brought
/// up to date.
std::vector<Change> changes_since(const Cluster& cluster, const ChangeLog& log, std::vector<Status>& shown);

/// The connections whose stored configuration or instance was written.
std::vector<ConnectionId> touched_connections(const Cluster& cluster, const ChangeLog& log);
/// Whether anything else was written on which it hangs that a plugin can be started: catalog, pins, files, processes,
/// roles.
bool writes_beside_connections(const Cluster& cluster, const ChangeLog& log);

/// The status of every user on every node, for `shown`.
std::vector<Status> statuses(const Cluster& cluster);

}  // namespace replug::simulator
