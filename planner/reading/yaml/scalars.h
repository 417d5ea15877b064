#pragma once

#include <string_view>

#include "planner/reading/source.h"
#include "planner/reading/yaml/places.h"

namespace replug::planner::yaml {

/// How a scalar is written: plain, in quotes, as a block.
struct Writing {
  Span span;
  std::string_view raw;       ///< what may be its value as it is
  bool plain = true;          ///< without quotes
  bool never_closed = false;  ///< it begins with a quote that has no end
};

/// Finds the text of which yaml-cpp has made the value.
Writing find_writing(std::string_view text, const Properties& properties, std::string_view value);

}  // namespace replug::planner::yaml
