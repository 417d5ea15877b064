#pragma once

#include <vector>

#include "simulator/medium/cluster.h"
#include "simulator/medium/reply.h"

namespace replug::simulator {

struct Step;

/// One request of a step that goes to several nodes.
struct NodeReply {
  NodeId node = no_node;
  Reply reply;
};

/// What came of a step.
struct Outcome {
  NodeId node = no_node;  ///< the node that carried it out (that of the first request)
  ServerId server = 0;    ///< what that node ran before the step; of a step that no node gets the described one
  Reply reply;            ///< the first that was refused, else that of the first request
  std::vector<NodeReply> replies;  ///< all of them, if there were several
};

/// Takes the cluster to the state that follows from its present one and the step. Depends on nothing else; what it
/// wrote and looked at is in the cluster's log and footprint, if it has them. The cluster is one that somebody looks at
/// after each step, as in the recordings: first at the processes, then at the database configurations, which from
/// Vault 1.16 on starts the plugin of a connection that has none.
Outcome successor(Cluster& cluster, const Step& step);

/// Its two parts: somebody reads the database configurations, and the step itself.
void read_configurations(Cluster& cluster);
Outcome carry_out(Cluster& cluster, const Step& step);

}  // namespace replug::simulator
