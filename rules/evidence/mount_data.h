#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "planner/reading/plan.h"
#include "simulator/medium/world.h"
#include "simulator/run/forecast.h"

namespace replug::rules {

/// The data of a mount comes into the hands of another version: the first start of a version other than the last one
/// that ran, on whichever node. A mount that the plan enabled begins with the version that it is enabled with.
struct Transition {
  std::size_t position;       ///< in the run
  simulator::Text mount;      ///< by its full path at that step
  simulator::Text described;  ///< the path it has in the cluster description; empty for one that the plan enabled
  simulator::PluginType type;
  simulator::Text plugin;
  simulator::Text from, to;
  std::optional<std::int64_t> schema;  ///< that the data is in before; nothing where that is unknown
};

/// The data of a described mount goes: the mount is disabled, or the snapshot that is restored does not have it.
struct DataLoss {
  std::size_t position;   ///< in the run
  simulator::Text mount;  ///< by its full path at that step
};

/// What the data of the mounts went through. A mount that is moved takes its data along.
struct MountData {
  std::vector<Transition> transitions;  ///< in the order of the run
  std::vector<DataLoss> losses;         ///< in the order of the run
};

MountData follow_mount_data(const planner::Plan& plan, const simulator::Forecast& forecast);

}  // namespace replug::rules
