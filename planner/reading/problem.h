#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planner/reading/source.h"

namespace replug::planner {

/// A second place that belongs to a problem or a finding: "first written here".
struct Related {
  std::string message;
  Place place;
};

/// A repair that leaves no doubt: the text that was meant in that place.
struct Correction {
  Place place;
  std::string text;
};

/// What keeps a file from being a plan: broken YAML, an unknown key, a value of the wrong type. The user's mistake, as
/// a value.
struct Problem {
  Place place;
  std::string message;  ///< what is wrong, one sentence with its full stop
  std::string help;     ///< what to do about it; may be empty
  std::vector<Related> related;
  std::optional<Correction> correction = std::nullopt;
};

using Problems = std::vector<Problem>;

}  // namespace replug::planner
