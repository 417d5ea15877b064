#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <unordered_map>

#include "analysis/analysis.h"

namespace replug::analysis {

/// The findings that were accepted at one time, by their fingerprints.
class Baseline {
 public:
  /// Accepts everything that is there now.
  static Baseline of(std::span<const Analysis> analyses);

  /// Accepts a finding once more.
  void add(const std::string& fingerprint) { ++times_[fingerprint]; }
  /// Suppresses the findings that are in it; each as often as it is in it.
  void accept(std::span<Analysis> analyses);

 private:
  std::unordered_map<std::string, std::size_t> times_;
};

}  // namespace replug::analysis
