#include <fmt/format.h>

#include "rules/judging/moment.h"
#include "rules/judging/rule.h"
#include "simulator/run/view.h"

namespace replug::rules {

namespace {

using simulator::PluginId;
using simulator::ServerId;
using simulator::World;

std::optional<ServerId> server_of(const Moment& moment, const simulator::UpgradeServer& step) {
  const World& world = moment.world();
  const auto server =
      simulator::server_after(step, world.server(moment.before.node(world.node(step.node)).server).product);
  if (!server) return std::nullopt;
  return world.server_id(*server);
}

// It is told at the first node that gets a server without the built-in.
bool is_on_every_node(const Moment& moment, PluginId plugin) {
  const World& world = moment.world();
  for (simulator::NodeId node = 0; node < world.nodes(); ++node) {
    if (!world.is_builtin(moment.before.node(node).server, plugin)) return false;
  }
  return true;
}

// An unversioned entry of that name takes the built-in's place. Where the new server cannot read what the old one
// registers, it can only be registered afterwards.
bool is_replaced(const Moment& moment, PluginId plugin) {
  const World& world = moment.world();
  const simulator::EntryId unversioned = world.plugin(plugin).unversioned;
  if (moment.before.entry(unversioned).record != 0) return true;
  const ChangeAt* registered =
      moment.facts.timeline().next_change(simulator::Change::What::catalog, world.entry_label(unversioned),
                                          simulator::CellField::registered, moment.position + 1);
  if (registered == nullptr) return false;
  const auto can = [&](ServerId server) { return world.capabilities(server).writes_types_as_words; };
  const auto* step = moment.as<simulator::UpgradeServer>();
  return can(moment.before.node(world.node(step->node)).server) && !can(*server_of(moment, *step));
}

std::vector<std::string> users_of(const Moment& moment, PluginId plugin) {
  const World& world = moment.world();
  std::vector<std::string> users;
  for (const simulator::MountId mount : world.mounts_of_plugin(world.plugin(plugin).name)) {
    const simulator::StoredMount& stored = moment.before.stored(mount);
    const bool builtin = stored.version == 0 || world.version(world.text(stored.version)).builtin;
    if (stored.exists != 0 && stored.plugin == plugin && builtin) users.push_back(shown(world.mount(mount).path));
  }
  if (world.plugin(plugin).type != simulator::PluginType::database) return users;
  for (const simulator::ConnectionId id : simulator::connections_by_label(moment.before)) {
    const simulator::StoredConnection& stored = moment.before.connection(id);
    if (world.text(stored.plugin) == world.plugin(plugin).name && stored.version == 0)
      users.push_back(shown(world.connection(id).label));
  }
  return users;
}

void check(const Moment& moment, Report& report) {
  const auto* step = moment.as<simulator::UpgradeServer>();
  const auto server = step == nullptr ? std::nullopt : server_of(moment, *step);
  if (!server) return;
  const World& world = moment.world();
  for (PluginId plugin = 0; plugin < world.plugins(); ++plugin) {
    if (world.is_builtin(*server, plugin) || world.is_core(plugin) || !is_on_every_node(moment, plugin) ||
        is_replaced(moment, plugin))
      continue;
    const std::vector<std::string> users = users_of(moment, plugin);
    if (users.empty()) continue;
    const bool connections = world.plugin(plugin).type == simulator::PluginType::database;
    Finding& finding = report.finding(
        moment.plan.where(moment.planned, "version"),
        fmt::format("{} has no built-in {}. Once a node with it is active, {} {} {}.", to_string(world.server(*server)),
                    shown(world.plugin_label(plugin)), listed(users), users.size() == 1 ? "has" : "have",
                    connections ? "no plugin to get credentials from" : "no backend"),
        fmt::format("Before this step install its external build on every node and register it as {} without a "
                    "version: a mount that was never tuned "
                    "finds only an unversioned entry.",
                    shown(world.plugin_label(plugin))));
    finding.subject = fmt::format("{} {}", to_string(world.server(*server)), world.plugin_label(plugin).view());
    finding.step = moment.forecast.step;
  }
}

}  // namespace

extern const Rule builtin_removed;
constinit const Rule builtin_removed = {
    .id = "builtin-removed",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "server",
    .summary = "A node gets a server that no longer has a built-in plugin that is mounted",
    .why =
        "A built-in lives in the server's binary. A release or product without it unseals all the same and leaves the "
        "mount without a backend; "
        "its data stays, its leases can no longer be revoked. An external plugin of the same name without a version "
        "takes its place, one with "
        "a version does not.",
    .url = "https://openbao.org/docs/migration-guide",
    .check = StepCheck{check},
    .incident = "https://github.com/openbao/openbao/issues/3707",
};

}  // namespace replug::rules
