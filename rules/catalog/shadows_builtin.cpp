#include <fmt/format.h>

#include "rules/judging/moment.h"
#include "rules/judging/rule.h"
#include "simulator/run/view.h"
#include "simulator/vault/pins.h"

namespace replug::rules {

namespace {

using simulator::Change;
using simulator::Text;

// Mounts and connections of the built-in that name no version: at their next start they find the external plugin.
std::vector<std::string> hit(const Moment& moment, simulator::PluginId id, simulator::NodeId active) {
  const simulator::World& world = moment.world();
  const simulator::Plugin& plugin = world.plugin(id);
  const simulator::Cluster& cluster = moment.before;
  const auto follows = [&](simulator::TextId configured) {
    return simulator::effective_version(cluster, active, id, world.text(configured)).empty();
  };
  std::vector<std::string> users;
  if (plugin.type != simulator::PluginType::database) {
    for (const simulator::MountId mount : world.mounts_of_plugin(plugin.name)) {
      const simulator::StoredMount& stored = cluster.stored(mount);
      if (stored.exists != 0 && stored.plugin == id && follows(stored.version))
        users.push_back(shown(world.mount(mount).path));
    }
    return users;
  }
  for (const simulator::MountId mount : world.database_mounts()) {
    for (const simulator::ConnectionId connection : world.mount(mount).connections) {
      const simulator::StoredConnection& stored = cluster.connection(connection);
      if (stored.exists != 0 && world.text(stored.plugin) == plugin.name && follows(stored.version)) {
        users.push_back(shown(world.connection(connection).label));
      }
    }
  }
  return users;
}

bool makes_entry(const Moment& moment, Text label) {
  for (const Change& change : moment.forecast.changes) {
    if (change.what == Change::What::catalog && change.subject == label &&
        change.field == simulator::CellField::registered && change.to.view() == "true")
      return true;
  }
  return false;
}

void check(const Moment& moment, Report& report) {
  const auto* step = moment.as<simulator::Register>();
  const simulator::NodeId active = simulator::active_node(moment.before);
  if (step == nullptr || active == simulator::no_node || moment.planned.step.fails) return;
  const simulator::World& world = moment.world();
  const auto type = simulator::parse_plugin_type(step->type.view());
  const simulator::PluginId id = type ? world.plugin(*type, step->name) : simulator::no_plugin;
  if (id == simulator::no_plugin || world.is_core(id) || !world.is_builtin(moment.before.node(active).server, id))
    return;
  const Text label = world.entry_label(world.plugin(id).unversioned);
  if (!makes_entry(moment, label)) return;
  const std::vector<std::string> users = hit(moment, id, active);
  Finding& finding = report.finding(
      moment.plan.where(moment.planned, "name"),
      fmt::format("{} is a built-in plugin of this server, and this unversioned entry stands in front of it: {} at the "
                  "next start (a reload, an unseal, a "
                  "failover), in every namespace. Removing the entry takes effect no sooner either.",
                  shown(step->name),
                  users.empty()
                      ? "every mount of it that names no version switches to this binary"
                      : fmt::format("{} {} to this binary", listed(users), users.size() == 1 ? "switches" : "switch")),
      "Register it with a `version` and tune the mounts that are to have it, or under a name of its own.");
  finding.subject = label.str();
  finding.step = moment.forecast.step;
}

}  // namespace

extern const Rule shadows_builtin;
constinit const Rule shadows_builtin = {
    .id = "shadows-builtin",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "catalog",
    .summary = "An unversioned entry is registered under the name of a built-in plugin",
    .why =
        "A mount that is configured to no version takes the unversioned entry of its name, and the built-in only where "
        "there is none. So one "
        "registration changes every mount of that built-in, each at its next start, and nothing in its configuration "
        "shows it.",
    .url = "https://developer.hashicorp.com/vault/docs/plugins/register",
    .check = StepCheck{check},
    .incident = "https://github.com/hashicorp/vault/issues/11687",
};

}  // namespace replug::rules
