#pragma once

#include <memory>
#include <string>
#include <vector>

#include "analysis/analysis.h"
#include "cli/reach.h"
#include "planner/reading/source.h"

namespace replug::cli {

/// The plans that were found, and what could not be read of a searched folder, in the shape in which files that are no
/// plans are reported.
struct FoundPlans {
  std::vector<std::shared_ptr<const planner::Source>> plans;
  std::vector<analysis::Analysis> unreadable;
};

/// The plans that the arguments name: files, folders (searched for plans, in the order of their paths) and `-` for
/// standard input. Trouble where a file that is named cannot be read, or where a folder has no plan.
FoundPlans find_plans(const std::vector<std::string>& arguments, const Reach& reach);

}  // namespace replug::cli
