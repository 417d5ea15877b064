#include <fmt/format.h>

#include "rules/evidence/edits.h"
#include "rules/judging/moment.h"
#include "rules/judging/rule.h"
#include "simulator/run/view.h"
#include "simulator/vault/catalog.h"

namespace replug::rules {

namespace {

void check(const Moment& moment, Report& report) {
  const auto* step = moment.as<simulator::ConfigureDatabase>();
  if (step == nullptr || !step->plugin_version || !step->plugin_version->empty()) return;
  if (!moment.forecast.reply.ok()) return;
  const simulator::World& world = moment.world();
  const simulator::MountId mount = world.mount(world.full_path(moment.planned.step.name_space, step->mount));
  const auto id = mount == simulator::no_mount ? simulator::no_connection : world.connection(mount, step->connection);
  if (id == simulator::no_connection || moment.before.connection(id).exists == 0) return;
  const simulator::StoredConnection& stored = moment.before.connection(id);
  const simulator::Text label = world.connection(id).label;
  if (stored.version == 0 || moment.facts.is_expected(label, {})) return;
  const simulator::Text name = step->plugin_name.value_or(world.text(stored.plugin));
  const bool shadowed = simulator::is_shadowed(moment.before, world.plugin(simulator::PluginType::database, name));
  Finding& finding = report.finding(
      moment.plan.where(moment.planned, "plugin_version"),
      fmt::format("An empty version is not a kept one: {} goes from {} to the {} {}.", shown(label),
                  shown(world.text(stored.version)), shadowed ? "unversioned entry of" : "built-in", shown(name)),
      "Leave `plugin_version` out to keep the version. If the connection is to go there, say so with an expectation: "
      "`plugin_version: \"\"`.");
  finding.subject = label.str();
  finding.step = moment.forecast.step;
  if (auto edit = without_field(moment.plan, moment.planned, "plugin_version")) {
    finding.fix = Fix{"Keep the version", false, {*edit}};
  }
}

}  // namespace

extern const Rule version_cleared;
constinit const Rule version_cleared = {
    .id = "version-cleared",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "data",
    .summary = "An empty plugin_version takes a connection to the unversioned or built-in plugin",
    .why =
        "For a database connection an omitted version keeps the stored one, and an empty one clears it: the connection "
        "then "
        "runs the unversioned entry of the name, else the built-in, from this write on. A tune refuses an empty "
        "version.",
    .url = "https://developer.hashicorp.com/vault/api-docs/secret/databases",
    .check = StepCheck{check},
};

}  // namespace replug::rules
