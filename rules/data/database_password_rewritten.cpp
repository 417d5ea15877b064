#include <algorithm>

#include <fmt/format.h>

#include "rules/evidence/edits.h"
#include "rules/judging/moment.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

using simulator::Change;

// Whether the connection was there before the plan: its root password may have been rotated since it was configured.
bool is_older_than_plan(const Moment& moment, simulator::ConnectionId id) {
  if (moment.before.connection(id).exists == 0) return false;
  const simulator::Text label = moment.world().connection(id).label;
  const auto plugins =
      moment.facts.timeline().history(Change::What::database, label, simulator::CellField::plugin_name);
  const auto made = std::ranges::find_if(plugins, [](const ChangeAt& each) { return each.change->from.absent(); });
  return made == plugins.end() || made->position >= moment.position;
}

void check(const Moment& moment, Report& report) {
  const auto* step = moment.as<simulator::ConfigureDatabase>();
  // Where neither plugin nor version is given the password is what the step is for.
  if (step == nullptr || !moment.forecast.reply.ok() || (!step->plugin_name && !step->plugin_version)) return;
  const bool has_password = std::ranges::any_of(
      step->other, [](const auto& field) { return field.key.view() == "password" && !field.value.empty(); });
  if (!has_password) return;
  const simulator::World& world = moment.world();
  const simulator::MountId mount = world.mount(world.full_path(moment.planned.step.name_space, step->mount));
  const auto id = mount == simulator::no_mount ? simulator::no_connection : world.connection(mount, step->connection);
  if (id == simulator::no_connection || !is_older_than_plan(moment, id)) return;
  const auto* entry = moment.planned.action_value->find("password");
  Finding& finding = report.finding(
      entry == nullptr ? moment.plan.where(moment.planned) : moment.plan.place(*entry->key),
      fmt::format(
          "This writes the password of {} again. If it was rotated since it was configured, only Vault knows the "
          "present one, and with the old one the connection is locked out.",
          shown(world.connection(id).label)),
      "Leave `password` out: what is not given is kept.");
  finding.subject = world.connection(id).label.str();
  finding.step = moment.forecast.step;
  if (auto edit = without_field(moment.plan, moment.planned, "password")) {
    finding.fix = Fix{"Keep the stored password", false, {*edit}};
  }
}

}  // namespace

extern const Rule database_password_rewritten;
constinit const Rule database_password_rewritten = {
    .id = "database-password-rewritten",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "data",
    .summary = "A new plugin version is configured together with a password that may be stale",
    .why =
        "After `rotate-root` the password of a connection is known to Vault alone. Writing the configuration with the "
        "one "
        "from before replaces it, and the database refuses the connection. To change the version nothing else has to "
        "be given: omitted fields are kept.",
    .url = "https://developer.hashicorp.com/vault/api-docs/secret/databases",
    .check = StepCheck{check},
    .incident = "https://github.com/redhat-cop/vault-config-operator/issues/131",
};

}  // namespace replug::rules
