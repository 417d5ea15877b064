#pragma once

#include <string>
#include <vector>

#include "planner/reading/problem.h"
#include "planner/reading/source.h"
#include "report/options.h"
#include "report/telling/account.h"
#include "report/telling/json_text.h"
#include "simulator/medium/cluster.h"

namespace replug::report {

/// A place is always told: what has none is said of the whole file.
Json json(const planner::Place& place, const std::string& file);
Json json(const planner::Fix& fix, const std::string& file);
Json json(const std::vector<planner::Related>& related, const std::string& file);
/// The problems of a file, as elements of the list that was begun.
void write_problems(const PlanAccount& plan, ObjectText& out);
/// The `state` of a step of the forecast.
Json state_json(const simulator::Cluster& cluster);
/// The forecast of one plan; of a file that is no plan, its problems in the same shape.
std::string forecast_text(const PlanAccount& plan, bool every_state);

/// The forecast of the plan language's page, of several plans an object with `forecasts`; or the findings of that page.
std::string write_json(const Account& account, const Options& options);

}  // namespace replug::report
