#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <unordered_map>

#include "analysis/analysis.h"

namespace replug::cli {

/// The findings that were accepted at one time, by their fingerprints.
class Baseline {
 public:
  /// Reads what `lint --format json` or --write-baseline wrote. Trouble with wrong usage if it is something else.
  static Baseline read(const std::string& file);
  /// Accepts everything that is there now.
  static Baseline of(std::span<const analysis::Analysis> analyses);

  /// Suppresses the findings that are in it; each as often as it is in it.
  void accept(std::span<analysis::Analysis> analyses);
  /// As it is written to a file: with rule and message, so that a review of the file makes sense.
  static std::string text(std::span<const analysis::Analysis> analyses);

 private:
  std::unordered_map<std::string, std::size_t> times_;
};

}  // namespace replug::cli
