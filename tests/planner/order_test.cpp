#include "planner/ordering/order.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "planner/reading/planned_step.h"
#include "simulator/steps/step.h"
#include "tests/planner/reading.h"

namespace replug::planner {
namespace {

using Places = std::vector<std::size_t>;
using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

Plan plan_of(std::string_view steps) {
  Reading reading = read_text(with_steps(steps));
  EXPECT_EQ(told(reading.problems), "");
  return reading.plan ? std::move(*reading.plan) : Plan{};
}

Places order_of(std::string_view steps) {
  const Plan plan = plan_of(steps);
  Problems problems;
  const auto schedule = order_steps(plan, plan.steps, problems);
  EXPECT_EQ(told(problems), "");
  return schedule ? schedule->order : Places{};
}

std::string cycles_of(std::string_view steps) {
  const Plan plan = plan_of(steps);
  Problems problems;
  EXPECT_FALSE(order_steps(plan, plan.steps, problems));
  return told(problems);
}

TEST(OrderSteps, FollowsTheFileWithoutNeeds) {
  EXPECT_EQ(order_of("  - confirm: a\n  - confirm: b\n  - confirm: c\n"), (Places{0, 1, 2}));
}

TEST(OrderSteps, OfNoStepsIsEmpty) { EXPECT_EQ(order_of("  []\n"), Places{}); }

TEST(OrderSteps, PutsWhatIsNeededFirst) {
  EXPECT_EQ(order_of("  - {confirm: a, needs: [c]}\n"
                     "  - {confirm: b, needs: []}\n"
                     "  - {confirm: c, id: c, needs: [step-2, step-2]}\n"),
            (Places{1, 2, 0}));
}

TEST(OrderSteps, TakesTheEarliestOfThoseThatAreFree) {
  EXPECT_EQ(order_of("  - {confirm: a, needs: [last]}\n"
                     "  - {confirm: b, needs: []}\n"
                     "  - {confirm: c}\n"
                     "  - {confirm: d, needs: []}\n"
                     "  - {confirm: e, id: last, needs: []}\n"
                     "  - {confirm: f, needs: [step-2]}\n"),
            (Places{1, 2, 3, 4, 0, 5}));
}

TEST(OrderSteps, TellsACycleFromItsEarliestStep) {
  EXPECT_EQ(cycles_of("  - confirm: a\n"
                      "  - {confirm: b, needs: [step-1, step-5]}\n"
                      "  - {confirm: c, needs: [step-1]}\n"
                      "  - {confirm: d, needs: [step-1]}\n"
                      "  - {confirm: e, needs: [step-2]}\n"),
            "5:34 `step-2` needs `step-5`, which needs `step-2`. Take one of these needs away. [8:26 `step-5` needs "
            "`step-2`]\n");
}

TEST(OrderSteps, TellsThatAStepWithoutNeedsFollowsTheOneBefore) {
  EXPECT_EQ(cycles_of("  - {confirm: a, needs: [step-3]}\n  - confirm: b\n  - confirm: c\n"),
            "4:26 `step-1` needs `step-3`, which follows `step-2`, which follows `step-1`. Take one of these needs "
            "away. A step without "
            "`needs` follows the one before it; `needs: []` may start at once. [6:5 `step-3` follows `step-2`] [5:5 "
            "`step-2` follows "
            "`step-1`]\n");
}

TEST(OrderSteps, TellsEveryCycleOnce) {
  EXPECT_EQ(cycles_of("  - {confirm: a, needs: [step-1]}\n"
                      "  - {confirm: b, needs: [step-3]}\n"
                      "  - {confirm: c, needs: [step-2, step-4]}\n"
                      "  - {confirm: d, needs: [step-3]}\n"),
            "4:26 `step-1` needs itself. Take one of these needs away.\n"
            "5:26 `step-2` needs `step-3`, which needs `step-2`. Take one of these needs away. [6:26 `step-3` needs "
            "`step-2`]\n");
}

TEST(OrderSteps, CutsALongCycleShort) {
  std::string steps;
  for (int i = 1; i <= 1000; ++i) steps += fmt::format("  - {{confirm: a, needs: [step-{}]}}\n", i % 1000 + 1);
  const Plan plan = plan_of(steps);
  Problems problems;
  EXPECT_FALSE(order_steps(plan, plan.steps, problems));
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_TRUE(problems[0].message.ends_with(
      "which needs `step-13`, and so on over 1000 steps to `step-1000`, which needs `step-1`."))
      << problems[0].message;
  EXPECT_EQ(problems[0].related.size(), 12U);
}

TEST(OrderSteps, OrdersARollbackForItself) {
  const Plan plan =
      plan_of("  - step_down: {}\nrollback:\n  - {confirm: a, needs: [rollback-2]}\n  - {confirm: b, needs: []}\n");
  Problems problems;
  EXPECT_EQ(order_steps(plan, plan.rollback, problems)->order, (Places{1, 0}));
}

// --- Conflicts ---

constexpr std::string_view registrations =
    "  - register: {type: secret, name: toy, sha256: a, version: v1}\n"
    "  - register: {type: secret, name: toy, sha256: b, version: v1}\n"
    "  - register: {type: secret, name: other, sha256: a, version: v1}\n";

TEST(UnorderedConflicts, AreNoneWhereEveryStepFollowsTheOneBefore) {
  EXPECT_EQ(unordered_conflicts(plan_of(registrations), 10), Pairs{});
}

TEST(UnorderedConflicts, AreStepsThatTouchTheSameAndAreFree) {
  const Plan plan = plan_of(
      "  - register: {type: secret, name: toy, sha256: a, version: v1}\n"
      "  - {register: {type: secret, name: toy, sha256: b, version: v1}, needs: []}\n"
      "  - {register: {type: secret, name: other, sha256: a, version: v1}, needs: []}\n"
      "  - {register: {type: secret, name: toy, sha256: c, version: v1}, needs: [step-1, step-2]}\n"
      "  - {deregister: {type: secret, name: other}, needs: [step-1]}\n");
  EXPECT_EQ(unordered_conflicts(plan, 10), (Pairs{{0, 1}, {2, 4}}));
}

TEST(UnorderedConflicts, SeeAWayOverOtherSteps) {
  const Plan plan = plan_of(
      "  - register: {type: secret, name: toy, sha256: a, version: v1}\n"
      "  - confirm: a\n"
      "  - {confirm: b, needs: [step-2]}\n"
      "  - {register: {type: secret, name: toy, sha256: b, version: v1}, needs: [step-3]}\n"
      "  - {confirm: c, needs: [step-2]}\n"
      "  - register: {type: secret, name: toy, sha256: c, version: v1}\n");
  const auto pairs = unordered_conflicts(plan, 100);
  EXPECT_EQ(std::count(pairs.begin(), pairs.end(), std::pair<std::size_t, std::size_t>(0, 3)), 0);
  EXPECT_EQ(std::count(pairs.begin(), pairs.end(), std::pair<std::size_t, std::size_t>(0, 5)), 0);
  EXPECT_EQ(std::count(pairs.begin(), pairs.end(), std::pair<std::size_t, std::size_t>(3, 5)), 1);
}

/// The naive answer: which steps are before which, by following needs from each.
bool is_before(const Plan& plan, std::size_t first, std::size_t second) {
  std::vector<bool> seen(plan.steps.size(), false);
  Places todo{second};
  while (!todo.empty()) {
    const std::size_t step = todo.back();
    todo.pop_back();
    if (step == first) return true;
    if (seen[step]) continue;
    seen[step] = true;
    const auto& needs = plan.steps[step].needs;
    if (needs) todo.insert(todo.end(), needs->begin(), needs->end());
    if (!needs && step > 0) todo.push_back(step - 1);
  }
  return false;
}

TEST(UnorderedConflicts, AgreeWithAskingEveryPair) {
  unsigned random = 1;
  const auto next = [&](unsigned below) { return (random = random * 1103515245U + 12345U) / 65536U % below; };
  for (int round = 0; round < 200; ++round) {
    const unsigned count = 2 + next(9);
    std::string steps;
    std::vector<unsigned> names;
    for (unsigned i = 0; i < count; ++i) {
      names.push_back(next(2));
      steps += fmt::format("  - register: {{type: secret, name: n{0}, command: c{0}, sha256: a, version: v1}}\n",
                           names.back());
      if (i > 0 && next(2) == 0) steps += fmt::format("    needs: [step-{}, step-{}]\n", 1 + next(i), 1 + next(i));
    }
    const Plan plan = plan_of(steps);
    Pairs expected;
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t j = i + 1; j < count; ++j) {
        if (names[i] == names[j] && !is_before(plan, i, j) && !is_before(plan, j, i)) expected.emplace_back(i, j);
      }
    }
    bool complete = false;
    EXPECT_EQ(unordered_conflicts(plan, 100, &complete), expected) << steps;
    EXPECT_TRUE(complete);
  }
}

TEST(UnorderedConflicts, LookAtEachNeedOnce) {
  // The bound on work lets 500 million looks pass: with one at each chain for each need these would be 660 million.
  std::string steps;
  std::string all;
  for (int i = 1; i <= 1100; ++i) {
    steps += fmt::format("  - {{register: {{type: secret, name: toy, sha256: a, version: v1}}, needs: [{}]}}\n", all);
    all += fmt::format("{}step-{}", i == 1 ? "" : ", ", i);
  }
  bool complete = false;
  EXPECT_EQ(unordered_conflicts(plan_of(steps), 10, &complete), Pairs{});
  EXPECT_TRUE(complete);
}

TEST(UnorderedConflicts, StopAtTheLimitAndSaySo) {
  std::string steps;
  for (int i = 0; i < 100; ++i)
    steps += "  - {register: {type: secret, name: toy, sha256: a, version: v1}, needs: []}\n";
  const Plan plan = plan_of(steps);
  bool complete = true;
  EXPECT_EQ(unordered_conflicts(plan, 7, &complete).size(), 7U);
  EXPECT_FALSE(complete);
  EXPECT_EQ(unordered_conflicts(plan, 10'000, &complete).size(), 4950U);
  EXPECT_TRUE(complete);
}

// --- Pictures ---

TEST(Pictures, ShowStepsAndWhatTheyNeed) {
  const Plan plan = plan_of("  - {step_down: {}, id: first}\n  - {confirm: a, needs: [first]}\n");
  const auto command = [&](std::size_t place) {
    return simulator::command_line(plan.steps[place].step, plan.cluster.server);
  };
  EXPECT_EQ(to_dot(plan), fmt::format("digraph \"plan\" {{\n"
                                      "  node [shape=box];\n"
                                      "  s1 [label=\"first\\n{}\"];\n"
                                      "  s2 [label=\"step-2\\n{}\"];\n"
                                      "  s1 -> s2;\n"
                                      "}}\n",
                                      command(0), command(1)));
  EXPECT_EQ(to_mermaid(plan), fmt::format("flowchart TD\n"
                                          "  s1[\"first<br/>{}\"]\n"
                                          "  s2[\"step-2<br/>{}\"]\n"
                                          "  s1 --> s2\n",
                                          command(0), command(1)));
}

TEST(Pictures, EscapeHostileNames) {
  const Plan plan = plan_of("  - {step_down: {}, id: 'a\"]; <b> #x; %%{init}%% `\\'}\n");
  EXPECT_NE(to_dot(plan).find("[label=\"a\\\"]; <b> #x; %%{init}%% `\\\\\\n"), std::string::npos) << to_dot(plan);
  EXPECT_NE(to_mermaid(plan).find("s1[\"a#quot;]#59; #60;b#62; #35;x#59; #37;#37;{init}#37;#37; #96;#92;<br/>"),
            std::string::npos)
      << to_mermaid(plan);
}

}  // namespace
}  // namespace replug::planner
