#include <map>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "rules/evidence/taking_effect.h"
#include "rules/judging/rule.h"

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

bool can_load(const simulator::Action& action) {
  return std::holds_alternative<simulator::StepDown>(action) || std::holds_alternative<simulator::Restart>(action) ||
         std::holds_alternative<simulator::Seal>(action) || std::holds_alternative<simulator::Unseal>(action) ||
         std::holds_alternative<simulator::UpgradeServer>(action);
}

// Follows which mounts are tuned and not loaded, and sees who loads them.
class Follower {
 public:
  explicit Follower(const PlayedPlan& played) : played_(played), reloads_(played) {}

  std::map<std::pair<std::size_t, std::uint32_t>, Applied> follow() {
    for (std::size_t position = 0; position < played_.forecast.steps.size(); ++position) {
      const simulator::Action& action = played_.facts.step_at(position).step.action;
      const simulator::NodeId leader = new_leader(position);
      for (const Change& change : played_.forecast.steps[position].changes) {
        if (change.what != Change::What::mount) continue;
        const MountId mount = played_.world().mount(change.subject);
        if (change.field == simulator::CellField::plugin_version && change.node == simulator::no_node) {
          waiting_.erase(mount);
          if (std::holds_alternative<simulator::Tune>(action)) waiting_[mount] = {position, change.to};
        } else if (change.cause == Cause::reloaded || change.cause == Cause::unsealed) {
          if (can_load(action) && change.node == leader) load(position, mount);
          waiting_.erase(mount);
        }
      }
    }
    return std::move(applied_);
  }

 private:
  struct Tuned {
    std::size_t position;
    Text version;
  };

  [[nodiscard]] simulator::NodeId new_leader(std::size_t position) const {
    for (const Change& change : played_.forecast.steps[position].changes) {
      if (change.what == Change::What::node && change.field == simulator::CellField::role &&
          change.to.view() == "active")
        return change.node;
    }
    return simulator::no_node;
  }

  // Where no reload of it follows, the failover is how the plan means to load it.
  void load(std::size_t position, MountId mount) {
    const auto tuned = waiting_.find(mount);
    const simulator::Cluster& last = played_.facts.end();
    if (tuned == waiting_.end() || last.stored(mount).exists == 0) return;
    const Text plugin = simulator::plugin_of(last, mount);
    const auto reload = reloads_.next(mount, plugin, position);
    if (!reload || reloads_.next(mount, plugin, tuned->second.position) != reload) return;
    Applied& applied = applied_[{position, plugin.id()}];
    applied.mounts.push_back(mount);
    applied.tuned = tuned->second.position;
    applied.reload = *reload;
    applied.version = tuned->second.version;
  }

  const PlayedPlan& played_;
  Reloads reloads_;
  std::unordered_map<MountId, Tuned> waiting_;
  std::map<std::pair<std::size_t, std::uint32_t>, Applied> applied_;
};

void check(const PlayedPlan& played, Report& report) {
  for (const auto& [key, applied] : Follower(played).follow()) {
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
    finding.story = {played.facts.event_at(applied.tuned), played.facts.event_at(key.first)};
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
