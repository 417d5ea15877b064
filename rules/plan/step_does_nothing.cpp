#include <algorithm>

#include <fmt/format.h>

#include "rules/judging/moment.h"
#include "rules/judging/rule.h"
#include "simulator/run/view.h"
#include "simulator/steps/kinds.h"
#include "simulator/vault/high_availability.h"

namespace replug::rules {

namespace {

using simulator::Change;
using simulator::Text;

struct Nothing {
  std::string_view key;  ///< of the value that leads to nothing
  std::string what;
  std::string_view help;
};

constexpr std::string_view look_at_path =
    "Look at the path: `vault secrets list` and `vault auth list` show the mounts; an auth method is written "
    "auth/PATH/.";

bool changes(const Moment& moment, Change::What what) {
  return std::ranges::any_of(moment.forecast.changes, [what](const Change& change) { return change.what == what; });
}

std::optional<Nothing> of(const Moment& moment, const simulator::Disable& step) {
  const simulator::World& world = moment.world();
  const Text path = world.full_path(moment.planned.step.name_space, step.path);
  const simulator::MountId mount = world.mount(path);
  if (mount != simulator::no_mount && moment.before.stored(mount).exists != 0) return std::nullopt;
  return Nothing{
      "path", fmt::format("Nothing is mounted at {} here; the server answers as if it had disabled it.", shown(path)),
      look_at_path};
}

std::optional<Nothing> of(const Moment& moment, const simulator::Move& step) {
  if (changes(moment, Change::What::mount)) return std::nullopt;
  return Nothing{"from",
                 fmt::format("No mount has exactly the path {}: the server queues the move, and it comes to nothing.",
                             shown(step.from)),
                 look_at_path};
}

std::optional<Nothing> of(const Moment& moment, const simulator::Unpin& step) {
  const auto type = simulator::parse_plugin_type(step.type.view());
  const auto plugin = type ? moment.world().plugin(*type, step.name) : simulator::no_plugin;
  if (plugin != simulator::no_plugin && moment.before.pin(plugin) != 0) return std::nullopt;
  return Nothing{"name",
                 fmt::format("There is no pin of {} {} here; the server answers as if it had removed one.",
                             shown(step.type), shown(step.name)),
                 "Look at the type and the name: `vault read sys/plugins/pins` shows the pins."};
}

std::optional<Nothing> of(const Moment& moment, const simulator::Uninstall& step) {
  if (!moment.plan.cluster.plugin_directory_known || changes(moment, Change::What::file)) return std::nullopt;
  return Nothing{"file", fmt::format("No node has a file {} in its plugin directory here.", shown(step.file)),
                 "Look at the name of the file."};
}

std::optional<Nothing> of(const Moment& moment, const simulator::StepDown& /*step*/) {
  const simulator::NodeId node = moment.forecast.node;
  if (node == simulator::no_node || changes(moment, Change::What::node)) return std::nullopt;
  const bool active = simulator::active_node(moment.before, moment.world().replica_of(node)) == node;
  const std::string name = shown(moment.world().node_name(node));
  if (active)
    return Nothing{"step_down", fmt::format("Nobody can take over from {}: it stays active.", name),
                   "Leave the step out, or restart the node if its plugins are to be loaded anew."};
  return Nothing{"at", fmt::format("{} is a standby here, and a step_down of a standby does nothing.", name),
                 "Send it to the active node."};
}

// These do what they say, or are refused where what they name is not there.
template <
    simulator::AnyOf<simulator::Install, simulator::Register, simulator::Deregister, simulator::Enable, simulator::Tune,
                     simulator::Reload, simulator::Pin, simulator::ConfigureDatabase, simulator::ResetDatabase,
                     simulator::RotateRoot, simulator::RevokeLeases, simulator::ReloadDatabase, simulator::Request,
                     simulator::Crash, simulator::Restart, simulator::Seal, simulator::Unseal, simulator::UpgradeServer,
                     simulator::Backup, simulator::Restore, simulator::Check, simulator::Confirm>
        Kind>
std::optional<Nothing> of(const Moment& /*moment*/, const Kind& /*step*/) {
  return std::nullopt;
}

void check(const Moment& moment, Report& report) {
  if (!moment.forecast.reply.ok() || moment.planned.step.fails) return;
  const auto nothing = std::visit([&](const auto& step) { return of(moment, step); }, moment.planned.step.action);
  if (!nothing) return;
  Finding& finding =
      report.finding(moment.plan.where(moment.planned, nothing->key), nothing->what, std::string(nothing->help));
  finding.subject = fmt::format("{} {}", simulator::action_name(moment.planned.step.action), nothing->what);
  finding.step = moment.forecast.step;
}

}  // namespace

extern const Rule step_does_nothing;
constinit const Rule step_does_nothing = {
    .id = "step-does-nothing",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "plan",
    .summary = "A step is answered with success and changes nothing, because what it names is not there",
    .why =
        "Vault answers a disable of an unknown path, the removal of a pin that nobody set and a step-down of a standby "
        "with "
        "success. So a slip of the pen in such a step is not seen: what was to go stays.",
    .url = "https://developer.hashicorp.com/vault/api-docs/system/mounts",
    .check = StepCheck{check},
};

}  // namespace replug::rules
