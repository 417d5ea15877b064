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

/// A replacement of a range of the plan's text; an empty range inserts.
struct Edit {
  planner::Place place;
  std::string text;
};

/// A repair. `safe`: it keeps what the plan means, so it may be applied without a look.
struct Fix {
  std::string title;
  bool safe = false;
  std::vector<Edit> edits;
};

/// One thing that is wrong with a plan that could be read.
struct Finding {
  const Rule* rule = nullptr;
  Severity severity = Severity::warning;
  planner::Place place;             ///< on the key or value that is wrong
  std::string message;              ///< what is wrong and why it matters in Vault
  std::string help;                 ///< what to do
  std::optional<std::size_t> step;  ///< its place in the plan's `steps`
  std::vector<planner::Related> related;
  std::vector<std::string> story;  ///< what comes before it, shortest telling: ids of steps and events
  std::optional<Fix> fix;
  std::string subject;      ///< what it is about (a mount, an entry); part of the fingerprint
  std::string fingerprint;  ///< the same for the same finding after lines have moved
  bool suppressed = false;
  std::string suppression_reason;
};

/// A rule that could not judge, and why.
struct NotChecked {
  const Rule* rule = nullptr;
  std::string why;
};

}  // namespace replug::rules
