#include "simulator/run/successor.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "simulator/steps/step.h"
#include "simulator/steps/subjects.h"
#include "simulator/vault/database.h"
#include "simulator/vault/high_availability.h"
#include "simulator/vault/messages.h"

namespace replug::simulator {

namespace {

std::vector<NodeId> every_node(const World& world) {
  std::vector<NodeId> nodes;
  for (NodeId node = 0; node < world.nodes(); ++node) nodes.push_back(node);
  return nodes;
}

// The node behind a load balancer is not known; the forecast follows the request to the active node.
NodeId default_node(const Cluster& cluster) {
  const Address& address = cluster.world().description().address;
  return address.who == Address::Who::node ? cluster.world().node(address.node) : active_node(cluster);
}

std::vector<NodeId> targets(const Cluster& cluster, const Step& step, Handling handling) {
  const World& world = cluster.world();
  if (handling == Handling::named_node) return {world.node(*first_named(step.action, Meaning::node))};
  switch (step.at.who) {
    case At::Who::unsaid:
      if (handling == Handling::files) return every_node(world);
      return {handling == Handling::process ? active_node(cluster) : default_node(cluster)};
    case At::Who::active:
    case At::Who::load_balancer:
      return {active_node(cluster)};
    case At::Who::each:
      return every_node(world);
    case At::Who::nodes:
      break;
  }
  std::vector<NodeId> nodes;
  for (const Text name : step.at.nodes) nodes.push_back(world.node(name));
  return nodes;
}

// Which node carries a request out that reached this one.
NodeId handling_node(const Cluster& cluster, NodeId node, Handling handling) {
  switch (handling) {
    case Handling::nobody:
    case Handling::files:
    case Handling::named_node:
    case Handling::process:
    case Handling::itself:
      return node;
    case Handling::read:
    case Handling::local:
      return serves_reads(cluster, node) ? node : active_node(cluster, cluster.world().replica_of(node));
    case Handling::write:
      return active_node(cluster);
  }
  return node;
}

Reply no_leader(const Cluster& cluster, NodeId node) {
  // With a single sealed node there is nobody else to answer.
  if (node == no_node || cluster.node(node).sealed != 0) return refused(503, Code::sealed);
  Reply reply = refused(500, Code::no_active_node);
  reply.remarks.emplace_back(Code::no_leader_unverified);
  return reply;
}

// A secondary for disaster recovery keeps a copy and answers nothing but what makes it a primary.
bool is_disabled_secondary(const Cluster& cluster, NodeId node) {
  return cluster.world().replica_kind(cluster.world().replica_of(node)) == Replica::dr_secondary;
}

Reply disabled_path() {
  Reply reply = refused(400, Code::dr_secondary);
  reply.remarks.emplace_back(Code::dr_secondary_unverified);
  return reply;
}

Reply carry_out(Cluster& cluster, const Step& step, NodeId node, Handling handling) {
  const bool request = handling == Handling::read || handling == Handling::local || handling == Handling::write ||
                       handling == Handling::itself;
  if (!request) {
    if (node == no_node) return happened();  // there is no such node: nobody leads
    return std::visit(
        [&](const auto& action) {
          return apply(action, Scope{step.name_space, node}, cluster);
        },
        step.action);
  }
  if (node == no_node || cluster.node(node).sealed != 0) {
    const bool alone = node == no_node && cluster.world().nodes() == 1;
    return no_leader(cluster, alone ? 0 : node);
  }
  if (is_disabled_secondary(cluster, node)) return disabled_path();
  const NodeId handler = handling_node(cluster, node, handling);
  if (handler == no_node) return no_leader(cluster, node);
  if (!cluster.world().namespace_exists(step.name_space)) return refused(404, Code::namespace_not_found);
  return std::visit(
      [&](const auto& action) {
        return apply(action, Scope{step.name_space, handler}, cluster);
      },
      step.action);
}

// The first that was refused is the step's.
void gather(Outcome& outcome, NodeId node, Reply reply) {
  if (outcome.replies.empty()) outcome.node = node;
  outcome.replies.push_back({node, std::move(reply)});
}

void conclude(Outcome& outcome) {
  if (outcome.replies.empty()) return;
  const auto refused = std::ranges::find_if(outcome.replies, [](const NodeReply& each) { return !each.reply.ok(); });
  outcome.reply = refused == outcome.replies.end() ? outcome.replies.back().reply : refused->reply;
  if (outcome.replies.size() == 1) outcome.replies.clear();
}

}  // namespace

// Only what the steps before wrote can have lost its instance, or be the reason that a failed read goes well now.
void read_configurations(Cluster& cluster) {
  if (cluster.world().connections() == 0) return;
  const NodeId active = active_node(cluster);
  if (active == no_node || !cluster.world().capabilities(cluster.node(active).server).reports_running_connections)
    return;
  for (const ConnectionId each : cluster.take_unread()) {
    if (!read_configuration(cluster, active, each)) cluster.mark_unreadable(each);
  }
}

Outcome successor(Cluster& cluster, const Step& step) {
  read_configurations(cluster);
  return carry_out(cluster, step);
}

Outcome carry_out(Cluster& cluster, const Step& step) {
  Outcome outcome;
  const Handling handling = handling_of(step.action);
  if (handling == Handling::nobody) return outcome;
  const std::vector<NodeId> nodes = targets(cluster, step, handling);
  if (!nodes.empty() && nodes.front() != no_node) outcome.server = cluster.node(nodes.front()).server;
  for (const NodeId node : nodes) gather(outcome, node, carry_out(cluster, step, node, handling));
  if (handling == Handling::files && active_node(cluster) == no_node) try_to_lead_again(cluster);
  conclude(outcome);
  return outcome;
}

}  // namespace replug::simulator
