#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "planner/reading/plan.h"
#include "simulator/medium/cluster.h"
#include "simulator/run/forecast.h"

namespace replug::report {

/// `active`, `standby`, `performance_standby`.
std::string_view role_word(const simulator::NodeState& node);
/// The value of a change. The args and env of a catalog entry, which the simulator keeps as one text, are told with
/// spaces between.
std::string change_value(simulator::Text value);
/// A version as it is shown: `v1.0.0`, or `(none)` for what has no version. Printable.
std::string version_word(simulator::Text version);
/// The nodes that run plugin processes of their own, in the order of the plan.
std::vector<simulator::NodeId> nodes_with_plugins(const simulator::Cluster& cluster);

/// A claim of an `expect` list that a run has judged: where it stands and what it says.
struct JudgedClaim {
  planner::Place place;  ///< of its key
  std::string text;      ///< `mount my-secret/ running_version: v1.0.1`
  const simulator::ClaimResult* result;
};
/// Those of the plan's own `expect`.
std::vector<JudgedClaim> judged_claims(const planner::Plan& plan, const simulator::Forecast& forecast);
/// Those of a step: of its action, if that is `check`, and then of its `expect`.
std::vector<JudgedClaim> judged_claims(const planner::Plan& plan, const simulator::StepForecast& forecast);

}  // namespace replug::report
