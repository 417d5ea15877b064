#include "rules/evidence/users.h"

#include <algorithm>
#include <utility>

#include "planner/reading/planned_step.h"
#include "simulator/run/view.h"
#include "simulator/steps/kinds.h"
#include "simulator/steps/subjects.h"
#include "simulator/vault/messages.h"

namespace replug::rules {

namespace {

using simulator::CellField;
using simulator::Change;
using simulator::EntryId;
using simulator::Text;

bool pins_count(const PlayedPlan& played) {
  const simulator::Cluster& end = played.facts.end();
  const simulator::NodeId active = simulator::active_node(end);
  return active != simulator::no_node && played.world().capabilities(end.node(active).server).has_pins;
}

bool is_failure(simulator::Cause cause) {
  return cause == simulator::Cause::load_failed || cause == simulator::Cause::reload_failed ||
         cause == simulator::Cause::respawn_failed;
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

CellField name_field(const User& user) {
  return user.what == Change::What::mount ? CellField::type : CellField::plugin_name;
}

}  // namespace

Users::Users(const PlayedPlan& played)
    : played_(played), world_(played.world()), timeline_(played.facts.timeline()), pins_count_(pins_count(played)) {
  gather_mounts();
  gather_connections();
  gather_pins();
  gather_refused();
}

// The entries that it is configured to at some time, each once.
std::vector<EntryId> Users::configured(const User& user, simulator::PluginType type) const {
  const CellField fields[] = {name_field(user), CellField::plugin_version};
  std::vector<std::size_t> positions{0};
  for (const CellField field : fields) {
    for (const ChangeAt& at : timeline_.history(user.what, user.label, field, simulator::no_node))
      positions.push_back(at.position + 1);
  }
  std::vector<EntryId> entries;
  for (const std::size_t position : positions) {
    const auto stored = [&](CellField field) {
      return timeline_.value(user.what, user.label, field, simulator::no_node, position).text();
    };
    const simulator::PluginId plugin = world_.plugin(type, stored(fields[0]));
    const EntryId entry =
        plugin == simulator::no_plugin ? simulator::no_entry : world_.entry(plugin, stored(fields[1]));
    if (entry != simulator::no_entry) entries.push_back(entry);
  }
  std::ranges::sort(entries);
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  return entries;
}

void Users::gather_mounts() {
  std::vector<std::vector<EntryId>> entries(world_.mounts());
  for (simulator::MountId mount = 0; mount < world_.mounts(); ++mount) {
    const simulator::MountPath& path = world_.mount(mount);
    entries[mount] = configured({Change::What::mount, path.path, mount},
                                path.auth ? simulator::PluginType::auth : simulator::PluginType::secret);
  }
  const auto is_of = [this](EntryId entry, simulator::PluginId plugin) { return world_.entry(entry).plugin == plugin; };
  for (simulator::PluginId plugin = 0; plugin < world_.plugins(); ++plugin) {
    if (world_.plugin(plugin).type == simulator::PluginType::database) continue;
    for (const User& user : users_of_plugin(plugin)) {
      for (const EntryId entry : entries[user.id]) {
        if (is_of(entry, plugin)) by_entry_[entry].push_back(user);
      }
    }
  }
}

void Users::gather_connections() {
  for (const simulator::MountId mount : world_.database_mounts()) {
    for (const simulator::ConnectionId connection : world_.mount(mount).connections) {
      const User user{Change::What::database, world_.connection(connection).label,
                      played_.facts.end().user_of(connection)};
      for (const EntryId entry : configured(user, simulator::PluginType::database)) by_entry_[entry].push_back(user);
    }
  }
}

void Users::gather_pins() {
  if (!pins_count_) return;
  for (simulator::PluginId plugin = 0; plugin < world_.plugins(); ++plugin) {
    const Text label = world_.plugin_label(plugin);
    const auto pin = [&](simulator::Value version) {
      if (!version.absent()) pinned_.insert(world_.entry(plugin, version));
    };
    pin(timeline_.value(Change::What::pin, label, CellField::version, simulator::no_node, 0));
    for (const ChangeAt& at : timeline_.history(Change::What::pin, label, CellField::version)) pin(at.change->to);
  }
}

void Users::gather_refused() {
  for (const std::size_t position : played_.facts.refused()) {
    const simulator::Reply& reply = played_.forecast.steps[position].reply;
    if (simulator::says(reply, "checksums did not match") || simulator::says(reply, "error verifying checksum"))
      refused_.push_back(position);
  }
}

std::vector<User> Users::users_of_plugin(simulator::PluginId plugin) const {
  const simulator::Plugin& there = world_.plugin(plugin);
  std::vector<User> users;
  if (there.type == simulator::PluginType::database) {
    for (const simulator::MountId mount : world_.database_mounts()) {
      for (const simulator::ConnectionId connection : world_.mount(mount).connections) {
        users.push_back(
            {Change::What::database, world_.connection(connection).label, played_.facts.end().user_of(connection)});
      }
    }
    return users;
  }
  for (const simulator::MountId mount : world_.mounts_of_plugin(there.name)) {
    if (world_.mount(mount).auth == (there.type == simulator::PluginType::auth))
      users.push_back({Change::What::mount, world_.mount(mount).path, mount});
  }
  return users;
}

std::vector<User> Users::possible(EntryId entry) const {
  if (pinned_.contains(entry)) return users_of_plugin(world_.entry(entry).plugin);
  const auto found = by_entry_.find(entry);
  return found == by_entry_.end() ? std::vector<User>{} : found->second;
}

bool Users::would_load(const User& user, EntryId entry, std::size_t position) const {
  const simulator::CatalogKey& key = world_.entry(entry);
  const auto stored = [&](Change::What what, Text subject, CellField field) {
    return timeline_.value(what, subject, field, simulator::no_node, position);
  };
  const Text name = stored(user.what, user.label, name_field(user));
  if (name != world_.plugin(key.plugin).name) return false;
  if (pins_count_) {
    const Text pinned = stored(Change::What::pin, world_.plugin_label(key.plugin), CellField::version);
    if (!pinned.empty()) return pinned == key.version;
  }
  return stored(user.what, user.label, CellField::plugin_version) == key.version;
}

std::vector<User> Users::at(EntryId entry, std::size_t position) const {
  std::vector<User> users = possible(entry);
  std::erase_if(users, [&](const User& user) { return !would_load(user, entry, position); });
  return users;
}

// The steps within the stretch that the server refuses because a file of that plugin is missing or another; `meant` are
// those that say so.
std::optional<std::size_t> Users::refused_within(const Mismatch& mismatch, bool meant) const {
  const Text plugin = world_.plugin(world_.entry(mismatch.entry).plugin).name;
  for (auto at = std::ranges::upper_bound(refused_, mismatch.since); at != refused_.end() && *at < mismatch.until;
       ++at) {
    const planner::PlannedStep& planned = played_.facts.step_at(*at);
    const bool here = played_.forecast.steps[*at].node == mismatch.node || meant;
    if (here && planned.step.fails.has_value() == meant && may_start(planned.step.action, plugin)) return *at;
  }
  return std::nullopt;
}

// The node loads everything anew: it becomes active, or is unsealed, in this step.
bool Users::loads_all(const Mismatch& mismatch, const ChangeAt& one) const {
  return one.change->to.is("active") &&
         world_.replica_kind(world_.replica_of(mismatch.node)) != simulator::Replica::dr_secondary;
}

std::optional<std::size_t> Users::noticed_at(const Mismatch& mismatch) const {
  std::optional<std::size_t> first = refused_within(mismatch, false);
  const auto consider = [&](std::size_t position) {
    if (position > mismatch.since && position < mismatch.until && (!first || position < *first)) first = position;
  };
  const std::vector<User> users = possible(mismatch.entry);
  for (const User& user : users) {
    const auto all = timeline_.history(user.what, user.label);
    for (auto one = std::ranges::lower_bound(all, mismatch.since, {}, &ChangeAt::position);
         one != all.end() && one->position < mismatch.until; ++one) {
      if (one->change->node != mismatch.node || !is_failure(one->change->cause) ||
          played_.facts.step_at(one->position).step.fails)
        continue;
      if (would_load(user, mismatch.entry, one->position)) consider(one->position);
    }
  }
  const auto roles =
      timeline_.history(Change::What::node, world_.node_name(mismatch.node), CellField::role, mismatch.node);
  const std::size_t until = std::min(mismatch.until, first.value_or(mismatch.until));
  for (auto one = std::ranges::upper_bound(roles, mismatch.since, {}, &ChangeAt::position);
       one != roles.end() && one->position < until; ++one) {
    const auto loads = [&](const User& user) { return would_load(user, mismatch.entry, one->position); };
    if (loads_all(mismatch, *one) && std::ranges::any_of(users, loads)) return one->position;
  }
  return first;
}

bool Users::is_demonstrated(const Mismatch& mismatch) const { return refused_within(mismatch, true).has_value(); }

std::vector<std::string> labels(std::span<const User> users) {
  std::vector<std::string> all;
  for (const User& user : users) all.push_back(shown(user.label));
  return all;
}

std::string node_names(const PlayedPlan& played, std::span<const Mismatch* const> mismatches) {
  std::vector<std::string> names;
  for (const Mismatch* mismatch : mismatches) names.push_back(shown(played.world().node_name(mismatch->node)));
  return listed(names);
}

}  // namespace replug::rules
