#include <algorithm>

#include <fmt/format.h>

#include "rules/evidence/load.h"
#include "rules/judging/moment.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

using simulator::Address;
using simulator::At;
using simulator::NodeId;

bool is_balanced(const planner::Plan& plan, const simulator::Step& step) {
  if (step.at.who == At::Who::load_balancer) return true;
  return step.at.who == At::Who::unsaid && plan.cluster.address.who == Address::Who::load_balancer;
}

void check(const Moment& moment, Report& report) {
  const auto* reload = moment.as<simulator::Reload>();
  if (reload == nullptr || moment.planned.step.fails || !is_balanced(moment.plan, moment.planned.step)) return;
  std::vector<NodeId> nodes = nodes_with_plugins(moment.before);
  std::erase_if(nodes, [&](NodeId node) { return moment.world().replica_of(node) != 0; });
  if (nodes.size() < 2) return;
  const simulator::Capabilities& server = moment.world().capabilities(moment.before.node(nodes.front()).server);
  if (server.has_global_reload && reload->scope) return;
  Finding& finding =
      report.finding(moment.plan.where(moment.planned, "at"),
                     fmt::format("This reload goes through a load balancer, so it reaches one of {}, and nobody knows "
                                 "which. Each of them runs its own plugin "
                                 "processes, and a reload acts on the node that gets it.",
                                 node_words(moment.world(), nodes)),
                     server.has_global_reload ? "Reload with `scope: global`, or send it to each node (`at: each`)."
                                              : "Send the reload to the active node (`at: active`), and restart the "
                                                "standbys, which no reload brings to another version.");
  finding.step = moment.forecast.step;
  finding.subject = moment.planned.step.id.str();
}

}  // namespace

extern const Rule load_balancer_between;
constinit const Rule load_balancer_between = {
    .id = "load-balancer-between",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "taking-effect",
    .summary = "A reload is sent through a load balancer to a cluster in which several nodes run plugins",
    .why =
        "Vault's documentation asks for a reload on each instance: done once, or through a load balancer, it can leave "
        "mismatched plugin "
        "binaries in the cluster. Where standbys only pass requests on, it makes no difference.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = StepCheck{check},
    .incident = "https://github.com/hashicorp/vault/issues/9487",
};

}  // namespace replug::rules
