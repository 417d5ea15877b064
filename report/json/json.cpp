#include "report/json/json.h"

#include <utility>

namespace replug::report {

Json json(const planner::Place& place, const std::string& file) {
  if (!place.known()) return {{"file", file}, {"line", 1}, {"column", 1}, {"end_line", 1}, {"end_column", 1}};
  const auto begin = place.begin();
  const auto end = place.end();
  return {{"file", place.source->name()},
          {"line", begin.line},
          {"column", begin.column},
          {"end_line", end.line},
          {"end_column", end.column}};
}

Json json(const planner::Fix& fix, const std::string& file) {
  Json edits = Json::array();
  for (const auto& edit : fix.edits) edits.push_back({{"place", json(edit.place, file)}, {"text", edit.text}});
  return {{"title", fix.title}, {"safe", fix.safe}, {"edits", std::move(edits)}};
}

Json json(const std::vector<planner::Related>& related, const std::string& file) {
  Json result = Json::array();
  for (const auto& one : related) result.push_back({{"message", one.message}, {"place", json(one.place, file)}});
  return result;
}

}  // namespace replug::report
