#include <fmt/format.h>

#include "rules/judging/moment.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

using simulator::Cause;
using simulator::Change;
using simulator::Status;
using simulator::Text;

// What a step made of a mount on a node; its last change of the status counts, else it is what it was.
struct Made {
  Text path;
  simulator::NodeId node;
  bool broken;
};

std::vector<Made> made_in(const Moment& moment) {
  std::vector<Made> made;
  for (const Change& change : moment.forecast.changes) {
    if (change.what != Change::What::mount || change.node == simulator::no_node) continue;
    if (change.cause != Cause::created && change.cause != Cause::reloaded) continue;
    if (made.empty() || made.back().path != change.subject || made.back().node != change.node) {
      const simulator::MountId mount = moment.world().mount(change.subject);
      const Status before = simulator::view_mount(moment.before, change.node, mount).status;
      made.push_back({change.subject, change.node, before == Status::broken});
    }
    if (change.field == simulator::CellField::status)
      made.back().broken = change.to.view() == to_string(Status::broken);
  }
  return made;
}

void check(const Moment& moment, Report& report) {
  const bool loads = moment.as<simulator::Enable>() != nullptr || moment.as<simulator::Reload>() != nullptr;
  if (!loads || !moment.forecast.reply.ok() || moment.planned.step.fails) return;
  for (const Made& made : made_in(moment)) {
    if (!made.broken) continue;
    const bool hangs = moment.world().capabilities(moment.before.node(made.node).server).hangs_on_unreachable_plugin;
    Finding& finding = report.finding(
        moment.plan.where(moment.planned),
        fmt::format("The server answers {}, but {} gets no process on {}: the process that it would share with other "
                    "mounts is dead, and still on "
                    "the server's list. Every request to it {}.",
                    moment.forecast.reply.status, shown(made.path), shown(moment.world().node_name(made.node)),
                    hangs ? "hangs for ever, and holds up a later reload or seal" : "gets 500"),
        "Before this step, send a request to a mount that was using the process before it died: that starts it again "
        "for all.");
    finding.step = moment.forecast.step;
    finding.subject = made.path.str();
  }
}

}  // namespace

extern const Rule enabled_onto_dead_process;
constinit const Rule enabled_onto_dead_process = {
    .id = "enabled-onto-dead-process",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "availability",
    .summary = "A mount is enabled or reloaded onto a shared plugin process that has died",
    .why =
        "Mounts of one multiplexing plugin and version share a process. After it has died, one of the mounts that used "
        "it has to be asked before "
        "anybody else can join: until then the server makes a mount that looks healthy and never reaches its plugin. "
        "Seen on every server "
        "that was recorded; older ones, and OpenBao, wait for ever.",
    .url = "https://developer.hashicorp.com/vault/docs/plugins/plugin-development",
    .check = StepCheck{check},
};

}  // namespace replug::rules
