#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "rules/judging/rule.h"
#include "simulator/run/view.h"

namespace replug::rules {

/// What a mount runs on a node, and what a load of it there (a reload, an unseal, a failover) would start instead.
struct Load {
  simulator::Text loaded;       ///< the version it was made with
  simulator::Text wanted;       ///< the version that a load would ask the catalog for: the pin, else the configured one
  simulator::RecordId now = 0;  ///< the contents it was made from; 0: a built-in, or nothing
  simulator::RecordId next = 0;  ///< the contents a load would start
  bool found = true;             ///< the catalog has what a load would ask for
  bool pinned = false;           ///< the pin decides, not the configured version

  /// Another version is waiting.
  [[nodiscard]] bool waits() const { return loaded != wanted; }
  /// A load would start something else, be it another version or other contents of the same.
  [[nodiscard]] bool changes() const { return waits() || !found || now != next; }
};
/// `v1.0.1`, `the unversioned entry`, `the built-in`.
std::string loaded_words(const Load& load);
std::string wanted_words(const Load& load);
/// `my-secret-plugin v1.0.1`, `the unversioned entry of my-secret-plugin`.
std::string entry_words(simulator::Text plugin, simulator::Text version);
Load load_of(const simulator::Cluster& cluster, simulator::NodeId node, simulator::MountId mount);

/// The reload steps of a run by what they name, wherever they are sent and whatever came of them.
class Reloads {
 public:
  explicit Reloads(const PlayedPlan& played);
  /// The position of the first reload behind `position` that names the mount, or the plugin behind it.
  [[nodiscard]] std::optional<std::size_t> next(simulator::MountId mount, simulator::Text plugin,
                                                std::size_t position) const;

 private:
  std::unordered_map<std::uint32_t, std::vector<std::size_t>> by_plugin_;
  std::unordered_map<simulator::MountId, std::vector<std::size_t>> by_mount_;
};

/// A mount that a step tuned to a version which the active node does not run when the plan is done.
struct WaitingTune {
  simulator::MountId mount;
  std::size_t position;  ///< of the last tune, in the run
  std::optional<std::size_t>
      reload;  ///< a reload behind it that names the mount or its plugin, and still did not load it
  Load load;
};
/// `last` is the cluster when the plan is done.
std::vector<WaitingTune> waiting_tunes(const PlayedPlan& played, const simulator::Cluster& last);

/// The plan's own `expect`, or its last step, says that the mount still runs what it does not want: its author knows.
bool is_said_to_run(const planner::Plan& plan, simulator::Text path, simulator::Text version);

/// The node that handles a step's first request: who gets it, or the active node where that one runs no plugins.
simulator::NodeId handler_of(const simulator::Cluster& before, const simulator::StepForecast& step);
/// Whether a reload by name that reaches that node is one for every namespace.
bool reaches_all_namespaces(const simulator::Cluster& cluster, simulator::NodeId node, const simulator::Step& step);
/// The mounts that a refused reload had already loaded before it failed.
std::vector<simulator::MountId> reloaded_before_failure(const PlayedPlan& played, const simulator::StepForecast& step);

/// The nodes that run plugin processes of their own, the active one first.
std::vector<simulator::NodeId> nodes_with_plugins(const simulator::Cluster& cluster);
/// `vault-1`, `vault-1 and vault-2`
std::string node_words(const simulator::World& world, std::span<const simulator::NodeId> nodes);
std::string mount_words(const simulator::World& world, std::span<const simulator::MountId> mounts);

/// Writes a new step behind one of the plan, in the layout of its list; nothing where the layout is not one that can be
/// followed. `action` is written as `reload: {mounts: [my-secret/]}`.
std::optional<Edit> step_behind(const planner::Plan& plan, std::size_t step, const std::string& action,
                                simulator::Text name_space);
/// Writes a field behind the last one of a step's action, if that is written in flow style.
std::optional<Edit> field_behind(const planner::Plan& plan, const planner::PlannedStep& planned,
                                 const std::string& text);
/// A text as a value in flow style: in quotes where it needs them.
std::string flow_scalar(simulator::Text text);

}  // namespace replug::rules
