#include <map>
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
using simulator::NodeId;

// What the mount was made from is no longer what the catalog has for its version: its next process is another one.
simulator::RecordId next_contents(const Moment& moment, NodeId node, MountId mount) {
  const simulator::Object& object = moment.before.object(node, mount);
  if (object.backend != simulator::Backend::plugin) return 0;
  const simulator::Text captured = moment.world().text(object.captured);
  const simulator::Lookup found = simulator::lookup(moment.before, node, object.plugin, captured);
  if (found.found != simulator::Lookup::Found::external || found.record == object.record) return 0;
  const bool same = moment.world().record(found.record).sha256 == moment.world().record(object.record).sha256;
  return same ? 0 : found.record;
}

struct Upgraded {
  std::vector<MountId> mounts;
  std::unordered_set<MountId> known;  // those of `mounts`
  simulator::RecordId old_record = 0;
};

void tell(const Moment& moment, simulator::RecordId record, const Upgraded& upgraded, Report& report) {
  const simulator::World& world = moment.world();
  const bool crash = moment.as<simulator::Crash>() != nullptr;
  const simulator::Text label = world.entry_label(world.record(record).entry);
  Finding& finding = report.finding(
      moment.plan.where(moment.planned),
      fmt::format("{} the process of {}, whose catalog entry {} was overwritten since it was started: the next request "
                  "starts sha256 {} instead of "
                  "{}, and `running_sha256` goes on showing the old one.",
                  crash ? "The crash ends" : "This reload also ends", mount_words(world, upgraded.mounts), shown(label),
                  short_sha(world.record(record).sha256), short_sha(world.record(upgraded.old_record).sha256)),
      "Reload these mounts on purpose after the entry was overwritten; better, register the new contents under a "
      "version of their own.");
  finding.step = moment.forecast.step;
  finding.subject = label.str();
  if (const ChangeAt* overwritten = moment.facts.timeline().last_change(
          Change::What::catalog, label, simulator::CellField::sha256, moment.position)) {
    finding.related.push_back({"overwritten here", moment.plan.where(moment.facts.step_at(overwritten->position))});
    finding.story = {moment.facts.step_at(overwritten->position).step.id.str(), moment.planned.step.id.str()};
  }
}

void check(const Moment& moment, Report& report) {
  if (moment.planned.step.fails) return;
  std::map<simulator::RecordId, Upgraded> groups;
  for (const Change& change : moment.forecast.changes) {
    if (change.what != Change::What::mount || change.field != simulator::CellField::actual_sha256 ||
        !change.to.absent())
      continue;
    if (change.cause != Cause::crashed && change.cause != Cause::shared_process_ended) continue;
    const MountId mount = moment.world().mount(change.subject);
    const simulator::RecordId record = next_contents(moment, change.node, mount);
    if (record == 0) continue;
    Upgraded& upgraded = groups[record];
    upgraded.old_record = moment.before.object(change.node, mount).record;
    if (upgraded.known.insert(mount).second) upgraded.mounts.push_back(mount);
  }
  for (const auto& [record, upgraded] : groups) tell(moment, record, upgraded, report);
}

}  // namespace

extern const Rule crash_upgrades_neighbour;
constinit const Rule crash_upgrades_neighbour = {
    .id = "crash-upgrades-neighbour",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "taking-effect",
    .summary = "A process ends, and a mount comes back with contents that it does not report",
    .why =
        "A process that has ended is started again by the next request, from what the catalog has for its version by "
        "then. After an overwrite "
        "that is another binary, on this mount and on all that shared the process, while the report keeps the old "
        "sha256.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = StepCheck{check},
    .incident = "https://github.com/hashicorp/vault/issues/8431",
};

}  // namespace replug::rules
