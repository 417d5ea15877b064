#include <fmt/format.h>

#include "rules/evidence/edits.h"
#include "rules/judging/moment.h"
#include "rules/judging/rule.h"
#include "simulator/run/view.h"
#include "simulator/vault/backend.h"
#include "text/printable.h"

namespace replug::rules {

namespace {

using simulator::MountId;
using simulator::MountPath;

// The mount of another namespace that the path leads to.
const MountPath* mount_elsewhere(const Moment& moment, simulator::Text path) {
  const simulator::World& world = moment.world();
  for (const MountId mount : world.route(moment.planned.step.name_space, path).mounts) {
    if (moment.before.stored(mount).exists == 0) continue;
    return world.mount(mount).name_space == moment.planned.step.name_space ? nullptr : &world.mount(mount);
  }
  return nullptr;
}

std::optional<Fix> fix_of(const Moment& moment, const simulator::Tune& step, const MountPath& mount) {
  if (step.path.size() != 1 || !moment.planned.step.name_space.empty()) return std::nullopt;
  // Paths that would need quotes are left to a person.
  if (mount.path.view().find_first_of(" #:,[]{}&*!|>'\"%@`") != std::string_view::npos) return std::nullopt;
  const auto space = common_key(moment.plan, moment.planned, fmt::format("namespace: {}", mount.name_space.view()));
  const auto path = other_value(moment.plan, moment.planned, "path", mount.local.str());
  if (!space || !path) return std::nullopt;
  return Fix{"Send the tune to the mount's namespace", true, {*space, *path}};
}

void tell(const Moment& moment, const simulator::Tune& step, const MountPath& mount, std::string message,
          Report& report) {
  Finding& finding =
      report.finding(moment.plan.where(moment.planned, "path"), std::move(message),
                     fmt::format("Send it to the namespace: `namespace: {}` beside the action, and `path: {}`.",
                                 shown(mount.name_space), shown(mount.local)));
  finding.subject = mount.path.str();
  finding.step = moment.forecast.step;
  finding.fix = fix_of(moment, step, mount);
}

void check(const Moment& moment, Report& report) {
  const auto* step = moment.as<simulator::Tune>();
  const simulator::NodeId active = simulator::active_node(moment.before);
  if (step == nullptr || moment.planned.step.fails || active == simulator::no_node) return;
  const simulator::ServerId server = moment.before.node(active).server;
  const bool misplaces = moment.world().capabilities(server).misplaces_tune_from_root &&
                         simulator::stores_one_by_one(moment.before, active);
  for (const simulator::Text path : step->path) {
    const MountPath* mount = mount_elsewhere(moment, path);
    if (mount == nullptr) continue;
    if (mount->auth && !path.view().starts_with("auth/")) {
      tell(moment, *step, *mount,
           fmt::format("From the root namespace {} is taken for a secrets engine, because the path does not begin with "
                       "auth/: its version is looked up "
                       "among the secret plugins.",
                       shown(path)),
           report);
    } else if (misplaces && moment.forecast.reply.ok()) {
      tell(moment, *step, *mount,
           fmt::format(
               "{}{} stores a mount that is tuned from another namespace a second time, among the mounts of that "
               "one. The next node that is to become active finds {} twice and cannot take the lead, and "
               "neither can any other.",
               to_string(moment.world().server(server)), moment.plan.cluster.storage.empty() ? " on raft storage" : "",
               shown(path)),
           report);
    }
  }
}

}  // namespace

extern const Rule tune_from_root;
constinit const Rule tune_from_root = {
    .id = "tune-from-root",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "server",
    .summary = "A mount of a namespace is tuned from the root namespace",
    .why =
        "Mounts belong to their namespace, and the root namespace can reach them by their full path. But a tune from "
        "there looks an auth method "
        "up as a secrets engine, and OpenBao 2.6 was seen to store the tuned mount among root's: after the next "
        "restart or step-down no node "
        "became active any more.",
    .url = "https://openbao.org/docs/concepts/namespaces/",
    .check = StepCheck{check},
};

}  // namespace replug::rules
