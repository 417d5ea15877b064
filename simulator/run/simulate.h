#pragma once

#include <memory>
#include <span>
#include <vector>

#include "simulator/medium/cluster.h"
#include "simulator/medium/description.h"
#include "simulator/medium/world.h"
#include "simulator/run/forecast.h"
#include "simulator/run/view.h"

namespace replug::simulator {

struct Step;

/// A run that stands between two steps. `simulate` plays one to its end; rules and reports that want the cluster as it
/// was after each step play one themselves: the same steps give the same states.
class Run {
 public:
  Run(const Run&) = delete;  // its cluster is a view of its own state
  Run& operator=(const Run&) = delete;
  /// Starts from the described cluster. The steps must be those the world was made from.
  explicit Run(const std::shared_ptr<const World>& world);
  /// Goes on from a state of that world.
  Run(std::shared_ptr<const World> world, State from);

  /// Carries a step out and tells what it did. `number` is its place in the plan.
  StepForecast play(std::size_t number, const Step& step);
  /// The same without telling: for those that only want to stand at a later step.
  void advance(const Step& step);
  /// What the claims come to in the present state.
  [[nodiscard]] std::vector<ClaimResult> judge(std::span<const Expectation> expectations) const;

  [[nodiscard]] const World& world() const { return *world_; }
  [[nodiscard]] const State& state() const { return state_; }
  /// The cluster as it is now, for looking at.
  [[nodiscard]] const Cluster& cluster() const { return cluster_; }

 private:
  std::shared_ptr<const World> world_;
  State state_;
  ChangeLog log_;
  Cluster cluster_;
  std::vector<Status> shown_;  // by node and user: the status that was last told
};

/// Plays the steps in that order (by their place in `steps`) and judges every expectation.
Forecast simulate(const ClusterDescription& cluster, std::span<const Step> steps, std::span<const std::size_t> order,
                  std::span<const Expectation> expect, Texts& texts);

}  // namespace replug::simulator
