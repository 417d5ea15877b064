#include <map>
#include <utility>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/evidence/edits.h"
#include "rules/evidence/load.h"
#include "rules/evidence/reloads.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

using simulator::MountId;
using simulator::Text;

std::string namespace_words(Text name_space) {
  return name_space.empty() ? "the root namespace" : fmt::format("namespace {}", shown(name_space));
}

// One reload, and the mounts of one namespace that it was probably meant for too.
void tell(const PlayedPlan& played, std::size_t position, Text there, const std::vector<WaitingTune>& tunes,
          Report& report) {
  const planner::PlannedStep& planned = played.facts.step_at(position);
  const Text plugin = *std::get<simulator::Reload>(planned.step.action).plugin;
  std::vector<MountId> mounts;
  mounts.reserve(tunes.size());
  for (const WaitingTune& tune : tunes) mounts.push_back(tune.mount);
  const bool many = mounts.size() > 1;
  Finding& finding = report.finding(
      played.plan.where(planned, "plugin"),
      fmt::format("This reload is sent to {} and reaches only the mounts there. {} {} configured to {} too, and still "
                  "{} {} when the plan is done.",
                  namespace_words(planned.step.name_space), mount_words(played.world(), mounts), many ? "are" : "is",
                  wanted_words(tunes.front().load), many ? "run" : "runs", loaded_words(tunes.front().load)),
      fmt::format("Send a reload of {} to {} as well.", shown(plugin), namespace_words(there)));
  finding.step = played.forecast.steps[position].step;
  finding.subject = fmt::format("{} {}", there.view(), plugin.view());
  for (const WaitingTune& tune : tunes) {
    finding.related.push_back({"tuned here", played.plan.where(played.facts.step_at(tune.position), "plugin_version")});
    if (finding.related.size() == 3) break;
  }
  if (played.facts.has_needs()) return;
  const auto edit = step_behind(played.plan, played.forecast.steps[position].step,
                                fmt::format("reload: {{plugin: {}}}", flow_scalar(plugin)), there);
  if (edit) finding.fix = Fix{fmt::format("reload in {} too", namespace_words(there)), true, {*edit}};
}

void check(const PlayedPlan& played, Report& report) {
  const simulator::Cluster& last = played.facts.end();
  const simulator::NodeId active = simulator::active_node(last);
  if (active == simulator::no_node) return;
  std::map<std::pair<std::size_t, std::uint32_t>, std::vector<WaitingTune>> missed;
  for (const WaitingTune& tune : waiting_tunes(played, last)) {
    if (!tune.reload || !played.forecast.steps[*tune.reload].reply.ok()) continue;
    const planner::PlannedStep& planned = played.facts.step_at(*tune.reload);
    const Text there = played.world().mount(tune.mount).name_space;
    if (!std::get<simulator::Reload>(planned.step.action).plugin || planned.step.name_space == there) continue;
    if (reaches_all_namespaces(last, active, planned.step)) continue;
    missed[{*tune.reload, there.id()}].push_back(tune);
  }
  for (const auto& [key, tunes] : missed) tell(played, key.first, played.world().text(key.second), tunes, report);
}

}  // namespace

extern const Rule reload_misses_namespace;
constinit const Rule reload_misses_namespace = {
    .id = "reload-misses-namespace",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "taking-effect",
    .summary = "A reload by name does not reach the mounts of the same plugin in another namespace",
    .why =
        "The catalog is one for the whole cluster, but a reload by name acts on the mounts of the namespace that it is "
        "sent to. Only Vault from "
        "1.16 on has an endpoint, in the root namespace, that reaches all of them. The server answers 200 either way.",
    .url = "https://developer.hashicorp.com/vault/api-docs/system/plugins-reload-backend",
    .check = ForecastCheck{check},
    .incident = "https://github.com/hashicorp/vault/issues/10107",
};

}  // namespace replug::rules
