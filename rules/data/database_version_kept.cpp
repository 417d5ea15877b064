#include <fmt/format.h>

#include "rules/evidence/edits.h"
#include "rules/judging/moment.h"
#include "rules/judging/rule.h"
#include "simulator/medium/version.h"
#include "simulator/run/view.h"
#include "simulator/vault/catalog.h"
#include "simulator/vault/pins.h"

namespace replug::rules {

namespace {

using simulator::Change;
using simulator::ConnectionId;
using simulator::NodeId;
using simulator::Text;

// An update of a connection's configuration that says nothing of the version.
struct Update {
  const simulator::ConfigureDatabase& step;
  ConnectionId connection;
  Text label;
  Text plugin;  ///< that is stored
  Text kept;    ///< the version that is stored
  NodeId active;
};

std::optional<Update> update_in(const Moment& moment) {
  const auto* step = moment.as<simulator::ConfigureDatabase>();
  if (step == nullptr || step->plugin_version || moment.planned.step.fails) return std::nullopt;
  const simulator::World& world = moment.world();
  const simulator::MountId mount = world.mount(world.full_path(moment.planned.step.name_space, step->mount));
  const NodeId active = simulator::active_node(moment.before);
  if (mount == simulator::no_mount || active == simulator::no_node) return std::nullopt;
  const ConnectionId id = world.connection(mount, step->connection);
  if (id == simulator::no_connection || moment.before.connection(id).exists == 0) return std::nullopt;
  const simulator::StoredConnection& stored = moment.before.connection(id);
  return Update{*step, id, world.connection(id).label, world.text(stored.plugin), world.text(stored.version), active};
}

bool is_pinned(const Moment& moment, const Update& update, Text plugin) {
  const auto id = moment.world().plugin(simulator::PluginType::database, plugin);
  return simulator::pinned_version(moment.before, update.active, id).has_value();
}

// The number of the old plugin's version is taken for one of the new plugin.
void judge_other_plugin(const Moment& moment, const Update& update, Report& report) {
  if (update.kept.empty() || is_pinned(moment, update, *update.step.plugin_name)) return;
  Finding& finding = report.finding(
      moment.plan.where(moment.planned, "plugin_name"),
      fmt::format(
          "{} goes from {} to {} and keeps its version, because none is given: {} of the old plugin is asked for "
          "as {} of the new one.",
          shown(update.label), shown(update.plugin), shown(*update.step.plugin_name), shown(update.kept),
          shown(update.kept)),
      "Say which version of the new plugin is meant: `plugin_version: vX.Y.Z`, or an empty one for a built-in or an "
      "unversioned entry.");
  finding.subject = update.label.str();
  finding.step = moment.forecast.step;
}

// A newer version was registered by this plan, and no later step of it gives it to the connection.
void judge_same_plugin(const Moment& moment, const Update& update, Report& report) {
  const simulator::World& world = moment.world();
  const auto plugin = world.plugin(simulator::PluginType::database, update.plugin);
  const auto highest = simulator::highest_version(moment.before, plugin);
  if (!moment.forecast.reply.ok() || !highest) return;
  if (!update.kept.empty() && !simulator::is_newer(highest->view(), update.kept.view())) return;
  if (is_pinned(moment, update, update.plugin) || moment.facts.is_expected(update.label, update.kept)) return;
  const Text label = world.entry_label(world.entry(plugin, *highest));
  const ChangeAt* registered = moment.facts.timeline().last_change(Change::What::catalog, label,
                                                                   simulator::CellField::registered, moment.position);
  const ChangeAt* later = moment.facts.timeline().next_change(
      Change::What::database, update.label, simulator::CellField::plugin_version, moment.position + 1);
  if (registered == nullptr || later != nullptr) return;
  Finding& finding = report.finding(
      moment.plan.where(moment.planned),
      fmt::format("{} stays on {}: a write of the configuration that says nothing of the version keeps it, and never "
                  "takes the latest.",
                  shown(update.label), version_words(update.kept)),
      fmt::format("Add `plugin_version: {}`. If the version is to stay, say so with an expectation.", shown(*highest)));
  finding.subject = update.label.str();
  finding.step = moment.forecast.step;
  const planner::PlannedStep& registration = moment.facts.step_at(registered->position);
  finding.related.push_back({fmt::format("{} is registered here", shown(*highest)), moment.plan.where(registration)});
  if (auto edit = field_behind(moment.plan, moment.planned, fmt::format("plugin_version: {}", highest->view()))) {
    finding.fix = Fix{fmt::format("Configure {}", shown(*highest)), false, {*edit}};
  }
}

void check(const Moment& moment, Report& report) {
  const auto update = update_in(moment);
  if (!update) return;
  if (update->step.plugin_name && *update->step.plugin_name != update->plugin) {
    judge_other_plugin(moment, *update, report);
  } else {
    judge_same_plugin(moment, *update, report);
  }
}

}  // namespace

extern const Rule database_version_kept;
constinit const Rule database_version_kept = {
    .id = "database-version-kept",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "data",
    .summary = "A connection's configuration is written without a version, and the old one is kept",
    .why =
        "Writing the configuration of a connection loads its plugin at once, in the version that is stored unless "
        "another "
        "is given. Only when a connection is created does Vault choose the latest one; the stored version is kept even "
        "where the plugin's name changes.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = StepCheck{check},
};

}  // namespace replug::rules
