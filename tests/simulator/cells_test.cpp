// What the cells of a state promise whoever explores states: a step can be taken back, its hash follows from what it
// wrote, it depends on what its footprint says and on nothing else, and a state is a short row of bits.

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "simulator/medium/packing.h"
#include "simulator/run/successor.h"
#include "simulator/steps/subjects.h"
#include "simulator/vault/high_availability.h"
#include "simulator/vault/messages.h"
#include "tests/simulator/stock.h"

namespace replug::simulator::test {
namespace {

std::string bytes_of(const State& state, const Layout& layout, std::uint32_t number) {
  const auto bytes = state.cell(layout, layout.cell(number));
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string all_bytes(const State& state, const Layout& layout) {
  return {reinterpret_cast<const char*>(state.bytes()), layout.total()};
}

/// The replies of an outcome as they would be told.
std::string told(const Outcome& outcome) {
  std::string text = fmt::format("{} {}", outcome.reply.status, outcome.reply.hangs);
  for (const std::string& error : errors_of(outcome.reply)) text += "\n" + error;
  for (const std::string& warning : warnings_of(outcome.reply)) text += "\n" + warning;
  if (outcome.reply.answered_by) text += "\n" + outcome.reply.answered_by->version.str();
  for (const NodeReply& each : outcome.replies) text += fmt::format("\n{} {}", each.node, each.reply.status);
  return text;
}

/// The state with links made anew: as if it had just been put together from its cells.
State afresh(const World& world, const State& state) {
  State copy = state;
  Cluster(world, copy).rebuild_links();
  return copy;
}

class Cells : public testing::TestWithParam<std::string_view> {
 protected:
  Stock stock_{plan_of_steps(GetParam(), large())};
  const Layout& layout_ = stock_.world->layout();

  /// The cells in which two states differ, by name.
  [[nodiscard]] std::string differing(const State& left, const State& right) const {
    std::string names;
    for (std::uint32_t number = 0; number < layout_.state_cells(); ++number) {
      const Cell cell = layout_.cell(number);
      if (bytes_of(left, layout_, number) != bytes_of(right, layout_, number))
        names += fmt::format("{} {} {}; ", row_of(cell.array).name, cell.owner, cell.index);
    }
    return names;
  }

  /// Calls `visit(state, step)` along random plans; the walk goes on with what the step leads to.
  template <class Visit>
  void walk(std::uint32_t plans, std::size_t length, Visit visit) {
    for (std::uint32_t seed = 0; seed < plans && !HasFailure(); ++seed) {
      State state = stock_.world->initial();
      for (const std::size_t i : random_order(stock_.steps.size(), length, seed)) {
        const testing::ScopedTrace trace(__FILE__, __LINE__,
                                         fmt::format("seed {}: {}", seed, action_name(stock_.steps[i].action)));
        visit(state, i);
        Cluster cluster(*stock_.world, state);
        successor(cluster, stock_.steps[i]);
        if (HasFailure()) return;
      }
    }
  }
};

TEST_P(Cells, AStepIsTakenBackFromItsLog) {
  walk(10, 60, [&](const State& before, std::size_t step) {
    State state = before;
    ChangeLog log;
    Cluster cluster(*stock_.world, state, &log);
    successor(cluster, stock_.steps[step]);
    log.undo(layout_, state);
    EXPECT_EQ(all_bytes(state, layout_), all_bytes(before, layout_));
  });
}

TEST_P(Cells, TheHashFollowsFromWhatWasWritten) {
  std::set<std::uint64_t> hashes;
  std::set<std::string> states;
  walk(10, 60, [&](const State& before, std::size_t step) {
    State state = before;
    ChangeLog log;
    Cluster cluster(*stock_.world, state, &log);
    successor(cluster, stock_.steps[step]);
    const std::uint64_t hash = hash_of(layout_, state);
    EXPECT_EQ(log.rehashed(hash_of(layout_, before), layout_, state), hash);
    hashes.insert(hash);
    states.emplace(reinterpret_cast<const char*>(state.bytes()), layout_.canonical());
  });
  EXPECT_EQ(hashes.size(), states.size()) << "different states have different hashes, but for one in billions";
  EXPECT_GT(states.size(), 100U);
}

TEST_P(Cells, WhatFollowsHangsOnTheStateAlone) {
  walk(10, 60, [&](const State& before, std::size_t step) {
    State state = before;
    State fresh = afresh(*stock_.world, before);
    Cluster cluster(*stock_.world, state);
    Cluster other(*stock_.world, fresh);
    EXPECT_EQ(told(successor(cluster, stock_.steps[step])), told(successor(other, stock_.steps[step])));
    EXPECT_EQ(state, fresh);
  });
}

TEST_P(Cells, WhatIsWrittenIsInTheFootprint) {
  walk(10, 60, [&](const State& before, std::size_t step) {
    State state = before;
    Footprint footprint;
    Cluster cluster(*stock_.world, state, nullptr, &footprint);
    successor(cluster, stock_.steps[step]);
    std::set<std::uint32_t> changed;
    for (std::uint32_t number = 0; number < layout_.state_cells(); ++number) {
      if (bytes_of(state, layout_, number) != bytes_of(before, layout_, number)) changed.insert(number);
    }
    const std::set<std::uint32_t> written(footprint.writes().begin(), footprint.writes().end());
    EXPECT_TRUE(std::ranges::includes(written, changed));
  });
}

TEST_P(Cells, AMountStandsOnceInItsTable) {
  walk(40, 60, [&](const State& before, std::size_t step) {
    State state = before;
    Cluster cluster(*stock_.world, state);
    successor(cluster, stock_.steps[step]);
    for (const Table table : {Table::secrets, Table::auth}) {
      std::vector<std::span<const MountId>> orders = {cluster.stored_order(table)};
      for (NodeId node = 0; node < stock_.world->nodes(); ++node) orders.push_back(cluster.order(node, table));
      for (const auto& order : orders) {
        EXPECT_EQ(std::set<MountId>(order.begin(), order.end()).size(), order.size());
        for (const MountId mount : order) EXPECT_EQ(cluster.table_of(mount), table);
      }
      for (NodeId node = 0; node < stock_.world->nodes(); ++node) {
        const auto order = cluster.order(node, table);
        for (std::uint32_t i = 0; i < order.size(); ++i) EXPECT_EQ(cluster.position(node, order[i]), i);
      }
      const auto active = active_node(cluster);
      const bool led = active != no_node;
      EXPECT_TRUE(!led || std::ranges::equal(cluster.order(active, table), cluster.stored_order(table)));
      for (const MountId mount : orders.front()) EXPECT_NE(cluster.stored(mount).exists, 0U);
    }
  });
}

/// What a cell is in the words of `Access`, for the order of steps and partial-order reduction.
Access access_to(const World& world, const Cell& cell) {
  using Resource = Access::Resource;
  const auto plugin = [&](PluginId id) { return world.plugin(id).name; };
  const auto mount = [&](MountId id) { return world.mount(id).path; };
  switch (cell.array) {
    case Array::entries:
      return {Resource::catalog, plugin(world.entry(cell.index).plugin), false};
    case Array::pins:
      return {Resource::pin, plugin(cell.index), false};
    case Array::mounts:
      return {Resource::mount, mount(cell.index), false};
    case Array::mount_order:
    case Array::node_order:
      return {Resource::mount_table, Text{}, false};
    case Array::connections:
      return {Resource::connection, mount(world.connection(cell.index).mount), false};
    case Array::snapshots:
      return {Resource::snapshot, Text{}, false};
    case Array::objects:
      if (cell.index < world.mounts()) return {Resource::mount, mount(cell.index), false};
      return {Resource::connection, mount(world.connection(cell.index - world.mounts()).mount), false};
    case Array::processes:
      return {Resource::processes, plugin(world.record(cell.index).plugin), false};
    case Array::files:
      return {Resource::file, world.file_name(cell.index), false};
    default:
      return {Resource::everything, Text{}, false};
  }
}

bool covers(const Access& declared, const Access& found) {
  if (found.writes && !declared.writes) return false;
  if (declared.resource == Access::Resource::everything) return true;
  // Whoever touches the list of mounts may touch each of them.
  if (declared.resource == Access::Resource::mount_table && found.resource == Access::Resource::mount) return true;
  return declared.resource == found.resource && (declared.subject.empty() || declared.subject == found.subject);
}

TEST_P(Cells, WhatAStepTouchesIsDeclared) {
  std::set<std::string> undeclared;
  walk(20, 60, [&](const State& before, std::size_t number) {
    const Step& step = stock_.steps[number];
    State state = before;
    Cluster quiet(*stock_.world, state);
    read_configurations(quiet);
    // While nobody leads, a node tries to after every change of the files, and then loads everything: no step's doing.
    if (handling_of(step.action) == Handling::files && active_node(quiet) == no_node) return;
    Footprint footprint;
    Cluster cluster(*stock_.world, state, nullptr, &footprint);
    carry_out(cluster, step);
    Accesses declared;
    std::visit([&](const auto& kind) { accesses(kind, Scope{step.name_space, no_node}, declared); }, step.action);
    const auto check = [&](std::uint32_t cell_number, bool writes) {
      const Cell cell = layout_.cell(cell_number);
      // Which node leads is looked at by every step; only what concerns the whole cluster changes it.
      if (cell.array == Array::nodes && !writes) return;
      if (row_of(cell.array).owner == Owner::storage && cell.owner != 0) return;
      Access access = access_to(*stock_.world, cell);
      access.writes = writes;
      if (std::ranges::none_of(declared, [&](const Access& each) { return covers(each, access); }))
        undeclared.insert(fmt::format("{} {} {} {}", action_name(step.action), writes ? "writes" : "reads",
                                      row_of(cell.array).name, access.subject.view()));
    };
    for (const std::uint32_t cell : footprint.reads()) check(cell, false);
    for (const std::uint32_t cell : footprint.writes()) check(cell, true);
  });
  EXPECT_EQ(fmt::format("{}", fmt::join(undeclared, "\n")), "");
}

/// What a step did once, for all states that agree in what it looked at.
struct Transition {
  std::vector<std::pair<std::uint32_t, std::string>> looked_at;  // cell, contents
  std::vector<std::pair<std::uint32_t, std::string>> wrote;
  std::string reply;

  [[nodiscard]] bool fits(const State& state, const Layout& layout) const {
    return std::ranges::all_of(looked_at,
                               [&](const auto& one) { return bytes_of(state, layout, one.first) == one.second; });
  }
};

TEST_P(Cells, AStepHangsOnItsFootprintAlone) {
  std::map<std::size_t, std::vector<Transition>> known;
  std::size_t hits = 0;
  walk(40, 60, [&](const State& before, std::size_t step) {
    State state = before;
    Footprint footprint;
    Cluster cluster(*stock_.world, state, nullptr, &footprint);
    const std::string reply = told(successor(cluster, stock_.steps[step]));
    for (const Transition& transition : known[step]) {
      if (!transition.fits(before, layout_)) continue;
      ++hits;
      EXPECT_EQ(transition.reply, reply);
      State predicted = before;
      for (const auto& [number, contents] : transition.wrote)
        std::memcpy(predicted.bytes() + layout_.offset(layout_.cell(number)), contents.data(), contents.size());
      EXPECT_EQ(differing(predicted, state), "");
      return;
    }
    Transition transition;
    transition.reply = reply;
    for (const std::uint32_t number : footprint.reads())
      transition.looked_at.emplace_back(number, bytes_of(before, layout_, number));
    // A cell of which only a part was written keeps the rest, so it counts as looked at.
    for (const std::uint32_t number : footprint.writes()) {
      transition.looked_at.emplace_back(number, bytes_of(before, layout_, number));
      transition.wrote.emplace_back(number, bytes_of(state, layout_, number));
    }
    known[step].push_back(std::move(transition));
  });
  EXPECT_GT(hits, 500U);
}

TEST_P(Cells, AStateIsARowOfBitsAndBack) {
  Packing packing(layout_);
  std::vector<State> states;
  walk(10, 60, [&](const State& state, std::size_t) {
    packing.meet(state);
    states.push_back(state);
  });
  for (const State& state : states) {
    State back = packing.unpack(packing.pack(state));
    ASSERT_EQ(back, state);
    Cluster(*stock_.world, back).rebuild_links();
    ASSERT_EQ(back, state) << "links are no part of the state";
  }
  EXPECT_LT(packing.row_bits(), layout_.canonical() * 8 / 5);
}

INSTANTIATE_TEST_SUITE_P(Properties, Cells, testing::ValuesIn(servers), [](const auto& server) {
  std::string name(server.param);
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
});

TEST(Layout, NumbersEachCellOnceAndFindsItAgain) {
  const Stock stock(plan_of_steps("openbao 2.6.2", large()));
  const Layout& layout = stock.world->layout();
  std::set<std::size_t> offsets;
  for (std::uint32_t number = 0; number < layout.cells(); ++number) {
    const Cell cell = layout.cell(number);
    EXPECT_TRUE(layout.contains(cell));
    EXPECT_EQ(layout.number(cell), number);
    EXPECT_TRUE(offsets.insert(layout.offset(cell)).second) << row_of(cell.array).name;
    EXPECT_EQ(layout.offset(cell) < layout.canonical(), number < layout.state_cells()) << row_of(cell.array).name;
  }
}

TEST(ClusterCells, OneThatDoesNotExistIsABugAndNoCrash) {
  const Stock stock(plan_of_steps("vault 1.14.9", large()));
  State state = stock.world->initial();
  Cluster cluster(*stock.world, state);
  EXPECT_THROW(static_cast<void>(cluster.entry(no_entry)), Bug);
  EXPECT_THROW(static_cast<void>(cluster.object(99, 0)), Bug);
  EXPECT_THROW(static_cast<void>(cluster.edit_stored(no_mount)), Bug);
}

}  // namespace
}  // namespace replug::simulator::test
