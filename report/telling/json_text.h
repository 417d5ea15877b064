#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

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

}  // namespace replug::report
