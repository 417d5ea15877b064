#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include "planner/reading/plan.h"
#include "rules/evidence/mismatch.h"
#include "rules/evidence/timeline.h"
#include "rules/judging/finding.h"
#include "simulator/medium/cluster.h"
#include "simulator/medium/world.h"
#include "simulator/run/forecast.h"

namespace replug::rules {

/// What several rules ask of a run, gathered once.
class Facts {
 public:
  Facts(const planner::Plan& plan, const simulator::Forecast& forecast);

  /// Who changed what, when; made when it is first asked for.
  [[nodiscard]] const Timeline& timeline() const;
  /// Whether some expectation of the plan, wherever it stands, wants the mount (by its full path) or the connection (by
  /// its label) to be configured to that version or to run it: its author knows of it.
  [[nodiscard]] bool is_expected(simulator::Text subject, simulator::Text version) const;
  /// Whether the plan's own `expect`, or its last step, says that the mount runs that version in the end: its author
  /// knows.
  [[nodiscard]] bool is_said_to_run(simulator::Text mount, simulator::Text version) const;
  /// The step that is played at a position.
  [[nodiscard]] const planner::PlannedStep& step_at(std::size_t position) const;
  /// The same as an event of a finding's story.
  [[nodiscard]] Event event_at(std::size_t position) const;
  [[nodiscard]] std::size_t steps() const { return forecast_->steps.size(); }
  /// The position of a step by its place in the plan.
  [[nodiscard]] std::size_t position_of(std::size_t step) const { return position_of_[step]; }
  /// Some step says what it needs, so that a place in the list does not tell what comes before what.
  [[nodiscard]] bool has_needs() const { return has_needs_; }
  /// The positions of the steps that were refused.
  [[nodiscard]] std::span<const std::size_t> refused() const { return refused_; }
  /// The cluster when the last step is done.
  [[nodiscard]] const simulator::Cluster& end() const;
  /// Which catalog entries lack their file where, and when; found out when it is first asked for.
  [[nodiscard]] std::span<const Mismatch> mismatches() const;

 private:
  void gather_expected(std::span<const simulator::Expectation> expectations);
  void gather_end(std::span<const simulator::Expectation> expectations);

  const planner::Plan* plan_;
  const simulator::Forecast* forecast_;
  std::vector<std::size_t> position_of_;
  std::vector<std::size_t> refused_;
  bool has_needs_ = false;
  std::unordered_set<std::uint64_t> expected_;  // subject and version
  std::unordered_set<std::uint64_t> said_;      // mount and version
  mutable std::optional<Timeline> timeline_;    // made when they are first asked for
  mutable simulator::State last_;
  mutable std::optional<simulator::Cluster> end_;
  mutable std::optional<std::vector<Mismatch>> mismatches_;
};

}  // namespace replug::rules
