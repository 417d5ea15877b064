#pragma once

#include <cstdint>
#include <unordered_map>

#include "simulator/medium/cluster.h"
#include "simulator/medium/world.h"
#include "simulator/run/forecast.h"

namespace replug::rules {

/// Reads a cluster in the words of changes: what a field of a subject holds.
class CellReader {
 public:
  explicit CellReader(const simulator::World& world);

  /// Absent where there is no such subject, or it has no such field in that place (no_node: in storage). What a node
  /// knows of the configuration of a mount or a connection is not read: changes tell of it only where it lags behind.
  [[nodiscard]] simulator::Value read(const simulator::Cluster& cluster, simulator::Change::What what,
                                      simulator::Text subject, simulator::CellField field,
                                      simulator::NodeId node) const;

 private:
  const simulator::World* world_;
  std::unordered_map<std::uint32_t, simulator::EntryId> entry_of_;            // by the number of the label
  std::unordered_map<std::uint32_t, simulator::PluginId> plugin_of_;          // by the number of the label
  std::unordered_map<std::uint32_t, simulator::ConnectionId> connection_of_;  // by the number of the label
};

}  // namespace replug::rules
