#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "planner/reading/plan.h"

namespace replug::planner {

/// The steps in the order in which they are simulated: a topological order of `needs`, stable (where steps are free,
/// the file's order).
struct Schedule {
  std::vector<std::size_t> order;  ///< places in `Plan::steps`
};

/// Nothing if the steps need each other in a circle; the problem tells the circle step by step.
std::optional<Schedule> order_steps(const Plan& plan, const std::vector<PlannedStep>& steps, Problems& problems);

/// Pairs of steps that `needs` leaves unordered although one writes what the other touches (first in file order first).
/// At most `limit` pairs; `complete` tells whether that are all: the search is bounded.
std::vector<std::pair<std::size_t, std::size_t>> unordered_conflicts(const Plan& plan, std::size_t limit,
                                                                     bool* complete = nullptr);

/// The graph of steps in the DOT language of Graphviz.
std::string to_dot(const Plan& plan);
/// The same as a Mermaid flowchart.
std::string to_mermaid(const Plan& plan);

}  // namespace replug::planner
