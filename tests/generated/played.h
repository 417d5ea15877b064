#pragma once

#include <string>
#include <vector>

#include "analysis/analysis.h"
#include "tests/generated/generator.h"

namespace replug::generated {

/// Only the first stage of the way.
planner::Reading read(const Files& files);

/// The whole way of a plan, as `check --profile all` goes it.
analysis::Analysis analysed(const Files& files);

/// A finished analysis in one of the formats.
struct Told {
  std::string format;
  std::string text;
  bool colored;

  friend bool operator==(const Told&, const Told&) = default;
};

/// Everything that can be told of a finished analysis: for each command's question, in every format.
std::vector<Told> told(const analysis::Analysis& analysis);

/// The files one after the other, to be read by a person.
std::string shown(const Files& files);

}  // namespace replug::generated
