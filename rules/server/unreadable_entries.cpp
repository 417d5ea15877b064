#include <unordered_set>

#include <fmt/format.h>

#include "rules/judging/moment.h"
#include "rules/judging/rule.h"
#include "simulator/run/view.h"
#include "simulator/vault/pins.h"

namespace replug::rules {

namespace {

using simulator::EntryId;
using simulator::NodeId;
using simulator::PluginId;
using simulator::World;

bool writes_words(const simulator::Cluster& cluster, NodeId node) {
  return cluster.world().capabilities(cluster.node(node).server).writes_types_as_words;
}

// The server of the step, if it is the first in the cluster that cannot read what the others write.
const simulator::Server* first_that_cannot_read(const Moment& moment, const simulator::UpgradeServer& step) {
  const World& world = moment.world();
  for (NodeId node = 0; node < world.nodes(); ++node) {
    if (!writes_words(moment.before, node)) return nullptr;
  }
  const auto server =
      simulator::server_after(step, world.server(moment.before.node(world.node(step.node)).server).product);
  if (!server) return nullptr;
  const simulator::ServerId id = world.server_id(*server);
  return world.capabilities(id).writes_types_as_words ? nullptr : &world.server(id);
}

// The entries that a step behind this one registers again: by then a server writes them that can read them.
std::unordered_set<EntryId> registered_again(const Moment& moment) {
  std::unordered_set<EntryId> entries;
  for (std::size_t position = moment.position + 1; position < moment.facts.steps(); ++position) {
    const auto* step = std::get_if<simulator::Register>(&moment.facts.step_at(position).step.action);
    const auto type = step == nullptr ? std::nullopt : simulator::parse_plugin_type(step->type.view());
    if (!type) continue;
    const PluginId plugin = moment.world().plugin(*type, step->name);
    entries.insert(moment.world().entry(
        plugin, step->version ? moment.world().version(*step->version).canonical : simulator::Text{}));
  }
  return entries;
}

struct Unreadable {
  std::unordered_set<EntryId> ids;
  std::vector<std::string> entries;
  std::vector<std::string> pins;
  std::vector<std::string> users;
};

Unreadable unreadable(const Moment& moment) {
  const World& world = moment.world();
  Unreadable found;
  const auto again = registered_again(moment);
  for (EntryId id = 0; id < world.entries(); ++id) {
    const simulator::StoredEntry& entry = moment.before.entry(id);
    if (entry.record == 0 || entry.type_as_word == 0 || again.contains(id)) continue;
    found.ids.insert(id);
    found.entries.push_back(shown(world.entry_label(id)));
  }
  for (PluginId plugin = 0; plugin < world.plugins(); ++plugin) {
    if (moment.before.pin(plugin) != 0) found.pins.push_back(shown(world.plugin_label(plugin)));
  }
  return found;
}

// The mounts and connections whose configured version is such an entry. Pins are not in force on the new server.
void find_users(const Moment& moment, Unreadable& found) {
  const World& world = moment.world();
  const auto note = [&](PluginId plugin, simulator::Text version, simulator::Text name) {
    if (plugin != simulator::no_plugin && found.ids.contains(world.entry(plugin, version)))
      found.users.push_back(shown(name));
  };
  for (const simulator::MountId mount : simulator::mounts_by_path(moment.before)) {
    const simulator::StoredMount& stored = moment.before.stored(mount);
    note(stored.plugin, world.text(stored.version), world.mount(mount).path);
  }
  for (const simulator::ConnectionId id : simulator::connections_by_label(moment.before)) {
    const simulator::StoredConnection& stored = moment.before.connection(id);
    note(world.plugin(simulator::PluginType::database, world.text(stored.plugin)), world.text(stored.version),
         world.connection(id).label);
  }
}

std::string message(const Unreadable& found, const simulator::Server& server) {
  std::vector<std::string> parts;
  if (!found.entries.empty())
    parts.push_back(
        fmt::format("the catalog entr{} {}", found.entries.size() == 1 ? "y" : "ies", listed(found.entries)));
  if (!found.pins.empty())
    parts.push_back(fmt::format("the pin{} of {}", found.pins.size() == 1 ? "" : "s", listed(found.pins)));
  std::string text = fmt::format("{} cannot read {}: Vault 1.16 and later write the plugin type as a word.",
                                 to_string(server), listed(parts));
  if (!found.users.empty()) {
    text += fmt::format(" Once a node with this server is active, {} {} no backend.", listed(found.users),
                        found.users.size() == 1 ? "has" : "have");
  } else {
    text += " There the catalog can no longer be listed, and nothing can be enabled without a version.";
  }
  return text;
}

void check(const Moment& moment, Report& report) {
  const auto* step = moment.as<simulator::UpgradeServer>();
  const simulator::Server* server = step == nullptr ? nullptr : first_that_cannot_read(moment, *step);
  if (server == nullptr) return;
  Unreadable found = unreadable(moment);
  if (found.entries.empty() && found.pins.empty()) return;
  find_users(moment, found);
  std::string help;
  if (!found.pins.empty()) help += "Unpin before this step: no API of the new server removes a pin. ";
  if (!found.entries.empty()) {
    help += "Register the same again as soon as a node with the new server is active";
    help += found.users.empty() ? ". " : ", then reload; until then these mounts are down. ";
    help += "Entries that were registered before Vault 1.16 and never since can be read.";
  }
  while (help.ends_with(' ')) help.pop_back();
  Finding& finding = report.finding(moment.plan.where(moment.planned, "version"), message(found, *server), help);
  if (found.users.empty()) finding.severity = std::min(finding.severity, Severity::warning);
  finding.subject = to_string(*server);
  finding.step = moment.forecast.step;
}

}  // namespace

extern const Rule unreadable_entries;
constinit const Rule unreadable_entries = {
    .id = "unreadable-entries",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "server",
    .summary = "A node gets a server that cannot read the catalog entries or pins of the cluster",
    .why =
        "Vault 1.16 and later store the type of a plugin as a word, older releases and OpenBao as a number, and read "
        "nothing else. A store that "
        "comes from the newer Vault unseals there, but a mount on such an entry has no backend, and the list of the "
        "catalog fails as a whole.",
    .url = "https://openbao.org/docs/migration-guide",
    .check = StepCheck{check},
    .incident = "https://github.com/openbao/openbao/issues/257",
};

}  // namespace replug::rules
