#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "analysis/analysis.h"
#include "analysis/baseline.h"

namespace replug::report {

/// A baseline, or why a text is none: "it is no JSON".
struct ReadBaseline {
  std::optional<analysis::Baseline> baseline;
  std::string_view reason;
};

/// Reads what `lint --format json` or --write-baseline wrote.
ReadBaseline read_baseline(std::string_view text);

/// The findings that are not suppressed as a baseline: with rule and message, so that a review of the file makes sense.
std::string write_baseline(std::span<const analysis::Analysis> analyses);

}  // namespace replug::report
