#include <array>
#include <set>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/judging/rule.h"
#include "simulator/steps/kinds.h"
#include "simulator/steps/subjects.h"

namespace replug::rules {

namespace {

using simulator::Change;
using simulator::PluginType;
using simulator::Text;

// The versions of plugins that something of the plan is configured to, runs, is pinned to or is expected to have.
class Uses {
 public:
  explicit Uses(const PlayedPlan& played) : world_(played.world()), timeline_(played.facts.timeline()) {
    for (const simulator::MountDescription& mount : played.plan.cluster.mounts)
      use(Change::What::mount, mount.path, mount.plugin_version, 0);
    for (const auto& each : played.plan.cluster.connections) {
      const simulator::MountId mount = world_.mount(each.mount);
      const auto id =
          mount == simulator::no_mount ? simulator::no_connection : world_.connection(mount, each.connection);
      if (id != simulator::no_connection)
        use(Change::What::database, world_.connection(id).label, each.plugin_version, 0);
    }
    for (std::size_t position = 0; position < played.forecast.steps.size(); ++position) {
      for (const Change& change : played.forecast.steps[position].changes) take(change, position);
    }
    for (const planner::PlannedStep& planned : played.plan.steps) take(planned.step);
    for (const planner::PlannedStep& planned : played.plan.rollback) take(planned.step);
    take(played.plan.expect);
  }

  [[nodiscard]] bool have(PluginType type, Text name, Text version) const {
    return used_.contains({static_cast<std::uint32_t>(type), name.id(), version.id()});
  }

 private:
  void use(Change::What what, Text subject, Text version, std::size_t position) {
    const MountedPlugin plugin = timeline_.plugin(what, subject, position);
    use(plugin.type, plugin.name, version);
  }
  void use(PluginType type, Text name, Text version) {
    used_.insert({static_cast<std::uint32_t>(type), name.id(), version.id()});
  }

  // What is mounted without a version uses the unversioned entry.
  void take(const Change& change, std::size_t position) {
    using simulator::CellField;
    if (change.what != Change::What::mount && change.what != Change::What::database) return;
    if (change.field == CellField::type || change.field == CellField::plugin_name)
      use(change.what, change.subject, {}, position + 1);
    if (change.field == CellField::plugin_version || change.field == CellField::actual_version)
      use(change.what, change.subject, change.to, position + 1);
  }

  void take(const simulator::Step& step) {
    std::visit([&](const auto& action) { take(action); }, step.action);
    take(simulator::listed_expectations(step.action));
    take(step.expect);
  }

  // A pin, and what a step takes away again, is a use; so is a step that is meant to be refused.
  template <simulator::AnyOf<simulator::Pin, simulator::Deregister> Kind>
  void take(const Kind& step) {
    const auto type = simulator::parse_plugin_type(step.type.view());
    if (type) use(*type, step.name, step.version ? world_.version(*step.version).canonical : Text{});
  }
  // What these use is seen from what they changed.
  template <simulator::AnyOf<
      simulator::Install, simulator::Uninstall, simulator::Register, simulator::Enable, simulator::Tune,
      simulator::Disable, simulator::Move, simulator::Reload, simulator::Unpin, simulator::ConfigureDatabase,
      simulator::ResetDatabase, simulator::RotateRoot, simulator::RevokeLeases, simulator::ReloadDatabase,
      simulator::Request, simulator::Crash, simulator::Restart, simulator::Seal, simulator::Unseal, simulator::StepDown,
      simulator::UpgradeServer, simulator::Backup, simulator::Restore, simulator::Check, simulator::Confirm>
                Kind>
  void take(const Kind& /*step*/) {}

  void take(std::span<const simulator::Expectation> expectations) {
    for (const simulator::Expectation& each : expectations) {
      const auto type = simulator::parse_plugin_type(each.type.view());
      if (each.subject != simulator::Expectation::Subject::plugin || !type) continue;
      const Text canonical = world_.version(each.version).canonical;
      use(*type, each.name, canonical.empty() ? each.version : canonical);
    }
  }

  const simulator::World& world_;
  const Timeline& timeline_;
  std::set<std::array<std::uint32_t, 3>> used_;  // type, name, version
};

void check(const PlayedPlan& played, Report& report) {
  const Uses uses(played);
  for (const simulator::StepForecast& step : played.forecast.steps) {
    const planner::PlannedStep& planned = played.plan.steps[step.step];
    const auto* registration = std::get_if<simulator::Register>(&planned.step.action);
    const auto type = registration == nullptr ? std::nullopt : simulator::parse_plugin_type(registration->type.view());
    if (!type || !step.reply.ok() || planned.step.fails) continue;
    for (const Change& change : step.changes) {
      if (change.what != Change::What::catalog || change.field != simulator::CellField::registered) continue;
      // The label is the plugin's, with the version behind it that the entry was stored under.
      const std::string_view plugin =
          played.world().plugin_label(played.world().plugin(*type, registration->name)).view();
      const std::string_view label = change.subject.view();
      const Text version = played.plan.texts->find(label.size() > plugin.size() ? label.substr(plugin.size() + 1) : "");
      if (uses.have(*type, registration->name, version)) continue;
      Finding& finding = report.finding(
          played.plan.where(planned, registration->version ? "version" : "name"),
          fmt::format("{} is registered here, and nothing in the plan uses it.", shown(change.subject)),
          "Tune, enable or configure something to it. If it is only prepared here, say so with an expectation: "
          "`{plugin: …, registered: true}`.");
      finding.subject = change.subject.str();
      finding.step = step.step;
    }
  }
}

}  // namespace

extern const Rule registered_unused;
constinit const Rule registered_unused = {
    .id = "registered-unused",
    .severity = Severity::note,
    .profile = Profile::all,
    .family = "plan",
    .summary = "A version is registered that nothing in the plan uses",
    .why =
        "Registering a version changes nothing that runs: no mount takes it by itself, except one that is enabled "
        "later without "
        "a version. A plan that registers and stops there has often forgotten the tune.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = ForecastCheck{check},
};

}  // namespace replug::rules
