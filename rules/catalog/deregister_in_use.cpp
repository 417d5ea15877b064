#include <algorithm>

#include <fmt/format.h>

#include "rules/judging/moment.h"
#include "rules/judging/rule.h"
#include "simulator/run/view.h"
#include "simulator/vault/pins.h"

namespace replug::rules {

namespace {

using simulator::Change;
using simulator::Text;

// What the deregistered entry means to one mount or connection.
struct Use {
  Change::What what;
  Text label;
  bool configured = false;                 // the next load of it takes the entry
  std::vector<simulator::NodeId> running;  // where it runs now
};

class Finder {
 public:
  Finder(const Moment& moment, simulator::EntryId entry)
      : world_(moment.world()), cluster_(moment.before), entry_(entry), key_(world_.entry(entry)) {}

  std::vector<Use> find() const {
    std::vector<Use> uses;
    const simulator::Plugin& plugin = world_.plugin(key_.plugin);
    if (plugin.type != simulator::PluginType::database) {
      for (const simulator::MountId mount : world_.mounts_of_plugin(plugin.name)) add_mount(mount, uses);
      return uses;
    }
    for (const simulator::MountId mount : world_.database_mounts()) {
      for (const simulator::ConnectionId connection : world_.mount(mount).connections) add_connection(connection, uses);
    }
    return uses;
  }

 private:
  void add_mount(simulator::MountId mount, std::vector<Use>& uses) const {
    const simulator::StoredMount& stored = cluster_.stored(mount);
    if (stored.exists == 0 || stored.plugin != key_.plugin) return;
    add({Change::What::mount, world_.mount(mount).path, is_next(world_.text(stored.version)), running(mount)}, uses);
  }

  void add_connection(simulator::ConnectionId connection, std::vector<Use>& uses) const {
    const simulator::StoredConnection& stored = cluster_.connection(connection);
    if (stored.exists == 0 || world_.text(stored.plugin) != world_.plugin(key_.plugin).name) return;
    add({Change::What::database, world_.connection(connection).label, is_next(world_.text(stored.version)),
         running(cluster_.user_of(connection))},
        uses);
  }

  static void add(Use use, std::vector<Use>& uses) {
    if (use.configured || !use.running.empty()) uses.push_back(std::move(use));
  }

  [[nodiscard]] bool is_next(Text configured) const {
    const simulator::NodeId active = simulator::active_node(cluster_);
    const Text version = active == simulator::no_node
                             ? configured
                             : simulator::effective_version(cluster_, active, key_.plugin, configured);
    return version == key_.version;
  }

  [[nodiscard]] std::vector<simulator::NodeId> running(simulator::UserId user) const {
    std::vector<simulator::NodeId> nodes;
    for (simulator::NodeId node = 0; node < world_.nodes(); ++node) {
      const simulator::RecordId record =
          simulator::runs_plugins(cluster_, node) ? cluster_.object(node, user).record : 0;
      if (record != 0 && world_.record(record).entry == entry_) nodes.push_back(node);
    }
    return nodes;
  }

  const simulator::World& world_;
  const simulator::Cluster& cluster_;
  simulator::EntryId entry_;
  const simulator::CatalogKey& key_;
};

bool is_failure(simulator::Cause cause) {
  return cause == simulator::Cause::load_failed || cause == simulator::Cause::reload_failed ||
         cause == simulator::Cause::respawn_failed;
}

// How it goes on for a use after the step.
struct Later {
  std::optional<std::size_t> fails;   // a start fails at this position
  std::optional<std::size_t> leaves;  // it is another version's, or disabled, from here on
};

Later later(const Moment& moment, const Use& use, std::size_t end) {
  Later result;
  const bool is_mount = use.what == Change::What::mount;
  bool configured_away = !use.configured;
  for (const ChangeAt& one : moment.facts.timeline().history(use.what, use.label)) {
    if (one.position <= moment.position) continue;
    if (one.position >= end) break;
    const Change& change = *one.change;
    const bool stored = change.node == simulator::no_node;
    if (stored && (change.field == simulator::CellField::plugin_version ||
                   change.field == (is_mount ? simulator::CellField::type : simulator::CellField::plugin_name)))
      configured_away = true;
    if (stored && change.field == simulator::CellField::type && change.to.absent()) result.leaves = one.position;
    const bool here = std::ranges::find(use.running, change.node) != use.running.end();
    if (configured_away && change.field == simulator::CellField::actual_version && (here || use.running.empty()) &&
        !change.to.absent())
      result.leaves = one.position;
    if (is_failure(change.cause) && !result.leaves && !moment.facts.step_at(one.position).step.fails)
      result.fails = one.position;
    if (result.fails || result.leaves) return result;
  }
  if (configured_away && use.running.empty()) result.leaves = moment.position + 1;
  return result;
}

std::string where(const Moment& moment, const Use& use) {
  std::vector<std::string> names;
  for (const simulator::NodeId node : use.running) names.push_back(shown(moment.world().node_name(node)));
  return names.empty() ? shown(use.label) : fmt::format("{} on {}", shown(use.label), listed(names));
}

struct Judged {
  std::vector<std::string> broken, until;
  std::optional<std::size_t> fails, leaves;
};

Judged judged(const Moment& moment, std::span<const Use> uses, std::size_t end, bool comes_back) {
  Judged result;
  for (const Use& use : uses) {
    const Later then = later(moment, use, end);
    if (then.fails) result.fails = result.fails ? std::min(*result.fails, *then.fails) : *then.fails;
    if (then.leaves && !then.fails) {
      if (use.running.empty()) continue;
      result.until.push_back(where(moment, use));
      result.leaves = std::max(result.leaves.value_or(0), *then.leaves);
    } else if (then.fails || (!comes_back && use.configured)) {
      result.broken.push_back(shown(use.label));
    } else if (!comes_back) {
      result.until.push_back(where(moment, use));
    }
  }
  return result;
}

void tell(const Moment& moment, const Judged& uses, const std::string& label, Report& report) {
  std::string message;
  if (!uses.broken.empty()) {
    message = fmt::format(
        "{} {} configured to {}, which this removes; Vault does not check that. A process that runs goes on, but it "
        "cannot be started "
        "again: {}.",
        listed(uses.broken), uses.broken.size() == 1 ? "is" : "are", label,
        uses.fails
            ? fmt::format("at {} it has to be, and requests fail", moment.facts.step_at(*uses.fails).step.id.view())
            : "after the next reload, unseal, failover or crash requests fail");
  } else {
    const std::string which = fmt::format("{} still {} {}, which this removes", listed(uses.until),
                                          uses.until.size() == 1 ? "runs" : "run", label);
    message = uses.leaves ? fmt::format(
                                "{}, until {}: if its process dies before, or the load of the other version fails, "
                                "nothing can be started in its "
                                "place.",
                                which, moment.facts.step_at(*uses.leaves).step.id.view())
                          : fmt::format("{}: if its process dies there, it cannot be started again.", which);
  }
  Finding& finding = report.finding(moment.plan.where(moment.planned), message,
                                    "Deregister a version last: after everything that used it was tuned to another one "
                                    "and reloaded, on every node that runs plugins.");
  if (uses.broken.empty()) finding.severity = std::min(finding.severity, Severity::warning);
  finding.subject = label;
  finding.step = moment.forecast.step;
  if (uses.fails) finding.story = {moment.planned.step.id.str(), moment.facts.step_at(*uses.fails).step.id.str()};
}

void check(const Moment& moment, Report& report) {
  const auto* step = moment.as<simulator::Deregister>();
  if (step == nullptr || !moment.forecast.reply.ok() || moment.forecast.changes.empty()) return;
  const Text label = moment.forecast.changes.front().subject;
  const auto type = simulator::parse_plugin_type(step->type.view());
  const simulator::World& world = moment.world();
  const simulator::PluginId plugin = type ? world.plugin(*type, step->name) : simulator::no_plugin;
  if (plugin == simulator::no_plugin) return;
  const Text version = step->version && !step->version->empty() ? world.version(*step->version).canonical : Text{};
  const simulator::EntryId entry = world.entry(plugin, version);
  if (entry == simulator::no_entry || world.entry_label(entry) != label) return;
  const simulator::NodeId active = simulator::active_node(moment.before);
  const bool builtin = active != simulator::no_node && world.is_builtin(moment.before.node(active).server, plugin);
  if (version.empty() && builtin) return;  // the mounts go back to the built-in
  const ChangeAt* again = moment.facts.timeline().next_change(Change::What::catalog, label,
                                                              simulator::CellField::registered, moment.position + 1);
  const Judged uses = judged(moment, Finder(moment, entry).find(),
                             again == nullptr ? moment.facts.steps() : again->position, again != nullptr);
  if (!uses.broken.empty() || !uses.until.empty()) tell(moment, uses, shown(label), report);
}

}  // namespace

extern const Rule deregister_in_use;
constinit const Rule deregister_in_use = {
    .id = "deregister-in-use",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "catalog",
    .summary = "A catalog entry is deregistered while a mount or connection still uses it",
    .why =
        "Vault removes an entry without looking whether it is used. What runs goes on running, so everything seems "
        "fine until the process has "
        "to be started again: then the plugin is not found in the catalog. It also takes away what a failed reload "
        "would fall back to.",
    .url = "https://developer.hashicorp.com/vault/api-docs/system/plugins-catalog",
    .check = StepCheck{check},
    .incident = "https://github.com/hashicorp/vault/issues/3266",
};

}  // namespace replug::rules
