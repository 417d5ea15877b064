#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "analysis/analysis.h"
#include "planner/reading/read.h"
#include "rules/judging/finding.h"
#include "rules/judging/judge.h"

namespace replug::analysis {

/// Trying out fixes is an analysis of the whole plan with them. However many fixes there are, no more text is analysed
/// than three times the plan with all its files, or than this for a small plan, where single trials cost nothing.
struct FixLimits {
  static constexpr std::size_t trials = 3;
  static constexpr std::size_t bytes = 100'000;
};
/// How many analyses the fixes of a plan with that many bytes may cost.
std::size_t trials_for(std::size_t bytes);

/// Tries out the fixes of the findings, and takes those away that do not help: the plan with the edits must be a plan,
/// its forecast no worse, with no more errors, else warnings, and fewer findings of that rule.
///
/// Fixes that do not touch each other are tried together, first the safe ones; only if they do not come to what each
/// of them promises they are tried in halves. What there was no trial left for is offered as unsafe, and says so.
void try_fixes(Analysis& analysis, const planner::FileReader& files, const rules::Settings& settings);

/// Whether a plan is no worse after it was edited.
bool is_no_worse(const Analysis& before, const Analysis& after);

/// Edits of one text that do not touch each other.
class EditSet {
 public:
  explicit EditSet(const planner::Source& source) : source_(source) {}

  /// Adds them all, or none if one is not of this text or touches another one.
  bool add(std::span<const rules::Edit> edits);
  [[nodiscard]] bool empty() const { return edits_.empty(); }
  /// The text after the edits.
  [[nodiscard]] std::string applied() const;

 private:
  [[nodiscard]] bool fits(const rules::Edit& edit) const;

  const planner::Source& source_;
  std::map<std::uint32_t, rules::Edit> edits_;  ///< by where they begin, which no two of them share
};

}  // namespace replug::analysis
