#include "cli/pipeline.h"

#include <utility>
#include <vector>

#include "cli/fixes.h"
#include "planner/order.h"
#include "simulator/simulate.h"

namespace replug::cli {
namespace {

/// The steps as the simulator knows them: without their places in the file.
std::vector<simulator::Step> steps_of(const planner::Plan& plan) {
  std::vector<simulator::Step> steps;
  steps.reserve(plan.steps.size());
  for (const auto& planned : plan.steps) steps.push_back(planned.step);
  return steps;
}

}  // namespace

report::Analysis analyse_once(std::shared_ptr<const planner::Source> source, const planner::FileReader& files,
                              const rules::Settings& settings, report::Question question) {
  report::Analysis analysis;
  analysis.file = source->name();
  analysis.reading = planner::read_plan(std::move(source), files);
  if (!analysis.reading.plan) return analysis;
  const auto& plan = analysis.plan();
  const bool judged = question != report::Question::simulate;

  analysis.schedule = planner::order_steps(plan, plan.steps, analysis.reading.problems);
  if (!analysis.schedule) {
    if (judged) analysis.judgement = rules::judge(plan, settings);
    return analysis;
  }
  analysis.forecast =
      simulator::simulate(plan.cluster, steps_of(plan), analysis.schedule->order, plan.expect, *plan.texts);
  if (judged) analysis.judgement = rules::judge(plan, *analysis.schedule, *analysis.forecast, settings);
  return analysis;
}

report::Analysis analyse(std::shared_ptr<const planner::Source> source, const planner::FileReader& files,
                         const rules::Settings& settings, report::Question question) {
  auto analysis = analyse_once(std::move(source), files, settings, question);
  try_fixes(analysis, files, settings);
  return analysis;
}

}  // namespace replug::cli
