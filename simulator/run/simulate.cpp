#include "simulator/run/simulate.h"

#include <algorithm>

#include "simulator/run/changes.h"
#include "simulator/run/expectations.h"
#include "simulator/run/view.h"
#include "simulator/vault/database.h"
#include "simulator/vault/high_availability.h"
#include "simulator/vault/messages.h"

namespace replug::simulator {

namespace {

Handling handling_of(const Action& action) {
  return std::visit([](const auto& step) { return std::remove_cvref_t<decltype(step)>::handling; }, action);
}

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
          return apply(action, Scope{step.name_space, node, {}}, cluster);
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
        return apply(action, Scope{step.name_space, handler, {}}, cluster);
      },
      step.action);
}

// The first that was refused is the step's.
void gather(StepForecast& forecast, NodeId node, const Reply& reply) {
  const bool first = forecast.replies.empty();
  forecast.replies.push_back({node, reply});
  if (first) forecast.node = node;
  if (first || forecast.reply.ok()) forecast.reply = reply;
}

void tell_remarks(StepForecast& forecast, const Reply& reply) {
  for (std::string& what : not_modelled_in(reply)) forecast.not_modelled.push_back(std::move(what));
  for (std::string& what : unverified_in(reply)) forecast.unverified.push_back(std::move(what));
}

// What any of the replies leaves open, the step leaves open.
void tell_remarks(StepForecast& forecast) {
  if (forecast.replies.empty()) tell_remarks(forecast, forecast.reply);
  for (const NodeReply& each : forecast.replies) tell_remarks(forecast, each.reply);
}

bool reply_as_meant(const Reply& reply, const std::optional<Fails>& fails) {
  if (!fails) return reply.ok();
  // Nobody who waits for an error is answered by silence.
  return !reply.ok() && !reply.hangs && (fails->part.empty() || says(reply, fails->part.view()));
}

bool all_hold(std::span<const ClaimResult> results) {
  return std::ranges::all_of(results, [](const ClaimResult& result) { return result.holds; });
}

NodeId node_of_step(const World& world, const Action& action) {
  if (const auto* step = std::get_if<Restart>(&action)) return world.node(step->node);
  if (const auto* step = std::get_if<Seal>(&action)) return world.node(step->node);
  if (const auto* step = std::get_if<Unseal>(&action)) return world.node(step->node);
  if (const auto* step = std::get_if<UpgradeServer>(&action)) return world.node(step->node);
  return no_node;
}

std::span<const Expectation> listed_expectations(const Action& action) {
  const auto* check = std::get_if<Check>(&action);
  return check == nullptr ? std::span<const Expectation>{} : std::span<const Expectation>(check->expectations);
}

}  // namespace

Run::Run(std::shared_ptr<const World> world) : Run(world, world->initial()) {}

Run::Run(std::shared_ptr<const World> world, State from)
    : world_(std::move(world)), state_(std::move(from)), cluster_(*world_, state_, &log_), shown_(statuses(cluster_)) {
  for (ConnectionId each = 0; each < world_->connections(); ++each) unread_.push_back(each);
}

StepForecast Run::carry_out_everywhere(const Step& step) {
  read_configurations_between_steps();
  StepForecast forecast;
  const Handling handling = handling_of(step.action);
  if (handling == Handling::nobody) return forecast;
  if (handling == Handling::named_node) {
    const NodeId node = node_of_step(*world_, step.action);
    gather(forecast, node, carry_out(cluster_, step, node, handling));
  } else {
    for (const NodeId node : targets(cluster_, step, handling))
      gather(forecast, node, carry_out(cluster_, step, node, handling));
    if (handling == Handling::files && active_node(cluster_) == no_node) try_to_lead_again(cluster_);
  }
  if (forecast.replies.size() == 1) forecast.replies.clear();
  return forecast;
}

void Run::advance(const Step& step) { carry_out_everywhere(step); }

StepForecast Run::play(std::size_t number, const Step& step) {
  StepForecast forecast = carry_out_everywhere(step);
  forecast.step = number;
  tell_remarks(forecast);
  forecast.changes = changes_since(cluster_, log_, shown_);
  forecast.expectations = judge(listed_expectations(step.action));
  for (ClaimResult& result : judge(step.expect)) forecast.expectations.push_back(std::move(result));
  forecast.reply_as_meant = reply_as_meant(forecast.reply, step.fails);
  forecast.as_meant = forecast.reply_as_meant && all_hold(forecast.expectations);
  return forecast;
}

// The forecast stands for a cluster that somebody looks at after each step, as in the recordings: first at the
// processes, then at the database configurations, which from Vault 1.16 on starts the plugin of a connection that has
// none. So that happens between two steps. Only what the step before wrote can have lost its instance, or be the reason
// that a failed read goes well now.
void Run::read_configurations_between_steps() {
  if (world_->connections() == 0) {
    log_.clear();
    return;
  }
  for (const ConnectionId touched : touched_connections(cluster_, log_)) unread_.push_back(touched);
  const bool retry = first_ || writes_beside_connections(cluster_, log_);
  log_.clear();
  const NodeId active = active_node(cluster_);
  if (active == no_node || !world_->capabilities(cluster_.node(active).server).reports_running_connections) return;
  first_ = false;
  if (!retry && unread_.empty()) return;
  std::vector<ConnectionId> asked;
  asked.swap(unread_);
  if (retry) asked.insert(asked.end(), failed_.begin(), failed_.end());
  if (retry) failed_.clear();
  std::ranges::sort(asked);
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  for (const ConnectionId each : asked) {
    if (!read_configuration(cluster_, active, each)) failed_.push_back(each);
  }
}

std::vector<ClaimResult> Run::judge(std::span<const Expectation> expectations) const {
  return judge_expectations(cluster_, expectations);
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok:
      return "ok";
    case Verdict::refused:
      return "refused";
    case Verdict::unexpected:
      return "unexpected";
  }
  return "";
}

namespace {

// A step that was refused and not meant to be weighs more than an expectation that does not hold.
Verdict verdict_of(const Forecast& forecast, std::span<const Step> steps) {
  Verdict verdict = all_hold(forecast.expectations) ? Verdict::ok : Verdict::unexpected;
  for (const StepForecast& step : forecast.steps) {
    if (!step.reply.ok() && (step.reply.hangs || !steps[step.step].fails)) return Verdict::refused;
    if (!step.as_meant) verdict = Verdict::unexpected;
  }
  return verdict;
}

void say_assumptions(Forecast& forecast, std::span<const Step> steps) {
  const auto given = forecast.world->assumed();
  forecast.assumed.assign(given.begin(), given.end());
  const bool balanced = forecast.world->description().address.who == Address::Who::load_balancer;
  for (const Step& step : steps) {
    if (step.at.who != At::Who::load_balancer && !(balanced && step.at.who == At::Who::unsaid)) continue;
    forecast.assumed.emplace_back(
        "Which node a load balancer chooses is not known: such requests are taken to reach the active node.");
    break;
  }
  for (ServerId id = 0; id < forecast.world->servers(); ++id) {
    if (!forecast.world->capabilities(id).reports_running_connections || forecast.world->connections() == 0) continue;
    forecast.assumed.emplace_back(
        "Somebody reads the database configurations after each step, which on Vault 1.16 and later starts the plugin "
        "of a connection that "
        "has none.");
    break;
  }
}

}  // namespace

Forecast simulate(const ClusterDescription& cluster, std::span<const Step> steps, std::span<const std::size_t> order,
                  std::span<const Expectation> expect, Texts& texts) {
  Forecast forecast;
  forecast.world = World::make(cluster, steps, expect, texts);
  forecast.order.assign(order.begin(), order.end());
  Run run(forecast.world);
  for (const std::size_t number : order) forecast.steps.push_back(run.play(number, steps[number]));
  forecast.expectations = run.judge(expect);
  forecast.last = run.state();
  forecast.verdict = verdict_of(forecast, steps);
  say_assumptions(forecast, steps);
  return forecast;
}

}  // namespace replug::simulator
