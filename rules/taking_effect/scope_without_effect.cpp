#include <fmt/format.h>

#include "rules/evidence/reloads.h"
#include "rules/judging/moment.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

std::string help_for(const simulator::Capabilities& server) {
  if (server.standbys_serve_reads) {
    return "Leave `scope` out, and restart the standbys after the reload: they run plugins too, and nothing else "
           "reaches them.";
  }
  return "Leave `scope` out. Standbys of this server run no plugins, so the active node is all that a reload has to "
         "reach; each of them loads the "
         "configured version when it becomes active.";
}

void check(const Moment& moment, Report& report) {
  const auto* reload = moment.as<simulator::Reload>();
  if (reload == nullptr || !reload->scope || reload->scope->view() != "global" || !moment.forecast.reply.ok()) return;
  const simulator::NodeId node = handler_of(moment.before, moment.forecast);
  if (node == simulator::no_node || moment.planned.step.fails) return;
  const simulator::ServerId id = moment.before.node(node).server;
  const simulator::Capabilities& server = moment.world().capabilities(id);
  if (server.has_global_reload) return;
  Finding& finding = report.finding(
      moment.plan.where(moment.planned, "scope"),
      fmt::format("`scope: global` does nothing on {}: the server answers {} and reloads on one node only.",
                  to_string(moment.world().server(id)), moment.forecast.reply.status),
      help_for(server));
  finding.step = moment.forecast.step;
  finding.subject = moment.planned.step.id.str();
}

}  // namespace

extern const Rule scope_without_effect;
constinit const Rule scope_without_effect = {
    .id = "scope-without-effect",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "taking-effect",
    .summary = "A reload with `scope: global` on a server that reloads one node all the same",
    .why =
        "Reloading on every node of every replicated cluster is a feature of Vault Enterprise. The community edition "
        "and OpenBao take the "
        "parameter and ignore it, and the answer looks like success: who relies on it leaves nodes on the old version.",
    .url = "https://developer.hashicorp.com/vault/api-docs/system/plugins-reload-backend",
    .check = StepCheck{check},
    .incident = "https://github.com/hashicorp/vault/issues/8108",
};

}  // namespace replug::rules
