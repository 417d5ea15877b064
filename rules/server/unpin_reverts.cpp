#include <algorithm>

#include <fmt/format.h>

#include "rules/judging/moment.h"
#include "rules/judging/rule.h"
#include "simulator/medium/version.h"
#include "simulator/run/view.h"
#include "simulator/vault/catalog.h"

namespace replug::rules {

namespace {

using simulator::Change;
using simulator::Lookup;
using simulator::PluginId;
using simulator::Text;

// Mounts and connections by what their next load finds without the pin.
struct Left {
  std::vector<std::string> older;    ///< `v1.0.0 for my-secret/`
  std::vector<std::string> nothing;  ///< `database/my-db`
};

// The plan itself sees to it: it configures another version, or pins one again, before anything loads the mount.
bool is_seen_to(const Moment& moment, Change::What what, Text subject, Text label) {
  const ChangeAt* loaded = moment.facts.timeline().next_change(
      what, subject, simulator::CellField::running_plugin_version, moment.position + 1);
  const std::size_t until = loaded == nullptr ? moment.facts.steps() : loaded->position;
  const ChangeAt* configured =
      moment.facts.timeline().next_change(what, subject, simulator::CellField::plugin_version, moment.position + 1);
  const ChangeAt* pinned =
      moment.facts.timeline().next_change(Change::What::pin, label, simulator::CellField::version, moment.position + 1);
  return (configured != nullptr && configured->position <= until) || (pinned != nullptr && pinned->position <= until);
}

class Looker {
 public:
  Looker(const Moment& moment, PluginId plugin, Text pin, simulator::NodeId active)
      : moment_(moment), world_(moment.world()), plugin_(plugin), pin_(pin), active_(active) {}

  Left look() {
    for (const simulator::MountId mount : world_.mounts_of_plugin(world_.plugin(plugin_).name)) {
      const simulator::StoredMount& stored = moment_.before.stored(mount);
      if (stored.exists == 0 || stored.plugin != plugin_) continue;
      look_at({Change::What::mount, world_.mount(mount).path, mount}, world_.text(stored.version));
    }
    if (world_.plugin(plugin_).type != simulator::PluginType::database) return std::move(left_);
    for (const simulator::MountId engine : world_.database_mounts()) {
      for (const simulator::ConnectionId id : world_.mount(engine).connections) {
        const simulator::StoredConnection& stored = moment_.before.connection(id);
        if (stored.exists == 0 || world_.text(stored.plugin) != world_.plugin(plugin_).name) continue;
        look_at({Change::What::database, world_.connection(id).label, moment_.before.user_of(id)},
                world_.text(stored.version));
      }
    }
    return std::move(left_);
  }

 private:
  struct User {
    Change::What what;
    Text subject;
    simulator::UserId id;
  };

  void look_at(const User& user, Text configured) {
    // What does not run the pinned version does not go back from it; a newer version that the pin held back is an
    // upgrade.
    const bool runs_it = world_.text(moment_.before.object(active_, user.id).captured) == pin_;
    if (!runs_it || configured == pin_ || simulator::is_newer(configured.view(), pin_.view())) return;
    if (moment_.facts.is_expected(user.subject, configured) ||
        is_seen_to(moment_, user.what, user.subject, world_.plugin_label(plugin_)))
      return;
    if (simulator::lookup(moment_.before, active_, plugin_, configured).found == Lookup::Found::nothing) {
      left_.nothing.push_back(shown(user.subject));
    } else {
      left_.older.push_back(fmt::format("{} for {}", configured.empty() ? "the unversioned plugin" : shown(configured),
                                        shown(user.subject)));
    }
  }

  const Moment& moment_;
  const simulator::World& world_;
  PluginId plugin_;
  Text pin_;
  simulator::NodeId active_;
  Left left_;
};

struct Telling {
  Severity severity;
  std::string message;
  std::string help;
};

void tell(const Moment& moment, PluginId plugin, Telling telling, Report& report) {
  Finding& finding =
      report.finding(moment.plan.where(moment.planned), std::move(telling.message), std::move(telling.help));
  finding.severity = std::min(finding.severity, telling.severity);
  finding.subject = fmt::format("{} {}", moment.world().plugin_label(plugin).view(), to_string(telling.severity));
  finding.step = moment.forecast.step;
}

void check(const Moment& moment, Report& report) {
  const auto* step = moment.as<simulator::Unpin>();
  const auto type = step == nullptr ? std::nullopt : simulator::parse_plugin_type(step->type.view());
  if (!type || !moment.forecast.reply.ok()) return;
  const PluginId plugin = moment.world().plugin(*type, step->name);
  const simulator::NodeId active = simulator::active_node(moment.before);
  if (plugin == simulator::no_plugin || active == simulator::no_node || moment.before.pin(plugin) == 0) return;
  const Text pin = moment.world().entry(moment.before.pin(plugin) - 1).version;
  const Left left = Looker(moment, plugin, pin, active).look();
  if (!left.older.empty()) {
    tell(moment, plugin,
         {Severity::warning,
          fmt::format(
              "When the pin to {} is gone, the next load (a reload, an unseal, a failover) starts the configured "
              "version again: {}.",
              shown(pin), listed(left.older)),
          fmt::format("Configure {} right behind this step, before anything loads them: while the pin is there that is "
                      "refused. If going back is what you want, say so with an expectation.",
                      shown(pin))},
         report);
  }
  if (left.nothing.empty()) return;
  tell(moment, plugin,
       {Severity::error,
        fmt::format("When the pin to {} is gone, the next load of {} finds nothing: {} configured to an entry that the "
                    "catalog does not have.",
                    shown(pin), listed(left.nothing), left.nothing.size() == 1 ? "it is" : "they are"),
        fmt::format("Configure {} right behind this step, before anything loads them; while the pin is there that is "
                    "refused.",
                    shown(pin))},
       report);
}

}  // namespace

extern const Rule unpin_reverts;
constinit const Rule unpin_reverts = {
    .id = "unpin-reverts",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "server",
    .summary = "Removing a pin lets mounts fall back to what they were configured to before",
    .why =
        "A pin beats the configured version of a mount without touching it. When the pin goes nothing happens at "
        "first; the next load, "
        "perhaps a failover weeks later, starts the version that was configured before the pin, or finds none: a "
        "connection that was written "
        "under a pin has no version, and needs an unversioned entry.",
    .url = "https://developer.hashicorp.com/vault/api-docs/system/plugins-pins",
    .check = StepCheck{check},
};

}  // namespace replug::rules
