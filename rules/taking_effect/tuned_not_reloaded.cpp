#include <algorithm>
#include <map>
#include <set>
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

// The mounts of one plugin in one namespace that are tuned and never loaded: one reload would do for all of them.
struct Group {
  std::vector<WaitingTune> tunes;
  std::size_t last = 0;  ///< position of the last tune
};

std::vector<std::string> versions(const Group& group, bool wanted) {
  std::set<std::string> words;
  for (const WaitingTune& tune : group.tunes) words.insert(wanted ? wanted_words(tune.load) : loaded_words(tune.load));
  return {words.begin(), words.end()};
}

// Only where a reload that goes nowhere in particular reaches the active node, and where no order by `needs` says what
// follows what.
std::optional<Fix> missing_reload(const PlayedPlan& played, const Group& group, bool global) {
  const planner::Plan& plan = played.plan;
  if (played.facts.has_needs() || plan.cluster.address.who != simulator::Address::Who::active) return std::nullopt;
  const simulator::World& world = played.world();
  std::string paths;
  for (const WaitingTune& tune : group.tunes)
    paths += fmt::format("{}{}", paths.empty() ? "" : ", ", flow_scalar(world.mount(tune.mount).local));
  const auto edit = step_behind(plan, played.forecast.steps[group.last].step,
                                fmt::format("reload: {{mounts: [{}]{}}}", paths, global ? ", scope: global" : ""),
                                world.mount(group.tunes.front().mount).name_space);
  if (!edit) return std::nullopt;
  return Fix{"reload after the last tune", true, {*edit}};
}

void tell(const PlayedPlan& played, const simulator::Cluster& last, const Group& group, Text plugin, Report& report) {
  const simulator::World& world = played.world();
  std::vector<MountId> mounts;
  for (const WaitingTune& tune : group.tunes) mounts.push_back(tune.mount);
  const bool many = mounts.size() > 1;
  const std::string old_version = listed(versions(group, false));
  Finding& finding = report.finding(
      played.plan.where(played.facts.step_at(group.last), "plugin_version"),
      fmt::format("{} {} tuned to {}, and nothing loads it afterwards: when the plan is done {} still {} {}. The next "
                  "restart, seal or failover "
                  "would load the new version by itself.",
                  mount_words(world, mounts), many ? "are" : "is", listed(versions(group, true)), many ? "they" : "it",
                  many ? "run" : "runs", old_version),
      fmt::format("A tune only stores the version. Reload {} after the last tune, on every node that runs plugins.",
                  shown(plugin)));
  finding.step = played.forecast.steps[group.last].step;
  finding.subject = fmt::format("{} {}", world.mount(mounts.front()).name_space.view(), plugin.view());
  std::set<std::size_t> others;
  for (const WaitingTune& tune : group.tunes) {
    if (tune.position != group.last && others.insert(tune.position).second) {
      finding.related.push_back(
          {"tuned here too", played.plan.where(played.facts.step_at(tune.position), "plugin_version")});
    }
  }
  const simulator::NodeId active = simulator::active_node(last);
  const bool global =
      world.capabilities(last.node(active).server).has_global_reload && nodes_with_plugins(last).size() > 1;
  finding.fix = missing_reload(played, group, global);
}

void check(const PlayedPlan& played, Report& report) {
  const simulator::Cluster& last = played.facts.end();
  std::map<std::pair<std::uint32_t, std::uint32_t>, Group> groups;  // by namespace and plugin
  for (const WaitingTune& tune : waiting_tunes(played, last)) {
    const simulator::MountPath& path = played.world().mount(tune.mount);
    // A reload that did not load it has more to say: it was refused, or went elsewhere.
    if (tune.reload || played.facts.is_said_to_run(path.path, tune.load.loaded)) continue;
    Group& group = groups[{path.name_space.id(), simulator::plugin_of(last, tune.mount).id()}];
    group.tunes.push_back(tune);
    group.last = std::max(group.last, tune.position);
  }
  for (const auto& [key, group] : groups) tell(played, last, group, played.world().text(key.second), report);
}

}  // namespace

extern const Rule tuned_not_reloaded;
constinit const Rule tuned_not_reloaded = {
    .id = "tuned-not-reloaded",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "taking-effect",
    .summary = "A mount is tuned to another version, and nothing loads it until the end of the plan",
    .why =
        "A tune stores the version and changes nothing that runs: the mount keeps its process until it is reloaded. "
        "Until then `Version` and "
        "`Running Version` of `vault secrets list -detailed` differ, and the upgrade happens at some restart, seal or "
        "failover, when nobody "
        "expects it.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = ForecastCheck{check},
    .incident = "https://github.com/hashicorp/terraform-provider-vault/issues/2514",
};

}  // namespace replug::rules
