#pragma once

#include <string>
#include <vector>

#include "planner/reading/plan.h"
#include "report/telling/account.h"
#include "simulator/run/forecast.h"

namespace replug::report {

/// A claim of an `expect` list that a run has judged: where it stands and what it says.
struct JudgedClaim {
  planner::Place place;  ///< of its key
  std::string text;      ///< `mount my-secret/ running_version: v1.0.1`
  const simulator::ClaimResult* result;
};
/// Those of the plan's own `expect`. The plan must have a forecast.
std::vector<JudgedClaim> judged_claims(const PlanAccount& plan);
/// Those of a step: of its action, if that is `check`, and then of its `expect`.
std::vector<JudgedClaim> judged_claims(const PlanAccount& plan, const StepAccount& step);

}  // namespace replug::report
