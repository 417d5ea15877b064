#include <fmt/format.h>

#include "rules/judging/moment.h"
#include "rules/judging/rule.h"
#include "simulator/run/view.h"

namespace replug::rules {

namespace {

using simulator::Change;
using simulator::Register;
using simulator::Text;

// The versions that are registered beside the unversioned entry; enough of them to show.
std::vector<std::string> versions(const Moment& moment, const simulator::Plugin& plugin) {
  std::vector<std::string> found;
  for (const simulator::EntryId entry : plugin.versions) {
    if (found.size() == 10) break;
    if (moment.before.entry(entry).record != 0) found.push_back(shown(moment.world().entry(entry).version));
  }
  return found;
}

Text label_of(const simulator::StepForecast& step) {
  for (const Change& change : step.changes) {
    if (change.what == Change::What::catalog) return change.subject;
  }
  return {};
}

// Whether the plan goes on with the version that the binary reports: then its author knows under which it is stored.
bool is_named_later(const Moment& moment, Text version) {
  for (const planner::PlannedStep& planned : moment.plan.steps) {
    if (const auto* tune = std::get_if<simulator::Tune>(&planned.step.action)) {
      if (moment.world().version(tune->plugin_version).canonical == version) return true;
    }
  }
  return false;
}

Finding& tell(const Moment& moment, Text label, std::string message, std::string help, Report& report) {
  Finding& finding = report.finding(moment.plan.where(moment.planned), std::move(message), std::move(help));
  finding.subject = label.str();
  finding.step = moment.forecast.step;
  return finding;
}

void check(const Moment& moment, Report& report) {
  const auto* step = moment.as<Register>();
  if (step == nullptr || !moment.forecast.reply.ok() || moment.planned.step.fails ||
      (step->version && !step->version->empty()))
    return;
  const simulator::NodeId active = simulator::active_node(moment.before);
  if (active == simulator::no_node ||
      !moment.world().capabilities(moment.before.node(active).server).has_plugin_versions)
    return;
  const auto type = simulator::parse_plugin_type(step->type.view());
  const simulator::PluginId id = type ? moment.world().plugin(*type, step->name) : simulator::no_plugin;
  const Text label = label_of(moment.forecast);
  if (id == simulator::no_plugin || label.empty()) return;
  const simulator::Plugin& plugin = moment.world().plugin(id);
  const std::string name = fmt::format("{} {}", simulator::to_string(*type), shown(step->name));
  const bool had_unversioned = moment.before.entry(plugin.unversioned).record != 0;
  if (label != moment.world().entry_label(plugin.unversioned)) {
    Text version;
    for (const simulator::EntryId entry : plugin.versions) {
      if (moment.world().entry_label(entry) == label) version = moment.world().entry(entry).version;
    }
    if (!had_unversioned || is_named_later(moment, version)) return;
    tell(moment, label,
         fmt::format("No version is given, but the binary reports {}, so Vault stores it as {}. The unversioned entry "
                     "stays as it is, and the mounts that "
                     "use it stay on it.",
                     shown(version), shown(label)),
         fmt::format("Write `version: {}` and tune the mounts to it.", shown(version)), report);
    return;
  }
  const std::vector<std::string> there = versions(moment, plugin);
  if (there.empty() || had_unversioned) return;
  tell(moment, label,
       fmt::format("No version is given, so this makes an unversioned entry of {} beside {}. It upgrades none of the "
                   "mounts that are configured to a version, and "
                   "from now on every new mount or connection that names none gets it.",
                   name, listed(there)),
       "Give the new binary a `version` above the others and tune the mounts to it.", report);
}

}  // namespace

extern const Rule version_omitted;
constinit const Rule version_omitted = {
    .id = "version-omitted",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "catalog",
    .summary = "A plugin is registered without a version, and lands elsewhere than its author thinks",
    .why =
        "Without a version Vault runs the binary and stores the entry under the version that it reports; only where it "
        "reports none, the entry is "
        "unversioned. Neither touches the other: mounts keep to the entry they are configured to, and the answer is "
        "success either way.",
    .url = "https://developer.hashicorp.com/vault/docs/plugins/register",
    .check = StepCheck{check},
    .incident = "https://github.com/martinbaillie/vault-plugin-secrets-github/issues/145",
};

}  // namespace replug::rules
