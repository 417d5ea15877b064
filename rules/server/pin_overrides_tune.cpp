#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/evidence/described.h"
#include "rules/judging/rule.h"
#include "simulator/medium/version.h"
#include "simulator/run/view.h"
#include "simulator/steps/kinds.h"
#include "simulator/steps/subjects.h"
#include "simulator/vault/pins.h"

namespace replug::rules {

namespace {

using planner::PlannedStep;
using simulator::Change;
using simulator::MountId;
using simulator::PluginId;
using simulator::Text;

// A version that was registered while a pin to another one was in force, and stays so.
struct Waiting {
  std::size_t position;
  Text version;
};

class Judge {
 public:
  Judge(const PlayedPlan& played, Report& report)
      : played_(played), world_(played.world()), report_(report), state_(played.forecast.last), last_(world_, state_) {
    active_ = simulator::active_node(last_);
  }

  void judge() {
    if (active_ == simulator::no_node) return;
    for (std::size_t position = 0; position < played_.forecast.steps.size(); ++position) {
      const PlannedStep& planned = played_.facts.step_at(position);
      if (!played_.forecast.steps[position].reply.ok() || planned.step.fails) continue;
      note_registration(position, planned);
      judge_tune(position, planned);
      for (const PluginId plugin : loaded_by(planned)) judge_load(position, planned, plugin);
    }
  }

 private:
  void note_registration(std::size_t position, const PlannedStep& planned) {
    const auto* step = std::get_if<simulator::Register>(&planned.step.action);
    const auto type = step == nullptr ? std::nullopt : simulator::parse_plugin_type(step->type.view());
    if (!type || !step->version) return;
    const PluginId plugin = world_.plugin(*type, step->name);
    const auto pin = simulator::pinned_version(last_, active_, plugin);
    const Text version = world_.version(*step->version).canonical;
    if (!pin || !simulator::is_newer(version.view(), pin->view())) return;
    // The pin of the end was there already.
    if (played_.facts.timeline().next_change(Change::What::pin, world_.plugin_label(plugin),
                                             simulator::CellField::version, position) != nullptr)
      return;
    waiting_[plugin] = {position, version};
  }

  // A newer version that a tune configures and the end leaves configured, though a pin that came later beats it. One
  // that ran in between was taken back by the pin on purpose.
  void judge_tune(std::size_t position, const PlannedStep& planned) {
    const auto* step = std::get_if<simulator::Tune>(&planned.step.action);
    if (step == nullptr) return;
    for (const Text path : step->path) {
      const MountId mount = world_.mount(world_.full_path(planned.step.name_space, path));
      if (mount == simulator::no_mount || last_.stored(mount).exists == 0) continue;
      const simulator::StoredMount& stored = last_.stored(mount);
      const auto pin = simulator::pinned_version(last_, active_, stored.plugin);
      const Text configured = world_.text(stored.version);
      if (!pin || !simulator::is_newer(configured.view(), pin->view()) || ran_since(position, mount, configured))
        continue;
      tell_of_tune(position, planned, mount, *pin);
    }
  }

  // Whether the mount ran that version at the step or later, or was configured to something else later.
  [[nodiscard]] bool ran_since(std::size_t position, MountId mount, Text version) const {
    using simulator::CellField;
    const Timeline& timeline = played_.facts.timeline();
    const Text path = world_.mount(mount).path;
    if (timeline.next_change(Change::What::mount, path, CellField::plugin_version, position + 1) != nullptr)
      return true;
    const auto ran = timeline.history(Change::What::mount, path, CellField::actual_version);
    const auto since = std::ranges::lower_bound(ran, position, {}, &ChangeAt::position);
    return std::any_of(since, ran.end(), [version](const ChangeAt& each) { return each.change->to == version; });
  }

  void tell_of_tune(std::size_t position, const PlannedStep& planned, MountId mount, Text pin) {
    const Text path = world_.mount(mount).path;
    const PluginId plugin = last_.stored(mount).plugin;
    const Text configured = world_.text(last_.stored(mount).version);
    Finding& finding = report_.finding(
        played_.plan.where(planned, "plugin_version"),
        fmt::format("{} is tuned to {} here, and never runs it: {} is pinned to {} afterwards, and a pin beats the "
                    "configured version at every load.",
                    shown(path), shown(configured), shown(world_.plugin_label(plugin)), shown(pin)),
        fmt::format("Pin {} instead, or leave the pin out.", shown(configured)));
    finding.subject = path.str();
    finding.step = played_.forecast.steps[position].step;
    relate_pin(plugin, finding);
  }

  // The plugins that a step loads anew.
  [[nodiscard]] std::vector<PluginId> loaded_by(const PlannedStep& planned) const {
    std::vector<PluginId> plugins;
    if (!loads(planned.step.action)) return plugins;
    for (const Text name : simulator::named(planned.step.action, simulator::Meaning::plugin)) {
      for (const auto type :
           {simulator::PluginType::auth, simulator::PluginType::database, simulator::PluginType::secret}) {
        plugins.push_back(world_.plugin(type, name));
      }
    }
    const auto* reload = std::get_if<simulator::Reload>(&planned.step.action);
    if (reload == nullptr || !reload->mounts) return plugins;
    for (const Text path : *reload->mounts) {
      const MountId mount = world_.mount(world_.full_path(planned.step.name_space, path));
      if (mount != simulator::no_mount && last_.stored(mount).exists != 0)
        plugins.push_back(last_.stored(mount).plugin);
    }
    return plugins;
  }

  // Whether a step loads the plugins that it names, where they ran before.
  [[nodiscard]] static bool loads(const simulator::Action& action) {
    return simulator::is_one_of<
        simulator::Kinds<simulator::Reload, simulator::ReloadDatabase, simulator::ConfigureDatabase>,
        simulator::Kinds<simulator::Install, simulator::Uninstall, simulator::Register, simulator::Deregister,
                         simulator::Enable, simulator::Tune, simulator::Disable, simulator::Move, simulator::Pin,
                         simulator::Unpin, simulator::ResetDatabase, simulator::RotateRoot, simulator::RevokeLeases,
                         simulator::Request, simulator::Crash, simulator::Restart, simulator::Seal, simulator::Unseal,
                         simulator::StepDown, simulator::UpgradeServer, simulator::Backup, simulator::Restore,
                         simulator::Check, simulator::Confirm>>(action);
  }

  void judge_load(std::size_t position, const PlannedStep& planned, PluginId plugin) {
    const auto found = waiting_.find(plugin);
    if (found == waiting_.end()) return;
    const Waiting waiting = found->second;
    waiting_.erase(found);
    const Text pin = *simulator::pinned_version(last_, active_, plugin);
    Finding& finding = report_.finding(
        played_.plan.where(planned),
        fmt::format("This loads {} again, not {}: {} is pinned, and a pin beats every configured version.", shown(pin),
                    shown(waiting.version), shown(world_.plugin_label(plugin))),
        fmt::format("Move the pin to {} before this step: `- pin: {{type: {}, name: {}, version: {}}}`.",
                    shown(waiting.version), to_string(world_.plugin(plugin).type), shown(world_.plugin(plugin).name),
                    shown(waiting.version)));
    finding.subject = fmt::format("{} {}", world_.plugin_label(plugin).view(), waiting.version.view());
    finding.step = played_.forecast.steps[position].step;
    finding.related.push_back({fmt::format("{} is registered here", shown(waiting.version)),
                               played_.plan.where(played_.facts.step_at(waiting.position))});
    relate_pin(plugin, finding);
  }

  void relate_pin(PluginId plugin, Finding& finding) {
    const Text label = world_.plugin_label(plugin);
    if (const ChangeAt* pin = played_.facts.timeline().last_change(
            Change::What::pin, label, simulator::CellField::version, played_.facts.steps())) {
      finding.related.push_back({"pinned here", played_.plan.where(played_.facts.step_at(pin->position))});
    } else if (const auto place = described_pin(played_.plan, to_string(world_.plugin(plugin).type),
                                                world_.plugin(plugin).name.view())) {
      finding.related.push_back({"pinned in the cluster", *place});
    }
  }

  const PlayedPlan& played_;
  const simulator::World& world_;
  Report& report_;
  simulator::State state_;
  simulator::Cluster last_;
  simulator::NodeId active_ = simulator::no_node;
  std::unordered_map<PluginId, Waiting> waiting_;
};

void check(const PlayedPlan& played, Report& report) { Judge(played, report).judge(); }

}  // namespace

extern const Rule pin_overrides_tune;
constinit const Rule pin_overrides_tune = {
    .id = "pin-overrides-tune",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "server",
    .summary = "A pin keeps a version from running that the plan registers or configures",
    .why =
        "From Vault 1.16 on a pin chooses one version of a plugin for the whole cluster. It beats what mounts and "
        "connections are configured "
        "to, at every load and in every namespace; the configured version stays as it is and says nothing about what "
        "runs.",
    .url = "https://developer.hashicorp.com/vault/api-docs/system/plugins-pins",
    .check = ForecastCheck{check},
};

}  // namespace replug::rules
