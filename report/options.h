#pragma once

#include <cstddef>

namespace replug::report {

/// How a report is to be told, where its format leaves a choice.
struct Options {
  bool every_state = false;      ///< JSON: the state after every step, not only after the last
  bool color = false;            ///< text
  bool show_suppressed = false;  ///< text, concise: the suppressed findings too
  bool quiet = false;            ///< text: only findings and the summary
  std::size_t width = 80;        ///< text: columns
};

}  // namespace replug::report
