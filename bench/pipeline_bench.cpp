// Each stage of the way over plans of growing size: time for each step of the plan should stay the same, and all rules
// together should cost less than reading the file.

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>

#include <benchmark/benchmark.h>

#include "planner/ordering/order.h"
#include "planner/reading/planned_step.h"
#include "planner/reading/read.h"
#include "rules/judging/judge.h"
#include "simulator/run/simulate.h"
#include "simulator/steps/step.h"

namespace {

using namespace replug;

std::string large_plan(std::int64_t steps) {
  const std::string command =
      std::string(REPLUG_SOURCE_DIR "/bench/large-plan ") + std::to_string(steps) + " " + std::to_string(steps / 10);
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error(command);
  std::string text;
  std::array<char, 65536> buffer{};
  for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    text.append(buffer.data(), got);
  pclose(pipe);
  return text;
}

planner::Reading read(const std::string& text) {
  return planner::read_plan(std::make_shared<planner::Source>("plan.yaml", text),
                            [](const std::string&, const std::string& path) {
                              return planner::FileAnswer{std::nullopt, path, "none"};
                            });
}

std::vector<simulator::Step> steps_of(const planner::Plan& plan) {
  std::vector<simulator::Step> steps;
  for (const planner::PlannedStep& planned : plan.steps) steps.push_back(planned.step);
  return steps;
}

void per_step(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetComplexityN(state.range(0));
}

void read_file(benchmark::State& state) {
  const std::string text = large_plan(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(read(text));
  per_step(state);
}

void simulate_plan(benchmark::State& state) {
  const planner::Reading reading = read(large_plan(state.range(0)));
  const planner::Plan& plan = *reading.plan;
  planner::Problems problems;
  const auto schedule = planner::order_steps(plan, plan.steps, problems);
  const auto steps = steps_of(plan);
  for (auto _ : state)
    benchmark::DoNotOptimize(simulator::simulate(plan.cluster, steps, schedule->order, plan.expect, *plan.texts));
  per_step(state);
}

void judge_plan(benchmark::State& state) {
  const planner::Reading reading = read(large_plan(state.range(0)));
  const planner::Plan& plan = *reading.plan;
  planner::Problems problems;
  const auto schedule = planner::order_steps(plan, plan.steps, problems);
  const auto forecast = simulator::simulate(plan.cluster, steps_of(plan), schedule->order, plan.expect, *plan.texts);
  rules::Settings settings;
  settings.profile = rules::Profile::all;
  for (auto _ : state) benchmark::DoNotOptimize(rules::judge(plan, *schedule, forecast, settings));
  per_step(state);
}

BENCHMARK(read_file)->Arg(1'000)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond)->Complexity(benchmark::oN);
BENCHMARK(simulate_plan)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond)
    ->Complexity(benchmark::oN);
BENCHMARK(judge_plan)->Arg(1'000)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond)->Complexity(benchmark::oN);

}  // namespace
