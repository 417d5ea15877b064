#include "rules/evidence/users.h"

#include <algorithm>

#include "planner/reading/planned_step.h"
#include "simulator/run/view.h"
#include "simulator/steps/kinds.h"
#include "simulator/steps/subjects.h"
#include "simulator/vault/messages.h"
#include "simulator/vault/pins.h"

namespace replug::rules {

namespace {

using simulator::Change;
using simulator::EntryId;
using simulator::Text;

// What a field in storage held before the step at `position`.
Text value_at(const Facts& facts, const User& user, simulator::CellField field, std::size_t position, Text at_end) {
  const auto all = facts.changes(user.what, user.label);
  const auto is_it = [&](const ChangeAt& one) {
    return one.change->node == simulator::no_node && one.change->field == field;
  };
  const auto from = std::ranges::lower_bound(all, position, {}, &ChangeAt::position);
  for (auto at = from; at != all.begin();) {
    --at;
    if (is_it(*at)) return at->change->to;
  }
  const auto next = std::find_if(from, all.end(), is_it);
  return next == all.end() ? at_end : next->change->from.text();
}

Text pin_at(const PlayedPlan& played, simulator::PluginId plugin, std::size_t position) {
  const Text label = played.world().plugin_label(plugin);
  if (const ChangeAt* before =
          played.facts.last_change(Change::What::pin, label, simulator::CellField::version, position))
    return before->change->to;
  if (const ChangeAt* next =
          played.facts.next_change(Change::What::pin, label, simulator::CellField::version, position))
    return next->change->from.text();
  const EntryId pin = played.facts.end().pin(plugin);
  return pin == 0 ? Text{} : played.world().entry(pin - 1).version;
}

bool pins_count(const PlayedPlan& played) {
  const simulator::Cluster& end = played.facts.end();
  const simulator::NodeId active = simulator::active_node(end);
  return active != simulator::no_node && played.world().capabilities(end.node(active).server).has_pins;
}

// Steps that start plugins: the one that they name, or whichever is behind what they name.
bool may_start(const simulator::Action& action, Text plugin) {
  const bool starts = simulator::is_one_of<
      simulator::Kinds<simulator::Enable, simulator::ConfigureDatabase, simulator::Reload>,
      simulator::Kinds<simulator::Install, simulator::Uninstall, simulator::Register, simulator::Deregister,
                       simulator::Tune, simulator::Disable, simulator::Move, simulator::Pin, simulator::Unpin,
                       simulator::ResetDatabase, simulator::RotateRoot, simulator::RevokeLeases,
                       simulator::ReloadDatabase, simulator::Request, simulator::Crash, simulator::Restart,
                       simulator::Seal, simulator::Unseal, simulator::StepDown, simulator::UpgradeServer,
                       simulator::Backup, simulator::Restore, simulator::Check, simulator::Confirm>>(action);
  return starts && simulator::first_named(action, simulator::Meaning::plugin).value_or(plugin) == plugin;
}

// The steps within the stretch that the server refuses because a file of that plugin is missing or another; `meant` are
// those that say so.
std::optional<std::size_t> refused_within(const PlayedPlan& played, const Mismatch& mismatch, bool meant) {
  const Text plugin = played.world().plugin(played.world().entry(mismatch.entry).plugin).name;
  const auto refused = played.facts.refused();
  for (auto at = std::ranges::upper_bound(refused, mismatch.since); at != refused.end() && *at < mismatch.until; ++at) {
    const simulator::StepForecast& step = played.forecast.steps[*at];
    const planner::PlannedStep& planned = played.facts.step_at(*at);
    if ((step.node != mismatch.node && !meant) || planned.step.fails.has_value() != meant) continue;
    const bool about_file = simulator::says(step.reply, "checksums did not match") ||
                            simulator::says(step.reply, "error verifying checksum");
    if (about_file && may_start(planned.step.action, plugin)) return *at;
  }
  return std::nullopt;
}

bool is_failure(simulator::Cause cause) {
  return cause == simulator::Cause::load_failed || cause == simulator::Cause::reload_failed ||
         cause == simulator::Cause::respawn_failed;
}

// The node loads everything anew: it becomes active, or is unsealed, in this step.
bool loads_all(const PlayedPlan& played, const Mismatch& mismatch, const ChangeAt& one) {
  return one.change->what == Change::What::node && one.change->node == mismatch.node &&
         one.change->field == simulator::CellField::role && one.change->to.view() == "active" &&
         played.world().replica_kind(played.world().replica_of(mismatch.node)) != simulator::Replica::dr_secondary;
}

}  // namespace

std::vector<User> possible_users(const PlayedPlan& played, EntryId entry) {
  const simulator::World& world = played.world();
  const simulator::Plugin& plugin = world.plugin(world.entry(entry).plugin);
  std::vector<User> users;
  if (plugin.type == simulator::PluginType::database) {
    for (const simulator::MountId mount : world.database_mounts()) {
      for (const simulator::ConnectionId connection : world.mount(mount).connections) {
        users.push_back(
            {Change::What::database, world.connection(connection).label, played.facts.end().user_of(connection)});
      }
    }
    return users;
  }
  for (const simulator::MountId mount : world.mounts_of_plugin(plugin.name)) {
    if (world.mount(mount).auth == (plugin.type == simulator::PluginType::auth))
      users.push_back({Change::What::mount, world.mount(mount).path, mount});
  }
  return users;
}

bool would_load(const PlayedPlan& played, const User& user, EntryId entry, std::size_t position) {
  const simulator::World& world = played.world();
  const simulator::CatalogKey& key = world.entry(entry);
  const simulator::Cluster& end = played.facts.end();
  const bool is_mount = user.what == Change::What::mount;
  Text name, version;
  if (is_mount) {
    const simulator::StoredMount& stored = end.stored(user.id);
    name = value_at(played.facts, user, simulator::CellField::type, position,
                    stored.exists != 0 ? world.plugin(stored.plugin).name : Text{});
    version = value_at(played.facts, user, simulator::CellField::plugin_version, position, world.text(stored.version));
  } else {
    const simulator::StoredConnection& stored = end.connection(user.id - world.mounts());
    name = value_at(played.facts, user, simulator::CellField::plugin_name, position, world.text(stored.plugin));
    version = value_at(played.facts, user, simulator::CellField::plugin_version, position, world.text(stored.version));
  }
  if (name != world.plugin(key.plugin).name) return false;
  if (pins_count(played)) {
    if (const Text pinned = pin_at(played, key.plugin, position); !pinned.empty()) version = pinned;
  }
  return version == key.version;
}

std::vector<User> users_at(const PlayedPlan& played, EntryId entry, std::size_t position) {
  std::vector<User> users = possible_users(played, entry);
  std::erase_if(users, [&](const User& user) { return !would_load(played, user, entry, position); });
  return users;
}

std::vector<std::string> labels(std::span<const User> users) {
  std::vector<std::string> all;
  for (const User& user : users) all.push_back(shown(user.label));
  return all;
}

std::optional<std::size_t> noticed_at(const PlayedPlan& played, const Mismatch& mismatch) {
  const simulator::World& world = played.world();
  std::optional<std::size_t> first = refused_within(played, mismatch, false);
  const auto consider = [&](std::size_t position) {
    if (position > mismatch.since && position < mismatch.until && (!first || position < *first)) first = position;
  };
  const std::vector<User> users = possible_users(played, mismatch.entry);
  for (const User& user : users) {
    const auto all = played.facts.changes(user.what, user.label);
    for (auto one = std::ranges::lower_bound(all, mismatch.since, {}, &ChangeAt::position);
         one != all.end() && one->position < mismatch.until; ++one) {
      if (one->change->node != mismatch.node || !is_failure(one->change->cause) ||
          played.facts.step_at(one->position).step.fails)
        continue;
      if (would_load(played, user, mismatch.entry, one->position)) consider(one->position);
    }
  }
  for (const ChangeAt& one : played.facts.changes(Change::What::node, world.node_name(mismatch.node))) {
    if (!loads_all(played, mismatch, one)) continue;
    const bool somebody = std::ranges::any_of(
        users, [&](const User& user) { return would_load(played, user, mismatch.entry, one.position); });
    if (somebody) consider(one.position);
  }
  return first;
}

bool is_demonstrated(const PlayedPlan& played, const Mismatch& mismatch) {
  return refused_within(played, mismatch, true).has_value();
}

std::string node_names(const PlayedPlan& played, std::span<const Mismatch* const> mismatches) {
  std::vector<std::string> names;
  for (const Mismatch* mismatch : mismatches) names.push_back(shown(played.world().node_name(mismatch->node)));
  return listed(names);
}

}  // namespace replug::rules
