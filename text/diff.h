#pragma once

#include <string>
#include <string_view>

namespace replug::text {

/// A unified diff with three lines around each change, as `patch` reads it; empty if nothing changed. `name` is that of
/// the file.
std::string unified_diff(std::string_view name, std::string_view before, std::string_view after);

}  // namespace replug::text
