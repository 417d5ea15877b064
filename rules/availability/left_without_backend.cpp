#include <algorithm>
#include <map>
#include <optional>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/evidence/load.h"
#include "rules/judging/rule.h"
#include "simulator/vault/catalog.h"
#include "simulator/vault/processes.h"

namespace replug::rules {

namespace {

using simulator::Cluster;
using simulator::MountId;
using simulator::NodeId;
using simulator::StartError;
using simulator::Status;
using simulator::Text;

// The mounts of a plugin that one step left without a backend.
struct Left {
  std::vector<MountId> mounts;
  std::vector<NodeId> nodes;
  std::unordered_set<NodeId> known;  // those of `nodes`
  Status status = Status::absent;
};

// The mounts that some expectation wants not to answer: the author knows.
std::unordered_set<std::uint32_t> expected_to_fail(const planner::Plan& plan) {
  std::unordered_set<std::uint32_t> paths;
  for (const simulator::Expectation& expectation : plan.expect) {
    if (expectation.subject != simulator::Expectation::Subject::mount) continue;
    const bool fails = std::ranges::any_of(expectation.claims, [](const simulator::Claim& claim) {
      if (claim.key == simulator::ClaimKey::status) return claim.value.view() != "running";
      return claim.key == simulator::ClaimKey::serving && !claim.truth;
    });
    if (fails) paths.insert(expectation.mount.id());
  }
  return paths;
}

// What stands in the way of a start on that node now, and what to do about it.
std::pair<std::string, std::string> obstacle(const Cluster& last, NodeId node, MountId mount, Status status) {
  const simulator::World& world = last.world();
  const simulator::Object& object = last.object(node, mount);
  const Text plugin = simulator::plugin_of(last, mount);
  const Load load = load_of(last, node, mount);
  const Text version = status == Status::absent ? load.wanted : load.loaded;
  const simulator::Lookup found = simulator::lookup(last, node, object.plugin, version);
  if (found.found != simulator::Lookup::Found::external) {
    return {fmt::format("{} is not in the catalog", entry_words(plugin, version)),
            fmt::format("Register {} again, or tune to a version that is registered; then reload.",
                        entry_words(plugin, version))};
  }
  const std::string file = shown(world.record(found.record).command);
  switch (simulator::start(last, node, found.record)) {
    case StartError::file_missing:
      return {fmt::format("{} is not in its plugin directory", file),
              fmt::format("Install {} there, then reload.", file)};
    case StartError::checksum:
      return {fmt::format("{} in its plugin directory is not the file whose sha256 is registered", file),
              fmt::format("Install the registered {}, or register the sha256 of the file that is there; then reload.",
                          file)};
    case StartError::no_handshake:
      return {fmt::format("{} does not start as a plugin of this kind there", file),
              "Tune to a version that starts, then reload."};
    default:
      return {"nothing loads it again after what kept it from starting was repaired", "Reload it."};
  }
}

std::optional<std::size_t> broken_since(const PlayedPlan& played, NodeId node, MountId mount) {
  const auto changes =
      played.facts.timeline().history(simulator::Change::What::mount, played.world().mount(mount).path);
  const auto last =
      std::find_if(changes.rbegin(), changes.rend(), [node](const ChangeAt& at) { return at.change->node == node; });
  return last == changes.rend() ? std::nullopt : std::optional(last->position);
}

void tell(const PlayedPlan& played, const Cluster& last, std::size_t since, const Left& left, Report& report) {
  const simulator::World& world = played.world();
  const bool many = left.mounts.size() > 1;
  const auto [what, help] = obstacle(last, left.nodes.front(), left.mounts.front(), left.status);
  Finding& finding = report.finding(
      played.plan.where(played.facts.step_at(since)),
      fmt::format("From this step until the end of the plan {} {} on {}{}: {}. Requests get {}.",
                  mount_words(world, left.mounts),
                  left.status == Status::absent ? (many ? "are without a backend" : "is without a backend")
                                                : (many ? "have no process" : "has no process"),
                  node_words(world, left.nodes), left.status == Status::absent ? "" : " and cannot start one", what,
                  left.status == Status::absent ? "404" : "500"),
      help);
  finding.step = played.forecast.steps[since].step;
  finding.subject = world.mount(left.mounts.front()).path.str();
}

void check(const PlayedPlan& played, Report& report) {
  const Cluster& last = played.facts.end();
  const std::vector<NodeId> nodes = nodes_with_plugins(last);
  const auto expected = expected_to_fail(played.plan);
  std::map<std::tuple<std::size_t, simulator::PluginId, Status>, Left> groups;
  for (MountId mount = 0; mount < played.world().mounts(); ++mount) {
    if (last.stored(mount).exists == 0 || last.stored(mount).tainted != 0) continue;
    for (const NodeId node : nodes) {
      const Status status = simulator::view_mount(last, node, mount).status;
      if (status != Status::absent && status != Status::broken) continue;
      if (last.object(node, mount).backend == simulator::Backend::shell) continue;  // enabled-onto-dead-process
      // What is described so from the beginning is no work of the plan.
      const std::optional<std::size_t> since = broken_since(played, node, mount);
      if (!since || played.facts.step_at(*since).step.fails) continue;
      if (expected.contains(played.world().mount(mount).path.id())) continue;
      Left& left = groups[{*since, last.stored(mount).plugin, status}];
      left.status = status;
      if (left.mounts.empty() || left.mounts.back() != mount) left.mounts.push_back(mount);
      if (left.known.insert(node).second) left.nodes.push_back(node);
    }
  }
  for (const auto& [key, left] : groups) tell(played, last, std::get<0>(key), left, report);
}

}  // namespace

extern const Rule left_without_backend;
constinit const Rule left_without_backend = {
    .id = "left-without-backend",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "availability",
    .summary = "When the plan is done, a mount has no backend or cannot start its process",
    .why =
        "A mount whose plugin cannot be loaded at an unseal stays in the table with nothing behind it, until a reload "
        "or the next unseal "
        "finds the catalog entry and the file repaired. One whose process has ended and cannot be started again fails "
        "every request.",
    .url = "https://developer.hashicorp.com/vault/docs/plugins/plugin-architecture",
    .check = ForecastCheck{check},
    .incident = "https://github.com/sethvargo/vault-secrets-gen/issues/41",
};

}  // namespace replug::rules
