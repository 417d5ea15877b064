#pragma once

#include <string_view>

#include "planner/reading/document.h"

namespace replug::planner {

/// Whether a file that a plan names under that key begins as such a file does; under `steps`, whether it begins as a
/// plan. Of one that does not nothing may be
/// told: a plan can be a stranger's, and name a file with somebody's password.
bool begins_as(std::string_view key, const Document& document);

}  // namespace replug::planner
