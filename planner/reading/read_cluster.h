#pragma once

#include <string_view>

#include "planner/reading/reader.h"
#include "simulator/medium/description.h"
#include "simulator/medium/text.h"

namespace replug::planner {

/// What the two sources that read a cluster share: read_cluster.cpp what an operator writes of the servers,
/// read_stored.cpp what Vault prints of its storage.

/// The namespaces that exist: those that the cluster lists, and those that its mounts are in.
class Namespaces {
 public:
  explicit Namespaces(simulator::ClusterDescription& cluster) : cluster_(cluster) {}

  /// From now on a server without namespaces is a problem.
  void know_server() { server_known_ = true; }
  void add(const Values& values, simulator::Text name, const Node& at);
  /// The innermost namespace that the path leads into, or the empty text: nothing of an outer one can be mounted there.
  [[nodiscard]] simulator::Text around(std::string_view path) const;

 private:
  simulator::ClusterDescription& cluster_;
  Names names_;
  bool server_known_ = false;
};

/// Reads the catalog, the pins, the mounts and the database connections.
void read_stored(const Values& values, const Node& cluster_node, Files& files, Namespaces& namespaces,
                 simulator::ClusterDescription& cluster);

}  // namespace replug::planner
