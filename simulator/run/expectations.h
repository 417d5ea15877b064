#pragma once

#include <span>
#include <vector>

#include "simulator/medium/cluster.h"
#include "simulator/medium/expectation.h"
#include "simulator/run/forecast.h"

namespace replug::simulator {

/// What each claim of the expectations comes to in the present state.
std::vector<ClaimResult> judge_expectations(const Cluster& cluster, std::span<const Expectation> expectations);

}  // namespace replug::simulator
