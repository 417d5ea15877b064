#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "planner/reading/plan.h"
#include "rules/judging/finding.h"

namespace replug::rules {

/// One rule whose findings the author of a plan accepts: by a comment `# replug: allow RULE: reason` on the line of the
/// finding or right above it, or by an item of the list `allow`.
struct Suppression {
  planner::Place place;               ///< of the rule's name
  planner::Span whole;                ///< the comment or the item
  std::string name;                   ///< of the rule, as it is written
  const Rule* rule = nullptr;         ///< nullptr: there is none of that name
  std::string reason;                 ///< empty: none is given, and so nothing is suppressed
  std::optional<std::uint32_t> line;  ///< of a comment: the line it is for
  simulator::Text step;               ///< of an item: the step it is for
  bool used = false;
  bool judged = false;                      ///< its rule was asked and could judge
  std::optional<planner::Place> elsewhere;  ///< where else its rule fires, if nothing is suppressed
};

/// What a plan and the files it names say about findings, held against what was found.
struct Suppressions {
  const planner::Plan& plan;
  std::vector<Suppression> all;
};

/// Reads the comments and the list `allow`.
Suppressions read_suppressions(const planner::Plan& plan);
/// Marks the findings that are suppressed, and the suppressions that were of use.
void suppress(std::vector<Finding>& findings, Suppressions& suppressions);

}  // namespace replug::rules
