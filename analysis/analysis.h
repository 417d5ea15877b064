#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "planner/ordering/order.h"
#include "planner/reading/read.h"
#include "rules/judging/judge.h"
#include "simulator/run/forecast.h"

namespace replug::analysis {

/// What the user asked to see.
enum class Question : std::uint8_t {
  check,     ///< problems, findings and forecasts
  lint,      ///< problems and findings
  simulate,  ///< problems and forecasts
};

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

}  // namespace replug::analysis
