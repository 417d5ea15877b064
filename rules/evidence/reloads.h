#pragma once

#include <cstddef>
#include <optional>
#include <unordered_map>
#include <vector>

#include "rules/evidence/load.h"
#include "rules/judging/rule.h"

namespace replug::rules {

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

/// The node that handles a step's first request: who gets it, or the active node where that one runs no plugins.
simulator::NodeId handler_of(const simulator::Cluster& before, const simulator::StepForecast& step);
/// Whether a reload by name that reaches that node is one for every namespace.
bool reaches_all_namespaces(const simulator::Cluster& cluster, simulator::NodeId node, const simulator::Step& step);
/// Whether a refused reload had already loaded some mounts before it failed.
bool stopped_half_way(const simulator::StepForecast& step);

}  // namespace replug::rules
