#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "simulator/steps/step.h"

namespace replug::planner {

class Node;

/// A step with what only the planner knows of it.
struct PlannedStep {
  simulator::Step step;
  std::optional<std::vector<std::size_t>> needs;  ///< absent: the step before it; places in `steps`
  const Node* node = nullptr;                     ///< the mapping of the whole step
  const Node* action_key = nullptr;               ///< the key that names the action
  const Node* action_value = nullptr;
};

}  // namespace replug::planner
