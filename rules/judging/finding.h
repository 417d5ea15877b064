#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "planner/reading/problem.h"

namespace replug::rules {

struct Rule;

/// error: it will fail or lose data; warning: it will bite later; note: worth knowing.
enum class Severity : std::uint8_t { note, warning, error };
std::string_view to_string(Severity severity);

using planner::Edit;
using planner::Event;
using planner::Fix;

/// One thing that is wrong with a plan that could be read.
struct Finding : planner::Diagnostic {
  const Rule* rule = nullptr;
  Severity severity = Severity::warning;
  std::optional<std::size_t> step;  ///< its place in the plan's `steps`
  std::string subject;              ///< what it is about (a mount, an entry); part of the fingerprint
  std::string fingerprint;          ///< the same for the same finding after lines have moved
  bool suppressed = false;
  std::string suppression_reason;
};

/// A rule that could not judge, and why.
struct NotChecked {
  const Rule* rule = nullptr;
  std::string why;
};

}  // namespace replug::rules
