#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "planner/reading/read.h"
#include "planner/reading/source.h"

namespace replug::cli {

/// The plans that the arguments name: files, folders (searched for plans, in the order of their paths) and `-` for
/// standard input. Trouble where something cannot be read or a folder has no plan.
std::vector<std::shared_ptr<const planner::Source>> read_plans(const std::vector<std::string>& arguments);

/// The text of a regular file; Trouble that calls it by `name` where it cannot be read.
std::string read_regular_file(const std::string& path, const std::string& name);

/// Writes a file in one moment: whoever reads it meanwhile sees the old or the new text, and nobody a half of one. One
/// that is there keeps its mode; a link to it stays a link. Trouble where it cannot be written.
void replace_file(const std::string& path, std::string_view text);

/// Gives the files that a plan names, by paths relative to the folder of the file that names them.
planner::FileAnswer read_named_file(const std::string& from, const std::string& path);

}  // namespace replug::cli
