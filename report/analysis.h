#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "planner/order.h"
#include "planner/read.h"
#include "rules/judge.h"
#include "simulator/forecast.h"

namespace replug::report {

/// Everything that is known of one plan file, each stage's value; a stage that failed leaves those after it empty.
/// Reports are written from this value and from nothing else.
struct Analysis {
  std::string file;
  planner::Reading reading;                     ///< text → plan, or problems
  std::optional<planner::Schedule> schedule;    ///< the order of the steps
  std::optional<simulator::Forecast> forecast;  ///< what will run where
  std::optional<rules::Judgement> judgement;    ///< what is wrong with it

  [[nodiscard]] const planner::Plan& plan() const { return *reading.plan; }
};

}  // namespace replug::report
