#pragma once

#include <string>

#include "report/options.h"
#include "report/telling/account.h"
#include "report/telling/claims.h"
#include "report/telling/page.h"

namespace replug::report {

// The parts of the text report, in the order in which they stand in it.

/// What was wrong with the file, with its lines.
void write_problems(Page& page, const PlanAccount& plan);
/// One line for each step and the answer to it; under it what changed.
void write_steps(Page& page, const PlanAccount& plan);
/// A claim that does not hold.
void write_claim(Page& page, const std::string& indent, const simulator::World& world, const JudgedClaim& claim);
/// Mounts and connections by nodes after the last step: configured, reported, actual.
void write_table(Page& page, const PlanAccount& plan);
/// What is wrong with the plan, with its lines.
/// `suppressed`: also those that somebody accepted, each with the reason.
void write_findings(Page& page, const PlanAccount& plan, bool suppressed);

}  // namespace replug::report
