#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "planner/reading/yaml/builder.h"
#include "planner/reading/yaml/feed.h"
#include "planner/reading/yaml/refusal.h"

namespace replug::planner::yaml {

/// Why and where yaml-cpp read no further.
struct Refused {
  Refusal refusal = Refusal::other;
  std::string said;  ///< its own words
  std::size_t mark = 0;
};

/// Has yaml-cpp split what the feed gives, and tells the builder of each event; nothing if it came to the end. Throws
/// what the feed and the builder throw.
std::optional<Refused> read_events(Feed& feed, DocumentBuilder& builder);

}  // namespace replug::planner::yaml
