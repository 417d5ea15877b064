#include <optional>
#include <unordered_set>

#include <fmt/format.h>

#include "rules/evidence/load.h"
#include "rules/evidence/reloads.h"
#include "rules/judging/moment.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

using simulator::Cause;
using simulator::Change;
using simulator::MountId;
using simulator::NodeId;

std::vector<MountId> reloaded_in(const Moment& moment, Cause cause) {
  std::vector<MountId> mounts;
  std::unordered_set<MountId> known;
  for (const Change& change : moment.forecast.changes) {
    if (change.what != Change::What::mount || change.cause != cause) continue;
    const MountId mount = moment.world().mount(change.subject);
    if (known.insert(mount).second) mounts.push_back(mount);
  }
  return mounts;
}

// The mounts that would load something else and that the reload did not come to, in the server's order.
std::vector<MountId> untouched(const Moment& moment, NodeId node, simulator::Text plugin, std::span<const MountId> done,
                               std::span<const MountId> failed) {
  const simulator::Cluster& before = moment.before;
  const bool everywhere = reaches_all_namespaces(before, node, moment.planned.step);
  std::unordered_set<MountId> reached(done.begin(), done.end());
  reached.insert(failed.begin(), failed.end());
  std::vector<MountId> mounts;
  for (const MountId mount : moment.world().mounts_of_plugin(plugin)) {
    if (before.object(node, mount).backend == simulator::Backend::absent || before.stored(mount).exists == 0) continue;
    if (simulator::plugin_of(before, mount) != plugin || !load_of(before, node, mount).changes()) continue;
    if (!everywhere && moment.world().mount(mount).name_space != moment.planned.step.name_space) continue;
    if (!reached.contains(mount)) mounts.push_back(mount);
  }
  return mounts;
}

void check(const Moment& moment, Report& report) {
  const auto* reload = moment.as<simulator::Reload>();
  if (reload == nullptr || !reload->plugin || moment.forecast.reply.ok() || moment.planned.step.fails) return;
  const NodeId node = handler_of(moment.before, moment.forecast);
  const std::vector<MountId> done = reloaded_in(moment, Cause::reloaded);
  if (node == simulator::no_node || done.empty()) return;
  const simulator::World& world = moment.world();
  const std::vector<MountId> failed = reloaded_in(moment, Cause::reload_failed);
  const std::vector<MountId> left = untouched(moment, node, *reload->plugin, done, failed);
  std::string state =
      fmt::format("{} {} loaded anew already", mount_words(world, done), done.size() > 1 ? "were" : "was");
  if (!failed.empty())
    state += fmt::format(
        ", {} lost its process and goes back to its old version with the next request, if that still starts",
        mount_words(world, failed));
  if (!left.empty())
    state += fmt::format(", {} {} not reached", mount_words(world, left), left.size() > 1 ? "were" : "was");
  Finding& finding = report.finding(
      moment.plan.where(moment.planned, "plugin"),
      fmt::format("The reload by name stops at the first mount that fails, and leaves the cluster half-way: {}.",
                  state),
      "Repair what keeps the mount from being loaded, then reload the rest; reload by `mounts` instead, one mount or a "
      "few at a time, so that each "
      "of them stands alone. To go back, tune those that were loaded to the old version and reload them.");
  finding.step = moment.forecast.step;
  finding.subject = reload->plugin->str();
}

}  // namespace

extern const Rule reload_stops_half_way;
constinit const Rule reload_stops_half_way = {
    .id = "reload-stops-half-way",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "taking-effect",
    .summary = "A reload by name fails at one mount after it has loaded others",
    .why =
        "A reload by name takes the mounts in the order of the mount table, secrets engines before auth methods, and "
        "gives up at the first that "
        "cannot be loaded. Those before it are on the new version, those behind it on the old one, and the answer does "
        "not say which.",
    .url = "https://developer.hashicorp.com/vault/api-docs/system/plugins-reload-backend",
    .check = StepCheck{check},
    .incident = "https://github.com/hashicorp/vault/issues/30329",
};

}  // namespace replug::rules
