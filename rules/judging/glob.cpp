#include "rules/judging/glob.h"

#include <cstddef>
#include <string_view>
#include <vector>

#include "text/printable.h"

namespace replug::rules {

namespace {

/// Where in the path the pattern can stand, after what was read of it: one flag for each place between two bytes.
using Places = std::vector<bool>;

/// Behind any part of a name, or of a path.
Places behind_star(const Places& before, std::string_view path, bool over_folders) {
  Places after = before;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (after[i] && (over_folders || path[i] != '/')) after[i + 1] = true;
  }
  return after;
}

/// Behind any number of folders.
Places behind_folders(const Places& before, std::string_view path) {
  Places after = before;
  bool begun = false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    begun = begun || before[i];
    if (begun && path[i] == '/') after[i + 1] = true;
  }
  return after;
}

Places behind_character(const Places& before, std::string_view path) {
  Places after(path.size() + 1);
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (before[i] && path[i] != '/') after[i + text::first_character(path.substr(i)).bytes] = true;
  }
  return after;
}

Places behind_byte(const Places& before, std::string_view path, char byte) {
  Places after(path.size() + 1);
  for (std::size_t i = 0; i < path.size(); ++i) after[i + 1] = before[i] && path[i] == byte;
  return after;
}

}  // namespace

bool matches_path(std::string_view pattern, std::string_view path) {
  Places places(path.size() + 1);
  places.front() = true;
  bool at_name = true;  // a name of the pattern begins here
  while (!pattern.empty()) {
    std::size_t read = 1;
    if (at_name && pattern.starts_with("**/")) {
      places = behind_folders(places, path);
      read = 3;
    } else if (pattern.starts_with("*")) {
      read = pattern.starts_with("**") ? 2 : 1;
      places = behind_star(places, path, read == 2);
    } else if (pattern.starts_with("?")) {
      places = behind_character(places, path);
    } else {
      places = behind_byte(places, path, pattern.front());
    }
    at_name = pattern[read - 1] == '/';
    pattern.remove_prefix(read);
  }
  return places.back();
}

}  // namespace replug::rules
