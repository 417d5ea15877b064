#include <fmt/format.h>

#include "rules/evidence/described.h"
#include "rules/judging/moment.h"
#include "rules/judging/rule.h"
#include "simulator/run/view.h"

namespace replug::rules {

namespace {

using simulator::Change;
using simulator::Text;

// Mounts and connections whose next start would take what the entry has then. Looking stops after a number that nobody
// reads any more.
std::vector<std::string> users_of(const simulator::Cluster& cluster, simulator::EntryId entry) {
  constexpr std::size_t enough = 1000;
  const simulator::World& world = cluster.world();
  const simulator::CatalogKey& key = world.entry(entry);
  std::vector<std::string> users;
  const auto uses = [&](simulator::NodeId node, simulator::UserId user) {
    const simulator::Object& object = cluster.object(node, user);
    return object.record != 0 && world.record(object.record).entry == entry;
  };
  for (simulator::NodeId node = 0; node < world.nodes(); ++node) {
    if (!simulator::runs_plugins(cluster, node)) continue;
    const std::string on = fmt::format(" on {}", shown(world.node_name(node)));
    for (const simulator::MountId mount : world.mounts_of_plugin(world.plugin(key.plugin).name)) {
      if (users.size() < enough && uses(node, mount)) users.push_back(shown(world.mount(mount).path) + on);
    }
    for (const simulator::MountId mount : world.database_mounts()) {
      for (const simulator::ConnectionId connection : world.mount(mount).connections) {
        if (users.size() < enough && uses(node, cluster.user_of(connection)))
          users.push_back(shown(world.connection(connection).label) + on);
      }
    }
  }
  return users;
}

struct Overwrite {
  Text label;
  std::vector<const Change*> changes;
};

// A register step that wrote over an entry: it changed its contents and did not make it.
Overwrite overwrite_in(const simulator::StepForecast& step) {
  Overwrite overwrite;
  bool only_drops = true;
  for (const Change& change : step.changes) {
    if (change.what != Change::What::catalog) continue;
    if (change.field == simulator::CellField::registered) return {};
    overwrite.label = change.subject;
    overwrite.changes.push_back(&change);
    only_drops = only_drops &&
                 (change.field == simulator::CellField::args || change.field == simulator::CellField::env) &&
                 change.to.view().empty();
  }
  if (only_drops) return {};  // register-drops-settings tells it
  return overwrite;
}

std::string contents_words(const Overwrite& overwrite) {
  std::vector<std::string> parts;
  for (const Change* change : overwrite.changes) {
    if (change->field == simulator::CellField::sha256) {
      parts.push_back(fmt::format("sha256 {} becomes {}", short_sha(change->from), short_sha(change->to)));
    } else if (change->field == simulator::CellField::command) {
      parts.push_back(fmt::format("command {} becomes {}", shown(change->from), shown(change->to)));
    } else {
      parts.push_back(fmt::format("its {} change", to_string(change->field)));
    }
  }
  return listed(parts);
}

simulator::EntryId entry_of(const Moment& moment, const simulator::Register& step, Text label) {
  const auto type = simulator::parse_plugin_type(step.type.view());
  const simulator::PluginId plugin = type ? moment.world().plugin(*type, step.name) : simulator::no_plugin;
  if (plugin == simulator::no_plugin) return simulator::no_entry;
  const simulator::World& world = moment.world();
  const Text version = step.version ? world.version(*step.version).canonical : Text{};
  for (const simulator::EntryId entry : {world.plugin(plugin).unversioned, world.entry(plugin, version)}) {
    if (entry != simulator::no_entry && world.entry_label(entry) == label) return entry;
  }
  return simulator::no_entry;
}

void relate_first_registration(const Moment& moment, const simulator::CatalogKey& key, Text label, Finding& finding) {
  if (const ChangeAt* before = moment.facts.timeline().last_change(Change::What::catalog, label,
                                                                   simulator::CellField::sha256, moment.position)) {
    finding.related.push_back({"registered here before", moment.plan.where(moment.facts.step_at(before->position))});
    return;
  }
  const simulator::Plugin& plugin = moment.world().plugin(key.plugin);
  if (const auto place = described_entry(moment.plan, to_string(plugin.type), plugin.name.view(), key.version.view())) {
    finding.related.push_back({"in the catalog of the cluster", *place});
  }
}

void check(const Moment& moment, Report& report) {
  const auto* step = moment.as<simulator::Register>();
  if (step == nullptr || !moment.forecast.reply.ok()) return;
  const simulator::NodeId active = simulator::active_node(moment.before);
  // Before 1.12 an entry has no version, and to write over it is the documented way.
  if (active == simulator::no_node ||
      !moment.world().capabilities(moment.before.node(active).server).has_plugin_versions)
    return;
  const Overwrite overwrite = overwrite_in(moment.forecast);
  if (overwrite.changes.empty()) return;
  const simulator::EntryId entry = entry_of(moment, *step, overwrite.label);
  if (entry == simulator::no_entry) return;
  const std::vector<std::string> users = users_of(moment.before, entry);
  const std::string who =
      users.empty() ? "Nothing runs from it now, but whoever relied on it gets other code"
                    : fmt::format(
                          "It is in use by {}: each runs the new contents from its next start on (a reload, an "
                          "unseal, a failover or a crash), one by one and without a word",
                          listed(users));
  Finding& finding = report.finding(moment.plan.where(moment.planned, step->version ? "version" : "name"),
                                    fmt::format("This overwrites the catalog entry {}: {}. {}.", shown(overwrite.label),
                                                contents_words(overwrite), who),
                                    "Register the new binary under a version of its own, then tune the mounts to it "
                                    "and reload: each of them changes when you say so, and the "
                                    "old version stays for a way back.");
  finding.subject = overwrite.label.str();
  finding.step = moment.forecast.step;
  relate_first_registration(moment, moment.world().entry(entry), overwrite.label, finding);
}

}  // namespace

extern const Rule immutable_version;
constinit const Rule immutable_version = {
    .id = "immutable-version",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "catalog",
    .summary = "A registered version is overwritten with other contents",
    .why =
        "Every mount and connection that uses the version starts the new contents at its next start, whether that was "
        "meant or not, and "
        "Vault goes on reporting the old sha256 after a crash. Vault's documentation recommends to treat versions in "
        "the catalog as "
        "immutable, like tags in version control.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = StepCheck{check},
};

}  // namespace replug::rules
