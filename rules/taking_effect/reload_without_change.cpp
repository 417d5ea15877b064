#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/evidence/edits.h"
#include "rules/evidence/load.h"
#include "rules/judging/rule.h"
#include "simulator/medium/version.h"

namespace replug::rules {

namespace {

using simulator::Change;
using simulator::EntryId;
using simulator::MountId;
using simulator::Text;

// A version that the plan registers and that no mount or pin is ever brought to.
struct Forgotten {
  Text version;
  std::size_t position;  ///< of its registration
};

// By the name of the plugin. Looks at what the run wrote, so that whoever names the version later is not taken for
// forgotten.
std::unordered_map<std::uint32_t, std::vector<Forgotten>> forgotten_versions(const PlayedPlan& played) {
  std::set<std::uint32_t> named;  // versions as texts
  for (const simulator::StepForecast& step : played.forecast.steps) {
    for (const Change& change : step.changes) {
      if (change.field == simulator::CellField::plugin_version || change.what == Change::What::pin)
        named.insert(change.to.text().id());
    }
  }
  const simulator::World& world = played.world();
  std::unordered_map<std::uint32_t, std::vector<Forgotten>> forgotten;
  for (EntryId entry = 0; entry < world.entries(); ++entry) {
    const simulator::CatalogKey& key = world.entry(entry);
    const bool is_left = played.facts.end().entry(entry).record != 0;
    if (key.version.empty() || !is_left || named.contains(key.version.id())) continue;
    for (const ChangeAt& at : played.facts.timeline().history(Change::What::catalog, world.entry_label(entry))) {
      if (at.change->field != simulator::CellField::registered || at.change->to.view() != "true") continue;
      forgotten[world.plugin(key.plugin).name.id()].push_back({key.version, at.position});
      break;
    }
  }
  return forgotten;
}

bool changed_nothing(const simulator::StepForecast& step) {
  return std::ranges::none_of(step.changes, [](const Change& change) {
    return change.what == Change::What::mount || change.what == Change::What::database;
  });
}

// The mounts that a reload names, in one namespace: what the forgotten tune would have been about.
std::vector<MountId> named_mounts(const PlayedPlan& played, const planner::PlannedStep& planned) {
  const simulator::World& world = played.world();
  const simulator::Cluster& last = played.facts.end();
  const auto& reload = std::get<simulator::Reload>(planned.step.action);
  std::vector<MountId> mounts;
  const auto take = [&](MountId mount) {
    if (mount != simulator::no_mount && last.stored(mount).exists != 0 &&
        world.mount(mount).name_space == planned.step.name_space)
      mounts.push_back(mount);
  };
  if (reload.plugin) {
    for (const MountId mount : world.mounts_of_plugin(*reload.plugin)) {
      if (last.stored(mount).exists != 0 && simulator::plugin_of(last, mount) == *reload.plugin) take(mount);
    }
  }
  for (const Text path : reload.mounts.value_or(std::vector<Text>{}))
    take(world.mount(world.full_path(planned.step.name_space, path)));
  return mounts;
}

std::optional<Fix> forgotten_tune(const PlayedPlan& played, const planner::PlannedStep& planned,
                                  const std::vector<MountId>& mounts, const Forgotten& forgotten) {
  if (played.facts.has_needs()) return std::nullopt;
  std::string paths;
  for (const MountId mount : mounts)
    paths += fmt::format("{}{}", paths.empty() ? "" : ", ", flow_scalar(played.world().mount(mount).local));
  if (mounts.size() > 1) paths = fmt::format("[{}]", paths);
  const auto edit =
      step_behind(played.plan, played.forecast.steps[forgotten.position].step,
                  fmt::format("tune: {{path: {}, plugin_version: {}}}", paths, flow_scalar(forgotten.version)),
                  planned.step.name_space);
  if (!edit) return std::nullopt;
  return Fix{fmt::format("tune to {} after it is registered", shown(forgotten.version)), false, {*edit}};
}

void judge(const PlayedPlan& played, std::size_t position,
           const std::unordered_map<std::uint32_t, std::vector<Forgotten>>& all, Report& report) {
  const planner::PlannedStep& planned = played.facts.step_at(position);
  const auto& reload = std::get<simulator::Reload>(planned.step.action);
  // Most reloads have nothing to do with what was forgotten, and need no look at all mounts of their plugin.
  if (reload.plugin && !reload.mounts && !all.contains(reload.plugin->id())) return;
  const std::vector<MountId> mounts = named_mounts(played, planned);
  if (mounts.empty()) return;
  const Text plugin = simulator::plugin_of(played.facts.end(), mounts.front());
  const auto found = all.find(plugin.id());
  if (found == all.end() || found->second.front().position > position) return;
  const Forgotten& forgotten = found->second.front();
  const Load load = load_of(played.facts.end(), simulator::active_node(played.facts.end()), mounts.front());
  // A step back is not what anybody forgets.
  if (simulator::compare(forgotten.version.view(), load.loaded.view()) <= 0) return;
  const bool by_name = reload.plugin.has_value();
  Finding& finding = report.finding(
      played.plan.where(planned, by_name ? "plugin" : "mounts"),
      fmt::format("This reload loads the old version again: {} is registered, but {} {} never tuned to it.",
                  entry_words(plugin, forgotten.version), mount_words(played.world(), mounts),
                  mounts.size() > 1 ? "are" : "is"),
      fmt::format("Tune the mounts to {} between the registration and this reload.", shown(forgotten.version)));
  finding.step = played.forecast.steps[position].step;
  finding.subject = plugin.str();
  finding.related.push_back(
      {"registered here", played.plan.where(played.facts.step_at(forgotten.position), "version")});
  finding.fix = forgotten_tune(played, planned, mounts, forgotten);
}

void check(const PlayedPlan& played, Report& report) {
  const auto all = forgotten_versions(played);
  if (all.empty() || simulator::active_node(played.facts.end()) == simulator::no_node) return;
  for (std::size_t position = 0; position < played.forecast.steps.size(); ++position) {
    const planner::PlannedStep& planned = played.facts.step_at(position);
    const simulator::StepForecast& step = played.forecast.steps[position];
    if (!std::holds_alternative<simulator::Reload>(planned.step.action) || !step.reply.ok() || planned.step.fails)
      continue;
    if (changed_nothing(step)) judge(played, position, all, report);
  }
}

}  // namespace

extern const Rule reload_without_change;
constinit const Rule reload_without_change = {
    .id = "reload-without-change",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "taking-effect",
    .summary = "A new version is registered and the plugin reloaded, but nothing is tuned to the new version",
    .why =
        "A reload loads the version that the mount is configured to, and never the newest one. Without the tune "
        "between registration and reload "
        "the old version is started again, and every answer on the way is a success.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = ForecastCheck{check},
    .incident = "https://github.com/hashicorp/vault-plugin-secrets-kv/issues/21",
};

}  // namespace replug::rules
