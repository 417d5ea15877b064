#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "planner/reading/problem.h"
#include "planner/reading/source.h"
#include "report/report.h"
#include "simulator/medium/cluster.h"

namespace replug::report {

/// Members keep the order in which they are written: that of the plan language's page.
using Json = nlohmann::ordered_json;

/// On one line, as UTF-8.
std::string compact(const Json& value);

/// A JSON object as text, written member by member: its lists get a line for each element. A large report is written
/// piece by piece without being held as a tree, and two reports can be compared line by line.
class ObjectText {
 public:
  void member(std::string_view key, const Json& value);
  void begin_list(std::string_view key);
  /// The text of one element of the list that was begun.
  void element(std::string_view json);
  void end_list();
  /// The whole object; nothing can be added afterwards.
  std::string finish();

 private:
  void key(std::string_view name);
  std::string text_ = "{";
  bool first_member_ = true;
  bool first_element_ = true;
};

/// A place is always told: what has none is said of the whole file.
Json json(const planner::Place& place, const std::string& file);
Json json(const planner::Problem& problem, const std::string& file);
Json json(const std::vector<planner::Related>& related, const std::string& file);
/// The `state` of a step of the forecast.
Json state_json(const simulator::Cluster& cluster);
/// The forecast of one plan; of a file that is no plan, its problems in the same shape.
std::string forecast_text(const Analysis& analysis, bool every_state);

}  // namespace replug::report
