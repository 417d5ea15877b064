#pragma once

#include <string_view>

namespace replug::rules {

/// Whether a path, written with slashes and without `.` and `..`, fits a pattern: `*` is any part of a name, `?` one
/// character of a name, `**` any part of a path; `**/` is any number of folders, none among them. Everything else is
/// itself. The whole path has to fit. Takes at most as many steps as pattern times path has characters.
bool matches_path(std::string_view pattern, std::string_view path);

}  // namespace replug::rules
