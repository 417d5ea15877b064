#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "planner/reading/read.h"

namespace replug::cli {

/// What plans from standard input are called.
inline const std::string standard_input = "<stdin>";

/// The folder of a plan, as it was named; the current one for a plan from standard input.
std::filesystem::path folder_of(const std::string& plan);

/// Which files count as the plan's own. A plan can be a stranger's (a pull request), and whoever checks it has secrets
/// that must not end up in its report. So what a plan or a configuration leads to is read only below the root of the
/// plan's repository (the nearest folder with .git; without one the plan's own folder), after links are resolved, and
/// only if it is a regular file. --include-root adds folders; no file can.
class Reach {
 public:
  /// Trouble with wrong usage if one of the folders is none.
  explicit Reach(const std::vector<std::string>& include_roots = {});

  /// Gives the files that this plan names, and those that they name.
  [[nodiscard]] planner::FileReader reader_for(const std::string& plan) const;
  /// Whether a file that was found, a plan or a configuration, lies where it seems to. Where it does not, it is a link
  /// or lies behind one.
  [[nodiscard]] bool holds(const std::filesystem::path& file) const;

 private:
  [[nodiscard]] bool holds(const std::filesystem::path& root, const std::filesystem::path& resolved) const;
  [[nodiscard]] planner::FileAnswer read(const std::filesystem::path& root, const std::string& from,
                                         const std::string& path) const;

  std::vector<std::filesystem::path> included_;  ///< resolved
};

/// What to do about a file that is out of reach.
extern const std::string reach_help;

}  // namespace replug::cli
