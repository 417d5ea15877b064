#pragma once

#include <cstddef>
#include <vector>

#include "rules/judging/rule.h"

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
};

/// All of them, in the order of the run.
std::vector<Transition> transitions(const PlayedPlan& played);

}  // namespace replug::rules
