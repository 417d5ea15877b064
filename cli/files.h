#pragma once

#include <memory>
#include <string>
#include <vector>

#include "planner/read.h"
#include "planner/source.h"

namespace replug::cli {

/// The plans that the arguments name: files, folders (searched for plans, in the order of their paths) and `-` for standard input.
/// Trouble where something cannot be read or a folder has no plan.
std::vector<std::shared_ptr<const planner::Source>> read_plans(const std::vector<std::string>& arguments);

/// Gives the files that a plan names, by paths relative to the folder of the file that names them.
planner::FileAnswer read_named_file(const std::string& from, const std::string& path);

}  // namespace replug::cli
