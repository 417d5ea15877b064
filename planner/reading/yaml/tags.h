#pragma once

#include <cstdint>
#include <string_view>

namespace replug::planner::yaml {

/// The tags YAML itself defines, as far as a plan needs them.
enum class Tag : std::uint8_t { none, text, null, plain, mapping, sequence, unknown };

/// The tag that yaml-cpp gives, whole: `tag:yaml.org,2002:str`.
Tag resolve_tag(std::string_view tag);

}  // namespace replug::planner::yaml
