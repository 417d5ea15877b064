#include "report/telling/json_text.h"

#include <utility>

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

}  // namespace replug::report
