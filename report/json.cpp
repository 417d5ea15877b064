#include "report/json.h"

namespace replug::report {

std::string compact(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

void ObjectText::key(std::string_view name) {
  text_ += first_member_ ? "\n  " : ",\n  ";
  first_member_ = false;
  text_ += compact(name);
  text_ += ": ";
}

void ObjectText::member(std::string_view name, const Json& value) {
  key(name);
  text_ += compact(value);
}

void ObjectText::begin_list(std::string_view name) {
  key(name);
  text_ += '[';
  first_element_ = true;
}

void ObjectText::element(std::string_view json) {
  text_ += first_element_ ? "\n    " : ",\n    ";
  first_element_ = false;
  text_ += json;
}

void ObjectText::end_list() { text_ += first_element_ ? "]" : "\n  ]"; }

std::string ObjectText::finish() {
  text_ += "\n}";
  return std::move(text_);
}

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

Json json(const planner::Problem& problem, const std::string& file) {
  Json result = {{"message", problem.message}, {"help", problem.help}, {"place", json(problem.place, file)}};
  if (!problem.related.empty()) result["related"] = json(problem.related, file);
  if (problem.correction) {
    const auto& edit = *problem.correction;
    result["fix"] = {{"title", "write " + edit.text}, {"safe", true}, {"edits", Json::array()}};
    result["fix"]["edits"].push_back({{"place", json(edit.place, file)}, {"text", edit.text}});
  }
  return result;
}

Json json(const std::vector<planner::Related>& related, const std::string& file) {
  Json result = Json::array();
  for (const auto& one : related) result.push_back({{"message", one.message}, {"place", json(one.place, file)}});
  return result;
}

}  // namespace replug::report
