#include "simulator/run/expectations.h"

#include <functional>

#include <fmt/format.h>

#include "simulator/run/view.h"

namespace replug::simulator {

namespace {

struct Answer {
  bool holds = false;
  std::string found;
};

Answer equal(Text wanted, std::string_view found, const World& world) {
  const Text canonical = world.version(wanted).canonical;
  return {found == wanted.view() || (!canonical.empty() && found == canonical.view()), std::string(found)};
}

std::string or_nothing(const std::optional<Text>& text) { return text ? text->str() : "nothing"; }

// Both what is reported and what would answer; what differs is named.
Answer both(Text wanted, std::string_view reported, const std::optional<Text>& actual, const World& world) {
  Answer report = equal(wanted, reported, world);
  const Answer real = actual ? equal(wanted, actual->view(), world) : Answer{};
  if (report.holds && real.holds) return report;
  if (actual && reported == actual->view()) return {false, std::string(reported)};
  return {false,
          fmt::format("{} reported, {} running", reported.empty() ? "no version" : reported, or_nothing(actual))};
}

Answer ask_mount(const Cluster& cluster, NodeId node, MountId mount, const Claim& claim) {
  const World& world = cluster.world();
  const MountView view = mount == no_mount ? MountView{} : view_mount(cluster, node, mount);
  const bool exists = mount != no_mount && cluster.stored(mount).exists != 0;
  switch (claim.key) {
    case ClaimKey::plugin_version:
      return exists ? equal(claim.value, view.plugin_version.view(), world) : Answer{false, "no such mount"};
    case ClaimKey::running_version:
      return exists ? both(claim.value, view.running_version.view(), view.actual_version, world)
                    : Answer{false, "no such mount"};
    case ClaimKey::running_sha256:
      return exists ? both(claim.value, view.running_sha256.view(), view.actual_sha256, world)
                    : Answer{false, "no such mount"};
    case ClaimKey::serving: {
      const bool serving = exists && (view.status == Status::running || view.status == Status::respawns);
      return {serving == claim.truth,
              serving ? "true" : fmt::format("false ({})", exists ? to_string(view.status) : "no such mount")};
    }
    case ClaimKey::plugin:
      return exists ? equal(claim.value, plugin_of(cluster, mount).view(), world) : Answer{false, "no such mount"};
    case ClaimKey::status:
      return equal(claim.value, to_string(view.status), world);
    default:
      return {false, "not known of a mount"};
  }
}

Answer ask_connection(const Cluster& cluster, NodeId node, ConnectionId connection, const Claim& claim) {
  const World& world = cluster.world();
  if (connection == no_connection || cluster.connection(connection).exists == 0)
    return {claim.key == ClaimKey::serving && !claim.truth, "no such connection"};
  const ConnectionView view = view_connection(cluster, node, connection);
  // A server that does not report it, and a connection that was not used yet, leave what runs to what really runs.
  const Text reported = view.running_version.value_or(view.actual_version.value_or(Text{}));
  switch (claim.key) {
    case ClaimKey::plugin_version:
      return equal(claim.value, view.plugin_version.view(), world);
    case ClaimKey::running_version:
      return both(claim.value, reported.view(), view.actual_version, world);
    case ClaimKey::running_sha256:
      return equal(claim.value, view.actual_sha256.value_or(Text{}).view(), world);
    case ClaimKey::serving: {
      const bool serving = view.status == Status::running || view.status == Status::respawns;
      return {serving == claim.truth, serving ? "true" : fmt::format("false ({})", to_string(view.status))};
    }
    case ClaimKey::plugin:
      return equal(claim.value, view.plugin_name.view(), world);
    case ClaimKey::status:
      return equal(claim.value, to_string(view.status), world);
    default:
      return {false, "not known of a connection"};
  }
}

Answer ask_entry(const Cluster& cluster, const Expectation& expectation, const Claim& claim) {
  const World& world = cluster.world();
  const auto type = parse_plugin_type(expectation.type.view());
  const PluginId plugin = type ? world.plugin(*type, expectation.name) : no_plugin;
  const Text canonical = world.version(expectation.version).canonical;
  const EntryId entry = world.entry(plugin, canonical.empty() ? expectation.version : canonical);
  const bool registered = entry != no_entry && cluster.entry(entry).record != 0;
  if (claim.key == ClaimKey::registered) return {registered == claim.truth, registered ? "true" : "false"};
  if (!registered) return {false, "not registered"};
  const std::string_view sha256 = world.record(cluster.entry(entry).record).sha256.view();
  return {sha256 == lower_case(claim.value.view()), std::string(sha256)};
}

// The node that answers for the one in `at`: a standby that passes requests on shows what its active node shows.
NodeId answering(const Cluster& cluster, Text at) {
  const NodeId node = cluster.world().node(at);
  if (node == no_node || cluster.node(node).sealed != 0 || runs_plugins(cluster, node)) return node;
  const NodeId active = active_node(cluster, cluster.world().replica_of(node));
  return active == no_node || !runs_plugins(cluster, active) ? node : active;
}

bool concerns(const Cluster& cluster, const Expectation& expectation, NodeId node) {
  if (expectation.at) return node == answering(cluster, *expectation.at);
  // Connections are made only where they are used, so a standby that serves reads is asked for them only by name.
  if (expectation.subject == Expectation::Subject::database)
    return node == active_node(cluster, cluster.world().replica_of(node));
  return runs_plugins(cluster, node);
}

// A claim holds if it holds on every node that it concerns; the first where it does not is named.
ClaimResult judge_claim(const Cluster& cluster, const Expectation& expectation, const Claim& claim) {
  ClaimResult result;
  if (expectation.subject == Expectation::Subject::plugin) {
    const Answer answer = ask_entry(cluster, expectation, claim);
    result.holds = answer.holds;
    result.found = answer.found;
    return result;
  }
  const World& world = cluster.world();
  const MountId mount = world.mount(expectation.mount);
  result.found = "no node runs plugins there";
  result.holds = claim.key == ClaimKey::serving && !claim.truth;
  for (NodeId node = 0; node < world.nodes(); ++node) {
    if (!concerns(cluster, expectation, node)) continue;
    const Answer answer = expectation.subject == Expectation::Subject::mount
                              ? ask_mount(cluster, node, mount, claim)
                              : ask_connection(cluster, node, world.connection(mount, expectation.connection), claim);
    result.holds = answer.holds;
    result.found = answer.found;
    if (answer.holds) continue;
    result.node = node;
    break;
  }
  return result;
}

}  // namespace

std::vector<ClaimResult> judge_expectations(const Cluster& cluster, std::span<const Expectation> expectations) {
  std::vector<ClaimResult> results;
  for (std::size_t i = 0; i < expectations.size(); ++i) {
    for (std::size_t k = 0; k < expectations[i].claims.size(); ++k) {
      ClaimResult result = judge_claim(cluster, expectations[i], expectations[i].claims[k]);
      result.expectation = i;
      result.claim = k;
      results.push_back(std::move(result));
    }
  }
  return results;
}

}  // namespace replug::simulator
