#pragma once

#include <string>
#include <vector>

#include "simulator/medium/cluster.h"

namespace replug::rules {

/// What a mount runs on a node, and what a load of it there (a reload, an unseal, a failover) would start instead.
struct Load {
  simulator::Text loaded;       ///< the version it was made with
  simulator::Text wanted;       ///< the version that a load would ask the catalog for: the pin, else the configured one
  simulator::RecordId now = 0;  ///< the contents it was made from; 0: a built-in, or nothing
  simulator::RecordId next = 0;  ///< the contents a load would start
  bool found = true;             ///< the catalog has what a load would ask for
  bool pinned = false;           ///< the pin decides, not the configured version

  /// Another version is waiting.
  [[nodiscard]] bool waits() const { return loaded != wanted; }
  /// A load would start something else, be it another version or other contents of the same.
  [[nodiscard]] bool changes() const { return waits() || !found || now != next; }
};
/// `v1.0.1`, `the unversioned entry`, `the built-in`.
std::string loaded_words(const Load& load);
std::string wanted_words(const Load& load);
Load load_of(const simulator::Cluster& cluster, simulator::NodeId node, simulator::MountId mount);

/// The nodes that run plugin processes of their own, the active one first.
std::vector<simulator::NodeId> nodes_with_plugins(const simulator::Cluster& cluster);

}  // namespace replug::rules
