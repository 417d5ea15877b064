#include <unordered_set>

#include <fmt/format.h>

#include "rules/judging/moment.h"
#include "rules/judging/rule.h"
#include "simulator/vault/catalog.h"

namespace replug::rules {

namespace {

using simulator::Cause;
using simulator::Change;
using simulator::MountId;

// It comes back as something else: crash-upgrades-neighbour.
bool is_overwritten(const Moment& moment, simulator::NodeId node, MountId mount) {
  const simulator::Object& object = moment.before.object(node, mount);
  const simulator::Text captured = moment.world().text(object.captured);
  return simulator::lookup(moment.before, node, object.plugin, captured).record != object.record;
}

void check(const Moment& moment, Report& report) {
  const auto* reload = moment.as<simulator::Reload>();
  if (reload == nullptr || moment.planned.step.fails) return;
  std::vector<MountId> mounts;
  std::unordered_set<MountId> known;
  for (const Change& change : moment.forecast.changes) {
    if (change.what != Change::What::mount || change.field != simulator::CellField::actual_version ||
        change.cause != Cause::shared_process_ended)
      continue;
    const MountId mount = moment.world().mount(change.subject);
    if (is_overwritten(moment, change.node, mount)) continue;
    if (known.insert(mount).second) mounts.push_back(mount);
  }
  if (mounts.empty()) return;
  const bool many = mounts.size() > 1;
  Finding& finding = report.finding(
      moment.plan.where(moment.planned, reload->plugin ? "plugin" : "mounts"),
      fmt::format("This reload also ends the process under {}, which {} it with a mount that is reloaded. The next "
                  "request to {} starts it again, in "
                  "the version that it had.",
                  mount_words(moment.world(), mounts), many ? "share" : "shares", many ? "each of them" : "it"),
      "Expect a short delay there, and lost in-memory state. To have all mounts change together, reload the plugin by "
      "name.");
  finding.step = moment.forecast.step;
  finding.subject = moment.world().mount(mounts.front()).path.str();
}

}  // namespace

extern const Rule shared_process_blinks;
constinit const Rule shared_process_blinks = {
    .id = "shared-process-blinks",
    .severity = Severity::note,
    .profile = Profile::strict,
    .family = "availability",
    .summary = "A reload ends a process that other mounts share",
    .why =
        "Mounts of one multiplexing plugin and version share one process. A reload of one of them ends it for all; the "
        "others start it again, each "
        "in its own version, when they are asked next. Requests under way at that moment fail or are carried out "
        "twice.",
    .url = "https://developer.hashicorp.com/vault/docs/plugins/plugin-architecture",
    .check = StepCheck{check},
};

}  // namespace replug::rules
