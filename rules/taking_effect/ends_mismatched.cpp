#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/evidence/load.h"
#include "rules/evidence/reloads.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

using simulator::Cluster;
using simulator::MountId;
using simulator::NodeId;
using simulator::Reload;

// Another rule says it: the reload did not reach the namespace, or stopped half-way.
bool is_told_elsewhere(const PlayedPlan& played, const Cluster& last, const WaitingTune& tune) {
  const std::size_t position = *tune.reload;
  const planner::PlannedStep& planned = played.facts.step_at(position);
  const simulator::StepForecast& step = played.forecast.steps[position];
  if (planned.step.fails) return true;
  if (!step.reply.ok()) return std::get<Reload>(planned.step.action).plugin && stopped_half_way(step);
  const NodeId active = simulator::active_node(last);
  return played.world().mount(tune.mount).name_space != planned.step.name_space &&
         !reaches_all_namespaces(last, active, planned.step);
}

void tell_tune(const PlayedPlan& played, const WaitingTune& tune, Report& report) {
  const simulator::World& world = played.world();
  const planner::PlannedStep& reload = played.facts.step_at(*tune.reload);
  const bool refused = !played.forecast.steps[*tune.reload].reply.ok();
  const std::string path = shown(world.mount(tune.mount).path);
  const std::string now = loaded_words(tune.load);
  const std::string wanted = wanted_words(tune.load);
  Finding& finding = report.finding(
      played.plan.where(played.facts.step_at(tune.position), "plugin_version"),
      refused ? fmt::format("{} stays configured to {} although the reload of {} is refused and it goes on with {}. A "
                            "failed reload does not take "
                            "the tune back: the next restart, seal or failover tries {} again, and leaves the mount "
                            "without a backend if it "
                            "still cannot be loaded.",
                            path, wanted, shown(reload.step.id), now, wanted)
              : fmt::format("{} is configured to {} and still runs {} on the active node when the plan is done: the "
                            "reload of {} does not go there.",
                            path, wanted, now, shown(reload.step.id)),
      refused
          ? fmt::format(
                "Repair what keeps {} from being loaded and reload again, or tune {} back to the version that runs.",
                wanted, path)
          : std::string(
                "Send the reload to the active node (leave `at` out), and to every other node that runs plugins."));
  finding.step = played.forecast.steps[tune.position].step;
  finding.subject = path;
  finding.related.push_back({refused ? "this reload fails" : "this reload goes to another node",
                             played.plan.where(reload, refused ? "" : "at")});
}

// What is compiled into the core is reported as the version it was tuned to, and runs as ever.
void tell_core(const PlayedPlan& played, const Cluster& last, Report& report) {
  const simulator::World& world = played.world();
  const NodeId active = simulator::active_node(last);
  for (std::size_t position = 0; position < played.forecast.steps.size(); ++position) {
    const simulator::StepForecast& step = played.forecast.steps[position];
    for (const simulator::Change& change : step.changes) {
      if (change.what != simulator::Change::What::mount ||
          change.field != simulator::CellField::running_plugin_version || change.node != active)
        continue;
      const MountId mount = world.mount(change.subject);
      if (last.stored(mount).exists == 0 || !world.is_core(last.stored(mount).plugin)) continue;
      const simulator::MountView view = simulator::view_mount(last, active, mount);
      if (view.running_version != change.to || !view.actual_version || *view.actual_version == view.running_version)
        continue;
      Finding& finding =
          report.finding(played.plan.where(played.facts.step_at(position)),
                         fmt::format("From here on {} is reported to run {}, but it runs the built-in {}: {} is "
                                     "compiled into the server, and no registered "
                                     "plugin takes its place.",
                                     shown(change.subject), version_words(view.running_version),
                                     shown(*view.actual_version), shown(simulator::plugin_of(last, mount))),
                         "Mount the plugin under a name of its own instead.");
      finding.step = step.step;
      finding.subject = change.subject.str();
    }
  }
}

void check(const PlayedPlan& played, Report& report) {
  const Cluster& last = played.facts.end();
  if (simulator::active_node(last) == simulator::no_node) return;
  for (const WaitingTune& tune : waiting_tunes(played, last)) {
    if (!tune.reload || is_told_elsewhere(played, last, tune)) continue;
    if (!played.facts.is_said_to_run(played.world().mount(tune.mount).path, tune.load.loaded))
      tell_tune(played, tune, report);
  }
  tell_core(played, last, report);
}

}  // namespace

extern const Rule ends_mismatched;
constinit const Rule ends_mismatched = {
    .id = "ends-mismatched",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "taking-effect",
    .summary = "When the plan is done, a mount runs something else than it is configured to or reports",
    .why =
        "The configured version lies in storage and the running one in each node's memory: a reload that fails, or "
        "goes to another node, leaves "
        "them apart. Then what the mount will run after the next unseal is not what was tested, and may not be able to "
        "start at all.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = ForecastCheck{check},
};

}  // namespace replug::rules
