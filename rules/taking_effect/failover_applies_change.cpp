#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/evidence/reloads.h"
#include "rules/judging/rule.h"
#include "simulator/steps/subjects.h"

namespace replug::rules {

namespace {

using simulator::Cause;
using simulator::Change;
using simulator::MountId;
using simulator::Text;

// A failover, and the mounts of one plugin that it brings to a version which was only tuned.
struct Applied {
  std::vector<MountId> mounts;
  std::size_t tuned = 0;
  std::size_t reload = 0;  ///< where the plan itself means to load it
  Text version;
};

// What is done to a node itself may let another one lead, or this one again.
bool can_load(const simulator::Action& action) {
  const simulator::Handling handling = simulator::handling_of(action);
  return handling == simulator::Handling::named_node || handling == simulator::Handling::itself;
}

// Sees who loads what was tuned before.
class Finder {
 public:
  explicit Finder(const PlayedPlan& played) : played_(played), timeline_(played.facts.timeline()), reloads_(played) {}

  std::map<std::pair<std::size_t, std::uint32_t>, Applied> find() {
    for (std::size_t position = 0; position < played_.forecast.steps.size(); ++position) {
      if (!can_load(played_.facts.step_at(position).step.action)) continue;
      const simulator::NodeId leader = new_leader(position);
      MountId last = simulator::no_mount;
      for (const Change& change : played_.forecast.steps[position].changes) {
        if (!is_load(change)) continue;
        const MountId mount = played_.world().mount(change.subject);
        if (mount != last && change.node == leader) load(position, mount);
        last = mount;
      }
    }
    return std::move(applied_);
  }

 private:
  static bool is_load(const Change& change) {
    return change.what == Change::What::mount && (change.cause == Cause::reloaded || change.cause == Cause::unsealed);
  }

  [[nodiscard]] simulator::NodeId new_leader(std::size_t position) const {
    for (const Change& change : played_.forecast.steps[position].changes) {
      if (change.what == Change::What::node && change.field == simulator::CellField::role &&
          change.to.view() == "active")
        return change.node;
    }
    return simulator::no_node;
  }

  // The tune that no load has followed yet, of those that a mount is configured by.
  [[nodiscard]] const ChangeAt* waiting_tune(std::size_t position, Text path) const {
    const ChangeAt* tuned = timeline_.made_by(Change::What::mount, path, simulator::CellField::plugin_version,
                                              simulator::no_node, position);
    if (tuned == nullptr ||
        !std::holds_alternative<simulator::Tune>(played_.facts.step_at(tuned->position).step.action))
      return nullptr;
    const auto all = timeline_.history(Change::What::mount, path);
    for (auto at = std::ranges::lower_bound(all, position, {}, &ChangeAt::position); at != all.begin();) {
      --at;
      if (at->position == tuned->position) break;
      if (is_load(*at->change)) return nullptr;
    }
    return tuned;
  }

  // Where no reload of it follows, the failover is how the plan means to load it.
  void load(std::size_t position, MountId mount) {
    const ChangeAt* tuned = waiting_tune(position, played_.world().mount(mount).path);
    const simulator::Cluster& last = played_.facts.end();
    if (tuned == nullptr || last.stored(mount).exists == 0) return;
    const Text plugin = simulator::plugin_of(last, mount);
    const auto reload = reloads_.next(mount, plugin, position);
    if (!reload || reloads_.next(mount, plugin, tuned->position) != reload) return;
    Applied& applied = applied_[{position, plugin.id()}];
    applied.mounts.push_back(mount);
    applied.tuned = tuned->position;
    applied.reload = *reload;
    applied.version = tuned->change->to;
  }

  const PlayedPlan& played_;
  const Timeline& timeline_;
  Reloads reloads_;
  std::map<std::pair<std::size_t, std::uint32_t>, Applied> applied_;
};

void check(const PlayedPlan& played, Report& report) {
  for (const auto& [key, applied] : Finder(played).find()) {
    const planner::PlannedStep& planned = played.facts.step_at(key.first);
    if (planned.step.fails) continue;
    Finding& finding = report.finding(
        played.plan.where(planned),
        fmt::format(
            "This step already brings {} to {}, before the reload of {}: a node that takes the lead loads whatever is "
            "configured.",
            mount_words(played.world(), applied.mounts), version_words(applied.version),
            shown(played.facts.step_at(applied.reload).step.id)),
        "Put it in front of the tune or behind the reload, so that the version changes when the plan "
        "says so; or leave the reload out, if this is how "
        "it is meant to be loaded.");
    finding.step = played.forecast.steps[key.first].step;
    finding.subject = played.world().text(key.second).str();
    finding.related.push_back({"tuned here", played.plan.where(played.facts.step_at(applied.tuned), "plugin_version")});
    finding.related.push_back(
        {"the reload that was to load it", played.plan.where(played.facts.step_at(applied.reload))});
    finding.story = {std::string(shown(played.facts.step_at(applied.tuned).step.id)), shown(planned.step.id)};
  }
}

}  // namespace

extern const Rule failover_applies_change;
constinit const Rule failover_applies_change = {
    .id = "failover-applies-change",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "taking-effect",
    .summary = "A failover between a tune and its reload loads the new version by itself",
    .why =
        "A node that becomes active loads the configured version of every mount. A step-down, restart or seal between "
        "tune and reload is the "
        "upgrade: without the reload's error if the version cannot be loaded, only with a mount that has no backend.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = ForecastCheck{check},
};

}  // namespace replug::rules
