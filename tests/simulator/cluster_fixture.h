#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "planner/reading/read.h"
#include "simulator/run/simulate.h"
#include "simulator/run/view.h"
#include "simulator/vault/messages.h"

/// Plans as people write them, played step by step, and what is then to be seen, as short texts that a test compares.
namespace replug::simulator::test {

inline planner::Plan read(const std::string& yaml) {
  const auto no_files = [](const std::string& /*from*/, const std::string& path) -> planner::FileAnswer {
    return {std::nullopt, path, "no such file"};
  };
  auto reading = planner::read_plan(std::make_shared<const planner::Source>("plan.yaml", yaml), no_files);
  std::string problems;
  for (const auto& problem : reading.problems) {
    problems += fmt::format("{}: {} {}\n", problem.place.begin().line, problem.message, problem.help);
  }
  if (!reading.plan) throw std::runtime_error("this is no plan:\n" + problems + yaml);
  return std::move(*reading.plan);
}

inline std::string joined(const std::vector<std::string>& texts, std::string_view between) {
  std::string all;
  for (const auto& text : texts) all += all.empty() ? text : fmt::format("{}{}", between, text);
  return all;
}

/// `204`; `400 TEXT`; `200 by v1.0.0 a0`; `200 (WARNING)`; `hangs`.
inline std::string told(const Reply& reply) {
  if (reply.hangs) return "hangs";
  std::string text = fmt::format("{}", reply.status);
  if (const auto errors = errors_of(reply); !errors.empty()) text += ' ' + joined(errors, " | ");
  if (reply.answered_by)
    text += fmt::format(" by {} {}", reply.answered_by->version.view(), reply.answered_by->sha256.view());
  if (const auto warnings = warnings_of(reply); !warnings.empty())
    text += fmt::format(" ({})", joined(warnings, " | "));
  return text;
}

/// An empty version or sha256 is written as `-`, one that is not known as `?`.
inline std::string word(Text text) { return text.empty() ? "-" : text.str(); }
inline std::string word(const std::optional<Text>& text) { return text ? word(*text) : "?"; }

/// A plan that was played to some step; plays on with `next`.
class Played {
 public:
  /// Plays the whole plan.
  explicit Played(const std::string& yaml) : Played(yaml, 0) { rest(); }
  /// Plays its first steps.
  Played(const std::string& yaml, std::size_t steps) : plan_(std::make_unique<planner::Plan>(read(yaml))) {
    std::vector<Step> all;
    for (const auto& planned : plan_->steps) all.push_back(planned.step);
    world_ = World::make(plan_->cluster, all, plan_->expect, *plan_->texts);
    run_ = std::make_unique<Run>(world_);
    while (forecasts_.size() < steps) next();
  }

  const StepForecast& next() {
    const std::size_t number = forecasts_.size();
    forecasts_.push_back(run_->play(number, plan_->steps.at(number).step));
    return forecasts_.back();
  }
  Played& rest() {
    while (forecasts_.size() < plan_->steps.size()) next();
    return *this;
  }

  [[nodiscard]] const planner::Plan& plan() const { return *plan_; }
  [[nodiscard]] const std::shared_ptr<const World>& world() const { return world_; }
  [[nodiscard]] const Run& run() const { return *run_; }
  [[nodiscard]] const Cluster& cluster() const { return run_->cluster(); }
  [[nodiscard]] const StepForecast& forecast(std::size_t step) const { return forecasts_.at(step); }
  [[nodiscard]] std::vector<ClaimResult> judge() const { return run_->judge(plan_->expect); }

  /// The reply to the last step played, or to an earlier one (from 1, as `step-1`).
  [[nodiscard]] std::string reply() const { return told(forecasts_.back().reply); }
  [[nodiscard]] std::string reply(std::size_t step) const { return told(forecasts_.at(step - 1).reply); }
  /// The replies to the last steps.
  [[nodiscard]] std::string last_replies(std::size_t count) const {
    std::vector<std::string> all;
    for (std::size_t i = forecasts_.size() - count; i < forecasts_.size(); ++i)
      all.push_back(told(forecasts_[i].reply));
    return joined(all, "; ");
  }

  /// `running configured v1.0.1, reports v1.0.0 a0, is v1.0.0 a0`, as a node has it; `nothing` where there is no such
  /// mount.
  [[nodiscard]] std::string mount(std::string_view path, std::string_view node = "node-0") const {
    const MountId id = world_->mount(world_->texts().find(path));
    const NodeId on = node_id(node);
    if (id == no_mount || cluster().object(on, id).backend == Backend::absent) return "nothing";
    const MountView view = view_mount(cluster(), on, id);
    return fmt::format("{} configured {}, reports {} {}, is {} {}", to_string(view.status), word(view.plugin_version),
                       word(view.running_version), word(view.running_sha256), word(view.actual_version),
                       word(view.actual_sha256));
  }
  /// The same of a connection: `running toydb v1.0.0, reports v1.0.0, is v1.0.0 d0`.
  [[nodiscard]] std::string database(std::string_view label, std::string_view node = "node-0") const {
    const ConnectionId id = world_->connection(Text{}, world_->texts().find(label));
    const ConnectionId found = id != no_connection ? id : connection_id(label);
    if (found == no_connection || cluster().connection(found).exists == 0) return "nothing";
    const ConnectionView view = view_connection(cluster(), node_id(node), found);
    return fmt::format("{} {} {}, reports {}, is {} {}", to_string(view.status), word(view.plugin_name),
                       word(view.plugin_version), word(view.running_version), word(view.actual_version),
                       word(view.actual_sha256));
  }
  /// `a0 a1×2`: the plugin processes alive on a node.
  [[nodiscard]] std::string processes(std::string_view node = "node-0") const {
    std::string all;
    for (const ProcessView& process : view_processes(cluster(), node_id(node))) {
      all += fmt::format("{}{}{}", all.empty() ? "" : " ", process.sha256.view(),
                         process.count == 1 ? "" : fmt::format("×{}", process.count));
    }
    return all;
  }
  /// `active`, `standby`, `performance_standby`, or `sealed`.
  [[nodiscard]] std::string node(std::string_view name) const {
    const NodeState& state = cluster().node(node_id(name));
    if (state.sealed != 0) return "sealed";
    constexpr std::string_view roles[] = {"active", "standby", "performance_standby"};
    return std::string(roles[state.role]);
  }
  /// The roles of all nodes.
  [[nodiscard]] std::string nodes() const {
    std::vector<std::string> all;
    for (NodeId id = 0; id < world_->nodes(); ++id) all.push_back(node(world_->node_name(id).view()));
    return joined(all, ", ");
  }
  /// `secret toy v1.0.0 a0, …`
  [[nodiscard]] std::string catalog() const {
    std::vector<std::string> all;
    for (const EntryId id : catalog_in_order(cluster())) {
      all.push_back(fmt::format("{} {}", world_->entry_label(id).view(),
                                world_->record(cluster().entry(id).record).sha256.view()));
    }
    return joined(all, ", ");
  }
  /// The paths of the stored mounts.
  [[nodiscard]] std::string mounts() const {
    std::vector<std::string> all;
    for (const MountId id : mounts_by_path(cluster())) all.push_back(world_->mount(id).path.str());
    return joined(all, " ");
  }

  [[nodiscard]] NodeId node_id(std::string_view name) const { return world_->node(world_->texts().find(name)); }

 private:
  [[nodiscard]] ConnectionId connection_id(std::string_view label) const {
    for (ConnectionId id = 0; id < world_->connections(); ++id) {
      if (world_->connection(id).label.view() == label) return id;
    }
    return no_connection;
  }

  std::unique_ptr<planner::Plan> plan_;
  std::shared_ptr<const World> world_;
  std::unique_ptr<Run> run_;
  std::vector<StepForecast> forecasts_;
};

/// The files that the tests' clusters have. Names as `toy-1.0.0`; the sha256 tells the plugin by its letter and the
/// version by its number: `a0` is toy 1.0.0, `a1` toy 1.0.1; `c…` is toyauth, `d…` toydb.
inline std::string files(bool multiplexed) {
  std::string text = "  plugin_directory:\n";
  const auto add = [&](std::string_view file, std::string_view sha256, std::string_view type) {
    text += fmt::format("    {}: {{sha256: {}, type: {}, multiplexed: {}}}\n", file, sha256, type, multiplexed);
  };
  for (const int patch : {0, 1, 2}) {
    add(fmt::format("toy-1.0.{}", patch), fmt::format("a{}", patch), "secret");
    add(fmt::format("toyauth-1.0.{}", patch), fmt::format("c{}", patch), "auth");
    add(fmt::format("toydb-1.0.{}", patch), fmt::format("d{}", patch), "database");
  }
  return text;
}

/// A plan whose cluster has `count` nodes, node-0 active, and the files above. `server` is `vault 1.14.9`. `cluster`
/// are more lines under `cluster:`, indented by two; the steps are the items of the list, as they are to stand in the
/// plan.
struct Sketch {
  std::string server = "vault 1.14.9";
  int nodes = 1;
  bool multiplexed = true;
  std::string cluster = {};
  std::string steps = {};
  std::string expect = {};
};
inline std::string plan_of(const Sketch& sketch) {
  const std::size_t space = sketch.server.find(' ');
  std::string text = fmt::format("replug: 1\ncluster:\n  server: {{product: {}, version: \"{}\"}}\n",
                                 sketch.server.substr(0, space), sketch.server.substr(space + 1));
  if (sketch.cluster.find("  nodes:") == std::string::npos) {
    text += "  nodes:\n";
    for (int i = 0; i < sketch.nodes; ++i)
      text += fmt::format("    node-{}: {{role: {}}}\n", i, i == 0 ? "active" : "standby");
  }
  if (sketch.cluster.find("  plugin_directory:") == std::string::npos) text += files(sketch.multiplexed);
  text += sketch.cluster;
  if (!sketch.cluster.empty() && sketch.cluster.back() != '\n') text += '\n';
  text += sketch.steps.empty() ? "steps: []\n" : "steps:\n" + sketch.steps;
  if (text.back() != '\n') text += '\n';
  if (!sketch.expect.empty()) text += "expect:\n" + sketch.expect;
  return text;
}

/// `register` steps of toy, toyauth or toydb in these versions: `registered("toy", {0, 1})`.
inline std::string registered(std::string_view name, std::initializer_list<int> patches) {
  const std::string_view type = name == "toy" ? "secret" : name == "toyauth" ? "auth" : "database";
  const char letter = name == "toy" ? 'a' : name == "toyauth" ? 'c' : 'd';
  std::string text;
  for (const int patch : patches) {
    text +=
        fmt::format("  - register: {{type: {0}, name: {1}, version: v1.0.{2}, sha256: {3}{2}, command: {1}-1.0.{2}}}\n",
                    type, name, patch, letter);
  }
  return text;
}

}  // namespace replug::simulator::test
