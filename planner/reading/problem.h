#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "planner/reading/source.h"

namespace replug::planner {

/// A second place that belongs to a diagnostic: "first written here".
struct Related {
  std::string message;
  Place place;
};

/// A replacement of a range of a file's text; an empty range inserts.
struct Edit {
  Place place;
  std::string text;
};

/// A repair. `safe`: it keeps what the plan means, so it may be applied without a look.
struct Fix {
  std::string title;
  bool safe = false;
  std::vector<Edit> edits;
};

/// One event of a story: a step, or something that happens to the cluster between steps.
struct Event {
  std::string text;                 ///< the step's id, or `restart vault-0`
  Place place;                      ///< the step's; nowhere for what is no step
  std::optional<std::size_t> step;  ///< its place in the plan's `steps`
};

/// Something that is wrong with a file, at a place of it. What the planner finds keeps the file from being a plan (a
/// Problem); what the rules find is wrong with a plan that could be read (a Finding).
struct Diagnostic {
  Place place;          ///< on the key or value that is wrong
  std::string message;  ///< what is wrong and why it matters, in sentences with their full stops
  std::string help;     ///< what to do about it; may be empty
  std::vector<Related> related;
  std::optional<Fix> fix = std::nullopt;
  std::vector<Event> story = {};  ///< what leads to it, shortest telling
};

/// What keeps a file from being a plan: broken YAML, an unknown key, a value of the wrong type. The user's mistake, as
/// a value.
using Problem = Diagnostic;
using Problems = std::vector<Problem>;

}  // namespace replug::planner
