#pragma once

#include <vector>

#include "planner/reading/plan.h"
#include "rules/judging/finding.h"

namespace replug::rules {

/// Gives every finding its fingerprint: of the rule, the plan's `name` and what the finding is about. Neither the
/// file's name nor a line is part of it, so it stays the same when the file is renamed and lines move. A step without
/// an `id` of its own is known by what it does, not by its number, so that steps can be inserted before it. Findings
/// that are equal in all of this are told apart by counting, in the order of the findings.
void add_fingerprints(std::vector<Finding>& findings, const planner::Plan& plan);

}  // namespace replug::rules
