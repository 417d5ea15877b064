#include <fmt/format.h>

#include "rules/judging/moment.h"
#include "rules/judging/rule.h"
#include "simulator/run/view.h"

namespace replug::rules {

namespace {

using simulator::Change;
using simulator::Text;

// The binary that the registering node has under the command.
const simulator::Binary* binary_of(const Moment& moment, const simulator::Register& step) {
  const simulator::World& world = moment.world();
  const simulator::NodeId active = simulator::active_node(moment.before);
  if (active == simulator::no_node || step.oci_image) return nullptr;
  const Text command = world.texts().find(simulator::command_file(step.command.value_or(step.name).view()));
  const simulator::FileId file = world.file(command);
  if (file >= world.files()) return nullptr;
  const simulator::BinaryId binary = moment.before.file(active, file);
  return binary > simulator::assumed_binary ? &world.binary(binary) : nullptr;
}

// Under the version as the binary spells it nothing ever looks: tune, enable and deregister put a v in front.
std::optional<Text> unreachable_version(const Moment& moment) {
  for (const Change& change : moment.forecast.changes) {
    if (change.what != Change::What::catalog || change.field != simulator::CellField::registered) continue;
    const std::string_view label = change.subject.view();
    const Text version = moment.world().texts().find(label.substr(label.rfind(' ') + 1));
    const Text canonical = moment.world().version(version).canonical;
    if (!version.empty() && !canonical.empty() && canonical != version) return version;
  }
  return std::nullopt;
}

void check(const Moment& moment, Report& report) {
  const auto* step = moment.as<simulator::Register>();
  if (step == nullptr || !moment.forecast.reply.ok() || moment.planned.step.fails) return;
  if (!step->version || step->version->empty()) {
    const auto version = unreachable_version(moment);
    if (!version) return;
    Finding& finding = report.finding(
        moment.plan.where(moment.planned),
        fmt::format("The binary reports its version as {}, so the entry is stored under exactly that text. Tune, "
                    "enable and deregister look for {}: no mount "
                    "can ever be configured to it, and it cannot be removed.",
                    shown(*version), shown(moment.world().version(*version).canonical)),
        "Take a build that reports its version with a v, or none at all, and register it with `version`.");
    finding.subject = step->name.str();
    finding.step = moment.forecast.step;
    return;
  }
  const simulator::Binary* binary = binary_of(moment, *step);
  if (binary == nullptr || binary->reports_version.empty() ||
      binary->sha256.view() != simulator::lower_case(step->sha256.view()) ||
      moment.world().version(*step->version).canonical == binary->reports_version)
    return;
  Finding& finding =
      report.finding(moment.plan.where(moment.planned, "version"),
                     fmt::format("The binary reports {}, not {}. Vault would refuse that, but here it cannot run the "
                                 "binary to ask it, and then registers it under the given version.",
                                 shown(binary->reports_version), shown(*step->version)),
                     "Register the binary under the version that it reports, and find out why it cannot be started "
                     "(architecture, execute bit, libraries).");
  finding.subject = step->name.str();
  finding.step = moment.forecast.step;
}

}  // namespace

extern const Rule reports_other_version;
constinit const Rule reports_other_version = {
    .id = "reports-other-version",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "catalog",
    .summary = "A binary says of itself another version than the one that mounts can be configured to",
    .why =
        "Vault runs a binary once when it is registered, to learn its version, and refuses one that contradicts. If "
        "that run fails it registers the "
        "entry as it was asked to. And a version that is reported without its v is stored so, where nothing finds it.",
    .url = "https://developer.hashicorp.com/vault/docs/plugins/register",
    .check = StepCheck{check},
};

}  // namespace replug::rules
