#pragma once

#include <string_view>

#include "planner/reading/document.h"
#include "planner/reading/yaml/document_problems.h"

namespace replug::planner::yaml {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Whether the source is text that yaml-cpp reads as it is written: UTF-8, without control characters, not too large.
bool is_readable(std::string_view text, const DocumentLimits& limits, DocumentProblems& problems);

}  // namespace replug::planner::yaml
