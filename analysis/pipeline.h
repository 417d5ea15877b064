#pragma once

#include <memory>

#include "analysis/analysis.h"
#include "planner/reading/read.h"
#include "rules/judging/judge.h"

namespace replug::analysis {

/// The whole way from a plan's text to everything that can be said of it. Begin reading here.
Analysis analyse_once(std::shared_ptr<const planner::Source> source, const planner::FileReader& files,
                      const rules::Settings& settings, Question question);

/// The same; then each fix that a finding offers is tried out, and kept if the plan with it is better.
Analysis analyse(std::shared_ptr<const planner::Source> source, const planner::FileReader& files,
                 const rules::Settings& settings, Question question);

}  // namespace replug::analysis
