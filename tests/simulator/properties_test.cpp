// What must hold on any server, whatever is asked of it: every plan of up to three steps over two mounts, two versions
// and two nodes, and long random ones.

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "report/json/json.h"
#include "tests/simulator/cluster_fixture.h"
#include "tests/simulator/stock.h"

namespace replug::simulator::test {
namespace {

std::string rendered(const Cluster& cluster) { return report::state_json(cluster).dump(1); }

// ---------------------------------------------------------------------------------------------------- what holds after
// each step

bool same_cells(const World& world, const State& left, const State& right, Owner owner, std::uint32_t number) {
  const Layout& layout = world.layout();
  for (std::uint32_t each = 0; each < layout.state_cells(); ++each) {
    const Cell cell = layout.cell(each);
    if (row_of(cell.array).owner != owner || cell.owner != number) continue;
    if (!std::ranges::equal(left.cell(layout, cell), right.cell(layout, cell))) return false;
  }
  return true;
}

bool same_storage(const World& world, const State& left, const State& right) {
  return same_cells(world, left, right, Owner::storage, 0);
}

bool same_memory(const World& world, const State& left, const State& right, NodeId node) {
  return same_cells(world, left, right, Owner::node, node);
}

/// What really runs on every node: versions and sha256 of the mounts, and the processes.
std::string what_runs(const Cluster& cluster) {
  std::string all;
  for (NodeId node = 0; node < cluster.world().nodes(); ++node) {
    for (MountId mount = 0; mount < cluster.world().mounts(); ++mount) {
      const MountView view = view_mount(cluster, node, mount);
      all += fmt::format("{}:{} {} {}\n", node, mount, word(view.actual_version), word(view.actual_sha256));
    }
    for (const ProcessView& process : view_processes(cluster, node))
      all += fmt::format("{} {}×{}\n", node, process.sha256.view(), process.count);
  }
  return all;
}

template <class... Kinds>
bool is_one_of(const Step& step) {
  return (std::holds_alternative<Kinds>(step.action) || ...);
}

/// A refused disable taints the mount where the rollback stops it (reference, section 10); a reload that fails has
/// reloaded, and may have written, the mounts before (6.5); of several requests some may have been carried out.
bool may_write_though_refused(const Step& step) {
  const auto* tune = std::get_if<Tune>(&step.action);
  return is_one_of<Disable, Reload>(step) || step.at.who == At::Who::each || (tune != nullptr && tune->path.size() > 1);
}

/// The standby, if all that the step may touch is on it.
std::optional<NodeId> only_node(const Cluster& cluster, const Step& step) {
  const NodeId one = 1;
  const bool standby = active_node(cluster) == 0;
  if (!standby) return std::nullopt;
  const auto named = [&](const auto* action) { return action != nullptr && cluster.world().node(action->node) == one; };
  if (named(std::get_if<Restart>(&step.action)) || named(std::get_if<Seal>(&step.action)) ||
      named(std::get_if<Unseal>(&step.action)))
    return one;
  const bool there =
      step.at.who == At::Who::nodes && step.at.nodes.size() == 1 && cluster.world().node(step.at.nodes.front()) == one;
  if (there && is_one_of<Crash, Install, Uninstall>(step)) return one;
  if (there && is_one_of<Request>(step) && runs_plugins(cluster, one)) return one;
  return std::nullopt;
}

void check_step(const World& world, const Step& step, const State& before, const Run& after,
                const StepForecast& forecast) {
  State copy = before;
  const Cluster old(world, copy);
  if (!forecast.reply.ok() && !may_write_though_refused(step)) {
    EXPECT_TRUE(same_storage(world, before, after.state()))
        << "a refused request changed storage: " << told(forecast.reply);
  }
  if (is_one_of<Register, Deregister, Tune, Pin, Unpin, Install, Uninstall, Backup>(step) && world.connections() == 0) {
    EXPECT_EQ(what_runs(old), what_runs(after.cluster())) << "what runs was changed";
  }
  if (const auto node = only_node(old, step); node && world.connections() == 0) {
    EXPECT_TRUE(same_memory(world, before, after.state(), 1 - *node)) << "another node was changed";
  }
}

// ---------------------------------------------------------------------------------------------------- changes tell the
// whole difference

using Fact = std::tuple<std::string, std::string, std::string, NodeId>;  // what, subject, field, node
using Facts = std::map<Fact, std::string>;

void add_fact(Facts& facts, std::string what, Text subject, std::string_view field, NodeId node, std::string value) {
  const std::string nothing = field == "status" ? "absent" : field == "registered" ? "false" : "";
  if (value != nothing) facts[{std::move(what), subject.str(), std::string(field), node}] = std::move(value);
}

void add_node_facts(Facts& facts, const Cluster& cluster, NodeId node) {
  const World& world = cluster.world();
  const auto text = [](const std::optional<Text>& some) { return some ? some->str() : std::string(); };
  for (MountId mount = 0; mount < world.mounts(); ++mount) {
    const MountView view = view_mount(cluster, node, mount);
    const Text path = world.mount(mount).path;
    const bool writer = active_node(cluster) == node;
    if (!writer) add_fact(facts, "mount", path, "plugin_version", node, view.plugin_version.str());
    add_fact(facts, "mount", path, "running_plugin_version", node, view.running_version.str());
    add_fact(facts, "mount", path, "running_sha256", node, view.running_sha256.str());
    add_fact(facts, "mount", path, "actual_version", node, text(view.actual_version));
    add_fact(facts, "mount", path, "actual_sha256", node, text(view.actual_sha256));
    add_fact(facts, "mount", path, "status", node,
             runs_plugins(cluster, node) ? std::string(to_string(view.status)) : "absent");
  }
  for (ConnectionId id = 0; id < world.connections(); ++id) {
    const ConnectionView view = view_connection(cluster, node, id);
    const bool there = cluster.connection(id).exists != 0 && runs_plugins(cluster, node);
    add_fact(facts, "database", world.connection(id).label, "actual_version", node, text(view.actual_version));
    add_fact(facts, "database", world.connection(id).label, "actual_sha256", node, text(view.actual_sha256));
    add_fact(facts, "database", world.connection(id).label, "status", node,
             there ? std::string(to_string(view.status)) : "absent");
  }
  for (FileId file = 0; file < world.files(); ++file) {
    add_fact(facts, "file", world.file_name(file), "sha256", node, world.binary(cluster.file(node, file)).sha256.str());
  }
}

Facts facts_of(const Cluster& cluster) {
  Facts facts;
  const World& world = cluster.world();
  for (EntryId id = 0; id < world.entries(); ++id) {
    const Record& record = world.record(cluster.entry(id).record);
    add_fact(facts, "catalog", world.entry_label(id), "registered", no_node,
             cluster.entry(id).record != 0 ? "true" : "false");
    add_fact(facts, "catalog", world.entry_label(id), "sha256", no_node, record.sha256.str());
    add_fact(facts, "catalog", world.entry_label(id), "command", no_node, record.command.str());
  }
  for (PluginId id = 0; id < world.plugins(); ++id) {
    if (cluster.pin(id) != 0)
      add_fact(facts, "pin", world.plugin_label(id), "version", no_node,
               world.entry(cluster.pin(id) - 1).version.str());
  }
  for (MountId id = 0; id < world.mounts(); ++id) {
    const StoredMount& stored = cluster.stored(id);
    add_fact(facts, "mount", world.mount(id).path, "type", no_node,
             stored.exists != 0 ? plugin_of(cluster, id).str() : "");
    add_fact(facts, "mount", world.mount(id).path, "plugin_version", no_node, world.text(stored.version).str());
  }
  for (ConnectionId id = 0; id < world.connections(); ++id) {
    add_fact(facts, "database", world.connection(id).label, "plugin_name", no_node,
             world.text(cluster.connection(id).plugin).str());
    add_fact(facts, "database", world.connection(id).label, "plugin_version", no_node,
             world.text(cluster.connection(id).version).str());
  }
  for (NodeId node = 0; node < world.nodes(); ++node) add_node_facts(facts, cluster, node);
  return facts;
}

std::string name_of(const Fact& fact) {
  return fmt::format("{} {} {} on {}", std::get<0>(fact), std::get<1>(fact), std::get<2>(fact), std::get<3>(fact));
}

/// Whether the forecast leaves out that change on purpose: what the writing node is configured to is told of storage,
/// what connections report hangs on who looks, and of nodes only what mounts and connections make of them is compared.
bool is_compared(const Fact& fact, const Cluster& before, const Cluster& after) {
  const NodeId node = std::get<3>(fact);
  const std::string& field = std::get<2>(fact);
  if (field == "plugin_version" && node != no_node) return active_node(before) != node && active_node(after) != node;
  if (field == "running_plugin_version" && std::get<0>(fact) == "database") return false;
  static const std::set<std::string> told_only = {"tainted", "args",   "env",           "oci_image",
                                                  "role",    "sealed", "server_version"};
  return !told_only.contains(field);
}

/// Replaying the changes over what was there before gives what is there now, and each change is told once, from what
/// was there.
void check_changes(const Cluster& before, const Cluster& after, const std::vector<Change>& changes) {
  Facts facts = facts_of(before);
  std::set<Fact> seen;
  for (const Change& change : changes) {
    const Fact fact{std::string(to_string(change.what)), change.subject.str(), std::string(to_string(change.field)),
                    change.node};
    EXPECT_TRUE(seen.insert(fact).second) << "told twice: " << name_of(fact);
    if (!is_compared(fact, before, after)) continue;
    const std::string nothing = change.field == CellField::status       ? "absent"
                                : change.field == CellField::registered ? "false"
                                                                        : "";
    const auto found = facts.find(fact);
    EXPECT_EQ(found == facts.end() ? nothing : found->second, change.from.view()) << name_of(fact);
    facts.erase(fact);
    if (change.to.view() != nothing) facts[fact] = change.to.text().str();
  }
  const Facts now = facts_of(after);
  for (const auto& [fact, value] : facts) {
    if (!is_compared(fact, before, after)) continue;
    EXPECT_EQ(now.contains(fact) ? now.at(fact) : "nothing", value) << "not told: " << name_of(fact);
  }
  for (const auto& [fact, value] : now) {
    if (!is_compared(fact, before, after)) continue;
    EXPECT_EQ(facts.contains(fact) ? facts.at(fact) : "nothing", value) << "not told: " << name_of(fact);
  }
}

// ---------------------------------------------------------------------------------------------------- every small plan

/// Plays every sequence of steps up to a length, each from the state that the one before left.
class Everything {
 public:
  Everything(const Stock& stock, std::size_t length) : stock_(stock), length_(length) {}
  std::size_t play() {
    play_from(stock_.world->initial(), 0);
    return plans_;
  }

 private:
  void play_from(const State& state, std::size_t depth) {
    for (std::size_t i = 0; i < stock_.steps.size() && !testing::Test::HasFailure(); ++i) {
      Play run(stock_.world, state);
      const StepForecast forecast = run.play(i, stock_.steps[i]);
      ++plans_;
      story_.push_back(i);
      const testing::ScopedTrace trace(__FILE__, __LINE__, story());
      check_step(*stock_.world, stock_.steps[i], state, run, forecast);
      State copy = state;
      check_changes(Cluster(*stock_.world, copy), run.cluster(), forecast.changes);
      if (depth + 1 < length_) play_from(run.state(), depth + 1);
      story_.pop_back();
    }
  }
  [[nodiscard]] std::string story() const {
    std::string text;
    for (const std::size_t i : story_)
      text += fmt::format("{}; ", command_line(stock_.steps[i], stock_.plan.cluster.server));
    return text;
  }

  const Stock& stock_;
  std::size_t length_;
  std::size_t plans_ = 0;
  std::vector<std::size_t> story_;
};

class OnServer : public testing::TestWithParam<std::string_view> {};

TEST_P(OnServer, EveryPlanOfThreeStepsKeepsWhatMustHold) {
  const Stock stock(plan_of_steps(GetParam(), small));
  const std::size_t n = small.size();
  EXPECT_EQ(Everything(stock, 3).play(), n + n * n + n * n * n);
}

TEST_P(OnServer, EveryPlanOfTwoStepsAfterAnUpgradeThatWasBegunKeepsWhatMustHold) {
  for (const bool multiplexed : {true, false}) {
    const Stock stock(plan_of_steps(GetParam(), small, multiplexed));
    Play run(stock.world);
    for (const std::size_t begun : {0U, 1U, 5U, 6U, 7U}) run.play(begun, stock.steps[begun]);
    State begun = run.state();
    for (std::size_t i = 0; i < stock.steps.size(); ++i) {
      Play first(stock.world, begun);
      first.advance(stock.steps[i]);
      for (std::size_t k = 0; k < stock.steps.size() && !HasFailure(); ++k) {
        const testing::ScopedTrace trace(__FILE__, __LINE__,
                                         command_line(stock.steps[i], stock.plan.cluster.server) + "; " +
                                             command_line(stock.steps[k], stock.plan.cluster.server));
        Play second(stock.world, first.state());
        State copy = first.state();
        const StepForecast forecast = second.play(k, stock.steps[k]);
        check_step(*stock.world, stock.steps[k], first.state(), second, forecast);
        check_changes(Cluster(*stock.world, copy), second.cluster(), forecast.changes);
      }
    }
  }
}

// ---------------------------------------------------------------------------------------------------- long random
// plans

TEST_P(OnServer, LongPlansKeepWhatMustHold) {
  const Stock stock(plan_of_steps(GetParam(), large()));
  for (std::uint32_t seed = 0; seed < 20 && !HasFailure(); ++seed) {
    Play run(stock.world);
    for (const std::size_t i : random_order(stock.steps.size(), 80, seed)) {
      const testing::ScopedTrace trace(
          __FILE__, __LINE__,
          fmt::format("seed {}: {}", seed, command_line(stock.steps[i], stock.plan.cluster.server)));
      State before = run.state();
      const StepForecast forecast = run.play(i, stock.steps[i]);
      check_step(*stock.world, stock.steps[i], before, run, forecast);
      check_changes(Cluster(*stock.world, before), run.cluster(), forecast.changes);
      if (HasFailure()) break;
    }
  }
}

TEST_P(OnServer, PlayingInOneGoIsPlayingTheFirstHalfAndThenTheRest) {
  const Stock stock(plan_of_steps(GetParam(), large()));
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    const auto order = random_order(stock.steps.size(), 60, seed);
    Play whole(stock.world);
    Play half(stock.world);
    for (std::size_t i = 0; i < 30; ++i) half.advance(stock.steps[order[i]]);
    Play rest(stock.world, half.state());
    for (std::size_t i = 0; i < order.size(); ++i) {
      const StepForecast once = whole.play(order[i], stock.steps[order[i]]);
      if (i < 30) continue;
      const StepForecast again = rest.play(order[i], stock.steps[order[i]]);
      ASSERT_EQ(told(once.reply), told(again.reply))
          << "seed " << seed << " step " << i << " " << command_line(stock.steps[order[i]], stock.plan.cluster.server);
      ASSERT_EQ(rendered(whole.cluster()), rendered(rest.cluster())) << "seed " << seed << " step " << i;
    }
  }
}

TEST_P(OnServer, TheStateDoesNotHangOnHowNamesAreInterned) {
  const auto forward = large();
  const std::vector<std::string> backward(forward.rbegin(), forward.rend());
  const Stock one(plan_of_steps(GetParam(), forward));
  const Stock other(plan_of_steps(GetParam(), backward));
  for (std::uint32_t seed = 0; seed < 10; ++seed) {
    Play first(one.world);
    Play second(other.world);
    for (const std::size_t i : random_order(one.steps.size(), 60, seed)) {
      const std::size_t same = one.steps.size() - 1 - i;
      ASSERT_EQ(told(first.play(i, one.steps[i]).reply), told(second.play(same, other.steps[same]).reply))
          << command_line(one.steps[i], one.plan.cluster.server);
      ASSERT_EQ(rendered(first.cluster()), rendered(second.cluster()))
          << "seed " << seed << " " << command_line(one.steps[i], one.plan.cluster.server);
    }
  }
}

// ---------------------------------------------------------------------------------------------------- independent
// steps commute

bool touch(const Access& one, const Access& other) {
  if (!one.writes && !other.writes) return false;
  using Resource = Access::Resource;
  if (one.resource == Resource::everything || other.resource == Resource::everything) return true;
  return one.resource == other.resource &&
         (one.subject.empty() || other.subject.empty() || one.subject == other.subject);
}

bool are_independent(const Step& one, const Step& other) {
  const auto of = [](const Step& step) {
    Accesses accesses_of;
    std::visit([&](const auto& kind) { accesses(kind, Scope{step.name_space, no_node}, accesses_of); }, step.action);
    return accesses_of;
  };
  for (const Access& left : of(one)) {
    for (const Access& right : of(other)) {
      if (touch(left, right)) return false;
    }
  }
  return true;
}

TEST_P(OnServer, StepsThatAreCalledIndependentCommute) {
  const Stock stock(plan_of_steps(GetParam(), large()));
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0; i < stock.steps.size(); ++i) {
    for (std::size_t k = i + 1; k < stock.steps.size(); ++k) {
      if (are_independent(stock.steps[i], stock.steps[k])) pairs.emplace_back(i, k);
    }
  }
  EXPECT_GT(pairs.size(), 20U);
  for (std::uint32_t seed = 0; seed < 12; ++seed) {
    Play run(stock.world);
    for (const std::size_t i : random_order(stock.steps.size(), 40, seed)) run.advance(stock.steps[i]);
    for (const auto& [i, k] : pairs) {
      Play one(stock.world, run.state());
      Play other(stock.world, run.state());
      const std::string first = told(one.play(i, stock.steps[i]).reply);
      const std::string second = told(one.play(k, stock.steps[k]).reply);
      const std::string second_first = told(other.play(k, stock.steps[k]).reply);
      const std::string first_second = told(other.play(i, stock.steps[i]).reply);
      const std::string story =
          fmt::format("seed {}: {} and {}", seed, command_line(stock.steps[i], stock.plan.cluster.server),
                      command_line(stock.steps[k], stock.plan.cluster.server));
      ASSERT_EQ(first, first_second) << story;
      ASSERT_EQ(second, second_first) << story;
      ASSERT_EQ(rendered(one.cluster()), rendered(other.cluster())) << story;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Properties, OnServer, testing::ValuesIn(servers), [](const auto& server) {
  std::string name(server.param);
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
});

}  // namespace
}  // namespace replug::simulator::test
