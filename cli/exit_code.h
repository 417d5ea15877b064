#pragma once

namespace replug::cli {

/// Stable: scripts depend on them. Where several apply, the first of 70, 2, 3, 1, 4 wins.
enum class ExitCode : int {
  clean = 0,
  findings = 1,    ///< findings at or above --fail-on, or a verdict that is not ok
  usage = 2,       ///< wrong usage
  unreadable = 3,  ///< nothing to check, or a file that is no plan or cannot be read or written
  incomplete = 4,  ///< a limit was reached, or something is not modelled
  bug = 70,        ///< a bug of ours
};

}  // namespace replug::cli
