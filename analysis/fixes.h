#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/analysis.h"
#include "planner/reading/read.h"
#include "rules/judging/finding.h"
#include "rules/judging/judge.h"

namespace replug::analysis {

/// Trying out a fix is an analysis of the whole plan, so not every one is tried: no more than this many of a plan, and
/// none of a plan that has more steps. What was not tried is offered as unsafe, and says so.
struct FixLimits {
  static constexpr std::size_t trials = 20;
  static constexpr std::size_t steps = 2'000;
};

/// Tries out the fixes of the findings, and takes those away that do not help: the plan with the edits must be a plan,
/// its forecast no worse, with no more errors, else warnings, and fewer findings of that rule.
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
  std::vector<rules::Edit> edits_;
};

}  // namespace replug::analysis
