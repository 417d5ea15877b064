#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/evidence/edits.h"
#include "rules/evidence/load.h"
#include "rules/evidence/reloads.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

using simulator::Change;
using simulator::Cluster;
using simulator::MountId;
using simulator::NodeId;
using simulator::PluginId;
using simulator::Text;

// What goes on with another version than the pin: no reload that names it follows, and nothing else has loaded it.
std::vector<std::string> waiting_mounts(const PlayedPlan& played, const Reloads& reloads, PluginId plugin,
                                        std::size_t pinned) {
  const simulator::World& world = played.world();
  const Cluster& last = played.facts.end();
  const NodeId active = simulator::active_node(last);
  std::vector<std::string> waiting;
  for (const MountId mount : world.mounts_of_plugin(world.plugin(plugin).name)) {
    const simulator::StoredMount& stored = last.stored(mount);
    if (stored.exists == 0 || stored.plugin != plugin || last.object(active, mount).backend == simulator::Backend::none)
      continue;
    const Load load = load_of(last, active, mount);
    if (!load.pinned || !load.waits() || played.facts.is_said_to_run(world.mount(mount).path, load.loaded)) continue;
    if (reloads.next(mount, world.plugin(plugin).name, pinned)) continue;
    waiting.push_back(fmt::format("{} still runs {}", shown(world.mount(mount).path), loaded_words(load)));
  }
  return waiting;
}

void judge(const PlayedPlan& played, const Reloads& reloads, std::size_t position, PluginId plugin, Text version,
           Report& report) {
  const std::vector<std::string> waiting = waiting_mounts(played, reloads, plugin, position);
  if (waiting.empty()) return;
  const planner::PlannedStep& planned = played.facts.step_at(position);
  const Text name = played.world().plugin(plugin).name;
  Finding& finding = report.finding(played.plan.where(planned, "version"),
                                    fmt::format("The pin to {} changes nothing that runs: when the plan is done {}. "
                                                "The next restart, seal or failover loads {} by itself.",
                                                shown(version), listed(waiting), shown(version)),
                                    fmt::format("Reload {} after the pin.", shown(name)));
  finding.step = played.forecast.steps[position].step;
  finding.subject = played.world().plugin_label(plugin).str();
  if (played.facts.has_needs() || played.plan.cluster.address.who != simulator::Address::Who::active) return;
  const auto edit = step_behind(played.plan, played.forecast.steps[position].step,
                                fmt::format("reload: {{plugin: {}}}", flow_scalar(name)), {});
  if (edit) finding.fix = Fix{"reload after the pin", true, {*edit}};
}

void check(const PlayedPlan& played, Report& report) {
  if (simulator::active_node(played.facts.end()) == simulator::no_node) return;
  const Reloads reloads(played);
  const simulator::World& world = played.world();
  for (PluginId plugin = 0; plugin < world.plugins(); ++plugin) {
    const auto changes = played.facts.timeline().history(Change::What::pin, world.plugin_label(plugin));
    if (changes.empty() || changes.back().change->to.absent()) continue;
    if (!std::holds_alternative<simulator::Pin>(played.facts.step_at(changes.back().position).step.action)) continue;
    judge(played, reloads, changes.back().position, plugin, changes.back().change->to, report);
  }
}

}  // namespace

extern const Rule dormant_change;
constinit const Rule dormant_change = {
    .id = "dormant-change",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "taking-effect",
    .summary = "A plugin is pinned to another version, and nothing loads it until the end of the plan",
    .why =
        "A pin decides what the next load of every mount of the plugin starts, and loads nothing. Until a reload it "
        "lies dormant, and the "
        "upgrade of all mounts at once happens at some restart, seal or failover.",
    .url = "https://developer.hashicorp.com/vault/api-docs/system/plugins-pins",
    .check = ForecastCheck{check},
};

}  // namespace replug::rules
