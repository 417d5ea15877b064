#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "planner/reading/plan.h"
#include "rules/evidence/mismatch.h"
#include "rules/judging/finding.h"
#include "simulator/medium/cluster.h"
#include "simulator/medium/world.h"
#include "simulator/run/forecast.h"

namespace replug::rules {

/// A change with the step that made it, by the step's position in the run.
struct ChangeAt {
  std::size_t position;
  const simulator::Change* change;
};

/// What several rules ask of a run, gathered once: who changed what, when.
class Facts {
 public:
  Facts(const planner::Plan& plan, const simulator::Forecast& forecast);

  /// Every change of a subject, in the order of the run.
  [[nodiscard]] std::span<const ChangeAt> changes(simulator::Change::What what, simulator::Text subject) const;
  /// The last change of that field before the step at `position`, in storage or on a node; nullptr if there was none.
  [[nodiscard]] const ChangeAt* last_change(simulator::Change::What what, simulator::Text subject,
                                            simulator::CellField field, std::size_t position) const;
  /// The first change of that field at or after `position`; nullptr if there is none.
  [[nodiscard]] const ChangeAt* next_change(simulator::Change::What what, simulator::Text subject,
                                            simulator::CellField field, std::size_t position) const;
  /// Whether some expectation of the plan, wherever it stands, wants the mount (by its full path) or the connection (by
  /// its label) to be configured to that version or to run it: its author knows of it.
  [[nodiscard]] bool is_expected(simulator::Text subject, simulator::Text version) const;
  /// The step that is played at a position.
  [[nodiscard]] const planner::PlannedStep& step_at(std::size_t position) const;
  /// The same as an event of a finding's story.
  [[nodiscard]] Event event_at(std::size_t position) const;
  [[nodiscard]] std::size_t steps() const { return forecast_->steps.size(); }
  /// The position of a step by its place in the plan.
  [[nodiscard]] std::size_t position_of(std::size_t step) const { return position_of_[step]; }
  /// The positions of the steps that were refused.
  [[nodiscard]] std::span<const std::size_t> refused() const { return refused_; }
  /// The cluster when the last step is done.
  [[nodiscard]] const simulator::Cluster& end() const;
  /// Which catalog entries lack their file where, and when; found out when it is first asked for.
  [[nodiscard]] std::span<const Mismatch> mismatches() const;

 private:
  void gather_expected(std::span<const simulator::Expectation> expectations);

  const planner::Plan* plan_;
  const simulator::Forecast* forecast_;
  std::unordered_map<std::uint64_t, std::vector<ChangeAt>> by_subject_;
  std::vector<std::size_t> position_of_;
  std::vector<std::size_t> refused_;
  std::unordered_set<std::uint64_t> expected_;  // subject and version
  mutable simulator::State last_;               // made when they are first asked for
  mutable std::optional<simulator::Cluster> end_;
  mutable std::optional<std::vector<Mismatch>> mismatches_;
};

/// The place of the catalog entry that the cluster description has for it.
std::optional<planner::Place> described_entry(const planner::Plan& plan, std::string_view type, std::string_view name,
                                              std::string_view version);
/// The place of a mount in the cluster description, by its full path.
std::optional<planner::Place> described_mount(const planner::Plan& plan, std::string_view path);

/// A list for people: `a, b and 3 more`.
std::string listed(std::span<const std::string> items, std::size_t most = 5);
/// `v1.0.0`, or `the unversioned entry` for an empty version.
std::string version_words(simulator::Text version);
/// The first twelve digits of a sha256: enough to tell two builds apart by eye.
std::string short_sha(simulator::Text sha256);
/// The words that are free in a plan are shown without what could move a terminal.
std::string shown(simulator::Text text);

}  // namespace replug::rules
