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

/// The status of every user on every node, for `shown`.
std::vector<Status> statuses(const Cluster& cluster);

}  // namespace replug::simulator
