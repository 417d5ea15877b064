#include <algorithm>

#include <fmt/format.h>

#include "rules/judging/moment.h"
#include "rules/judging/rule.h"
#include "simulator/run/view.h"
#include "simulator/steps/kinds.h"

namespace replug::rules {

namespace {

using simulator::Change;
using simulator::NodeId;
using simulator::Text;

bool changes(const Moment& moment, Change::What what) {
  return std::ranges::any_of(moment.forecast.changes, [what](const Change& change) { return change.what == what; });
}

bool is_sealed(const Moment& moment, Text name) {
  const NodeId node = moment.world().node(name);
  return node != simulator::no_node && moment.before.node(node).sealed != 0;
}

std::string so_already(const Moment& moment, const simulator::Tune& step) {
  const NodeId active = simulator::active_node(moment.before);
  if (active == simulator::no_node) return {};
  if (!moment.world().capabilities(moment.before.node(active).server).has_plugin_versions) return {};
  const bool writes = std::ranges::any_of(moment.forecast.changes, [](const Change& change) {
    return change.what == Change::What::mount && change.field == simulator::CellField::plugin_version;
  });
  if (writes || step.path.empty()) return {};
  std::vector<std::string> paths;
  for (const Text path : step.path) paths.push_back(shown(path));
  return fmt::format("{} {} configured to {} already", listed(paths), paths.size() == 1 ? "is" : "are",
                     shown(step.plugin_version));
}

// Registering again has a purpose where the server could not read the entry as it was written.
std::string so_already(const Moment& moment, const simulator::Register& step) {
  const simulator::World& world = moment.world();
  const auto type = simulator::parse_plugin_type(step.type.view());
  const NodeId active = simulator::active_node(moment.before);
  if (!type || active == simulator::no_node || changes(moment, Change::What::catalog)) return {};
  const Text version = step.version ? world.version(*step.version).canonical : Text{};
  const simulator::EntryId id = world.entry(world.plugin(*type, step.name), version);
  if (id == simulator::no_entry || moment.before.entry(id).record == 0) return {};
  const bool words = world.capabilities(moment.before.node(active).server).writes_types_as_words;
  if ((moment.before.entry(id).type_as_word != 0) != words) return {};
  return fmt::format("{} is registered with the same contents already", shown(world.entry_label(id)));
}

std::string so_already(const Moment& moment, const simulator::Pin& step) {
  if (changes(moment, Change::What::pin)) return {};
  return fmt::format("{} {} is pinned to {} already", shown(step.type), shown(step.name),
                     shown(step.version.value_or(Text{})));
}

std::string so_already(const Moment& moment, const simulator::Install& step) {
  if (!moment.plan.cluster.plugin_directory_known || changes(moment, Change::What::file)) return {};
  return fmt::format("the file {} is there already, with this sha256", shown(step.file));
}

std::string so_already(const Moment& moment, const simulator::Seal& step) {
  return is_sealed(moment, step.node) ? fmt::format("{} is sealed already", shown(step.node)) : std::string{};
}

std::string so_already(const Moment& moment, const simulator::Unseal& step) {
  return is_sealed(moment, step.node) ? std::string{} : fmt::format("{} is not sealed", shown(step.node));
}

// These do something each time, or say themselves that they did nothing (the rule step-does-nothing).
template <simulator::AnyOf<simulator::Uninstall, simulator::Deregister, simulator::Enable, simulator::Disable,
                           simulator::Move, simulator::Reload, simulator::Unpin, simulator::ConfigureDatabase,
                           simulator::ResetDatabase, simulator::RotateRoot, simulator::RevokeLeases,
                           simulator::ReloadDatabase, simulator::Request, simulator::Crash, simulator::Restart,
                           simulator::StepDown, simulator::UpgradeServer, simulator::Backup, simulator::Restore,
                           simulator::Check, simulator::Confirm>
              Kind>
std::string so_already(const Moment& /*moment*/, const Kind& /*step*/) {
  return {};
}

void check(const Moment& moment, Report& report) {
  if (!moment.forecast.reply.ok() || moment.planned.step.fails) return;
  const std::string already =
      std::visit([&](const auto& step) { return so_already(moment, step); }, moment.planned.step.action);
  if (already.empty()) return;
  Finding& finding =
      report.finding(moment.plan.where(moment.planned), fmt::format("This step changes nothing: {}.", already),
                     "Leave it out, or look whether another version, path or node was meant.");
  finding.subject = fmt::format("{} {}", simulator::action_name(moment.planned.step.action), already);
  finding.step = moment.forecast.step;
}

}  // namespace

extern const Rule step_repeats;
constinit const Rule step_repeats = {
    .id = "step-repeats",
    .severity = Severity::note,
    .profile = Profile::strict,
    .family = "plan",
    .summary = "A step asks for what is so already",
    .why =
        "To tune a mount to the version that it has, or to register the same entry again, is harmless and often left "
        "over from "
        "an earlier plan. Sometimes it is the trace of a mistake: the next version was meant.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = StepCheck{check},
};

}  // namespace replug::rules
