#pragma once

#include <variant>

#include "planner/reading/planned_step.h"
#include "rules/judging/rule.h"

namespace replug::rules {

/// One step as it passes: the cluster before it, and what it is going to do.
struct Moment {
  const planner::Plan& plan;
  const planner::PlannedStep& planned;
  const simulator::StepForecast& forecast;
  const simulator::Cluster& before;
  const Facts& facts;
  std::size_t position;  ///< in the run

  [[nodiscard]] const simulator::World& world() const { return before.world(); }
  /// The step's action if it is of that kind, else nullptr.
  template <class Action>
  [[nodiscard]] const Action* as() const {
    return std::get_if<Action>(&planned.step.action);
  }
};

}  // namespace replug::rules
