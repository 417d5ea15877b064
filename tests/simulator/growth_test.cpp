// What grows with the plan, and with nothing else: counted in bytes and in cells looked at, not in seconds.

#include <cstdlib>
#include <new>
#include <string>

#include <gtest/gtest.h>

#include "simulator/medium/cluster.h"
#include "simulator/run/changes.h"
#include "simulator/run/successor.h"
#include "tests/simulator/cluster_fixture.h"

namespace {
std::size_t allocated = 0;  // bytes, since the program began
}  // namespace

void* operator new(std::size_t size) {
  allocated += size;
  if (void* const place = std::malloc(size)) return place;
  throw std::bad_alloc();
}
void operator delete(void* place) noexcept { std::free(place); }
void operator delete(void* place, std::size_t /*size*/) noexcept { std::free(place); }

namespace replug::simulator::test {
namespace {

/// Bytes that a world takes while it is made.
std::size_t bytes_of_world(const std::string& yaml) {
  const planner::Plan plan = read(yaml);
  std::vector<Step> steps;
  for (const auto& planned : plan.steps) steps.push_back(planned.step);
  const std::size_t before = allocated;
  const auto world = World::make(plan.cluster, steps, plan.expect, *plan.texts);
  return allocated - before;
}

TEST(World, GrowsWithServersAndPluginsNotWithTheirProduct) {
  const auto plan = [](int count) {
    std::string steps;
    for (int i = 0; i < count; ++i) {
      steps += fmt::format("  - upgrade_server: {{node: node-0, version: 1.16.{}}}\n", i);
      steps += fmt::format("  - register: {{type: secret, name: toy-{}, version: v1.0.0, sha256: a0}}\n", i);
    }
    return plan_of({.server = "vault 1.16.0", .steps = steps});
  };
  EXPECT_LT(bytes_of_world(plan(2000)), 13 * bytes_of_world(plan(200)));
}

/// How many cells are looked at to tell the reload of the third of so many mounts that shared a process.
std::size_t looks_at_reload(int mounts) {
  std::string steps = registered("toy", {0, 1});
  for (int i = 0; i < mounts; ++i)
    steps += fmt::format("  - enable: {{path: m{}/, plugin: toy, plugin_version: v1.0.0}}\n", i);
  for (int i = 0; i < 3; ++i) {
    steps += fmt::format("  - tune: {{path: m{}/, plugin_version: v1.0.1}}\n", i);
    steps += fmt::format("  - reload: {{mounts: [m{}/]}}\n", i);
  }
  const std::string yaml = plan_of({.steps = steps});
  const std::size_t count = read(yaml).steps.size();
  const Played played(yaml, count - 1);
  State state = played.run().state();
  auto shown = statuses(played.cluster());
  ChangeLog log;
  Footprint footprint;
  Cluster cluster(*played.world(), state, &log, &footprint);
  successor(cluster, played.plan().steps[count - 1].step);
  footprint.clear();
  EXPECT_FALSE(changes_since(cluster, log, shown).empty());
  return footprint.reads().size();
}

TEST(Changes, AreFoundWithoutALookAtTheSiblingsOfAMount) { EXPECT_EQ(looks_at_reload(300), looks_at_reload(30)); }

TEST(Forecast, LeavesOutWhatIsMoreThanCanBeTold) {
  const auto forecast_of = [](int nodes, int installs) {
    std::string steps;
    for (int i = 0; i < installs; ++i) steps += fmt::format("  - install: {{file: f{}, sha256: a0}}\n", i);
    const planner::Plan plan = read(plan_of({.nodes = nodes, .steps = steps}));
    std::vector<Step> all;
    std::vector<std::size_t> order;
    for (const auto& planned : plan.steps) {
      order.push_back(all.size());
      all.push_back(planned.step);
    }
    return simulate(plan.cluster, all, order, plan.expect, *plan.texts);
  };
  const Forecast much = forecast_of(1000, 300);  // each step tells of 1000 files and has 1000 answers
  std::size_t told = 0;
  std::size_t said = 0;
  for (const StepForecast& step : much.steps) {
    told += step.changes.size() + step.replies.size();
    said += step.not_modelled.size();
  }
  EXPECT_EQ(told, 506'000U);
  EXPECT_EQ(said, 1U);
  EXPECT_EQ(much.steps[253].not_modelled.size(), 1U);
  EXPECT_EQ(much.verdict, Verdict::ok);
  EXPECT_TRUE(forecast_of(1000, 200).steps.back().not_modelled.empty());
}

}  // namespace
}  // namespace replug::simulator::test
