#include "analysis/pipeline.h"

#include <utility>
#include <vector>

#include "analysis/fixes.h"
#include "planner/ordering/order.h"
#include "planner/reading/planned_step.h"
#include "simulator/run/simulate.h"

namespace replug::analysis {
namespace {

/// The steps as the simulator knows them: without their places in the file.
std::vector<simulator::Step> steps_of(const planner::Plan& plan) {
  std::vector<simulator::Step> steps;
  steps.reserve(plan.steps.size());
  for (const auto& planned : plan.steps) steps.push_back(planned.step);
  return steps;
}

}  // namespace

Analysis analyse_once(std::shared_ptr<const planner::Source> source, const planner::FileReader& files,
                      const rules::Settings& settings, Question question) {
  Analysis analysis;
  analysis.file = source->name();
  analysis.reading = planner::read_plan(std::move(source), files);
  if (!analysis.reading.plan) return analysis;
  const auto& plan = analysis.plan();
  const bool judged = question != Question::simulate;

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

Analysis analyse(std::shared_ptr<const planner::Source> source, const planner::FileReader& files,
                 const rules::Settings& settings, Question question) {
  auto analysis = analyse_once(std::move(source), files, settings, question);
  try_fixes(analysis, files, settings);
  return analysis;
}

}  // namespace replug::analysis
