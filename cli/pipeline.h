#pragma once

#include <memory>

#include "planner/read.h"
#include "report/analysis.h"
#include "report/report.h"
#include "rules/judge.h"

namespace replug::cli {

/// The whole way from a plan's text to everything that can be said of it. Begin reading here.
report::Analysis analyse_once(std::shared_ptr<const planner::Source> source, const planner::FileReader& files,
                              const rules::Settings& settings, report::Question question);

/// The same; then each fix that a finding offers is tried out, and kept if the plan with it is better.
report::Analysis analyse(std::shared_ptr<const planner::Source> source, const planner::FileReader& files,
                         const rules::Settings& settings, report::Question question);

}  // namespace replug::cli
