#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "analysis/analysis.h"
#include "rules/judging/finding.h"

namespace replug::analysis {

/// What the analyses came to, in numbers. Suppressed findings are counted apart and nowhere else.
struct Summary {
  std::size_t files = 0;
  std::size_t unreadable = 0;  ///< files that are no plan
  std::size_t problems = 0;    ///< that keep them from being one
  std::size_t steps = 0;
  std::size_t errors = 0, warnings = 0, notes = 0, suppressed = 0;
  std::size_t ok = 0, refused = 0, unexpected = 0;  ///< forecasts by verdict
  std::size_t incomplete = 0;                       ///< forecasts of which a part is not modelled

  [[nodiscard]] std::size_t findings() const { return errors + warnings + notes; }
  /// Findings that are at least that severe.
  [[nodiscard]] std::size_t findings_from(rules::Severity severity) const;
};
Summary summarize(std::span<const Analysis> analyses);

/// The verdict over all files, the worst first. The words are those of the findings' JSON.
enum class Overall : std::uint8_t { problems, findings, incomplete, clean };
std::string_view to_string(Overall overall);
Overall overall(const Summary& summary, Question question);

/// Whether a step of the forecast is not modelled.
bool is_incomplete(const simulator::Forecast& forecast);

}  // namespace replug::analysis
