#include <fmt/format.h>

#include "rules/judging/moment.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

using simulator::Change;

// The plugin that a step without a version asks for.
simulator::PluginId asked_for(const Moment& moment) {
  using simulator::PluginType;
  if (const auto* enable = moment.as<simulator::Enable>()) {
    if (enable->plugin_version && !enable->plugin_version->empty()) return simulator::no_plugin;
    return moment.world().plugin(enable->path.view().starts_with("auth/") ? PluginType::auth : PluginType::secret,
                                 enable->plugin);
  }
  const auto* configure = moment.as<simulator::ConfigureDatabase>();
  if (configure == nullptr || configure->plugin_version || !configure->plugin_name) return simulator::no_plugin;
  return moment.world().plugin(PluginType::database, *configure->plugin_name);
}

void check(const Moment& moment, Report& report) {
  const simulator::PluginId plugin = asked_for(moment);
  // A pin was chosen by somebody.
  if (plugin == simulator::no_plugin || !moment.forecast.reply.ok() || moment.before.pin(plugin) != 0) return;
  for (const Change& change : moment.forecast.changes) {
    if (change.node != simulator::no_node || change.field != simulator::CellField::plugin_version ||
        change.to.view().empty())
      continue;
    const auto version = simulator::parse_version(change.to.view(), simulator::Strictness::lax);
    if (!version || version->prerelease.empty() || moment.facts.is_expected(change.subject, change.to)) continue;
    Finding& finding = report.finding(moment.plan.where(moment.planned),
                                      fmt::format("No version is given, so {} gets the highest that is registered: {}, "
                                                  "a prerelease. It stays configured to it; a later release changes "
                                                  "nothing.",
                                                  shown(change.subject), shown(change.to)),
                                      "Name the version that is wanted as `plugin_version`.");
    finding.subject = change.subject.str();
    finding.step = moment.forecast.step;
  }
}

}  // namespace

extern const Rule prerelease_chosen;
constinit const Rule prerelease_chosen = {
    .id = "prerelease-chosen",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "catalog",
    .summary = "A mount or connection gets a prerelease because no version is named",
    .why =
        "Without a version and without an unversioned entry, Vault chooses the highest registered version once, when "
        "the mount is enabled or the "
        "connection is made, and stores it. Prereleases take part: v2.0.0-rc1 beats v1.9.0.",
    .url = "https://developer.hashicorp.com/vault/docs/plugins/upgrade",
    .check = StepCheck{check},
};

}  // namespace replug::rules
