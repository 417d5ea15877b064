#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/judging/rule.h"
#include "simulator/medium/server.h"
#include "simulator/steps/kinds.h"

namespace replug::rules {

namespace {

using simulator::NodeId;

// Steps that write what every node goes by, or load plugins by it.
bool changes_plugins(const simulator::Action& action) {
  return simulator::is_one_of<
      simulator::Kinds<simulator::Register, simulator::Tune, simulator::Pin, simulator::Enable, simulator::Reload,
                       simulator::ConfigureDatabase>,
      simulator::Kinds<simulator::Install, simulator::Uninstall, simulator::Deregister, simulator::Disable,
                       simulator::Move, simulator::Unpin, simulator::ResetDatabase, simulator::RotateRoot,
                       simulator::RevokeLeases, simulator::ReloadDatabase, simulator::Request, simulator::Crash,
                       simulator::Restart, simulator::Seal, simulator::Unseal, simulator::StepDown,
                       simulator::UpgradeServer, simulator::Backup, simulator::Restore, simulator::Check,
                       simulator::Confirm>>(action);
}

// How many nodes of the primary cluster run which server.
class Servers {
 public:
  explicit Servers(const PlayedPlan& played) : played_(played) {
    for (NodeId node = 0; node < played.world().nodes(); ++node) {
      if (is_primary(node)) ++nodes_[played.facts.timeline().server(node, 0)];
    }
  }

  void exchange(const ServerExchange& exchange) {
    if (!is_primary(exchange.node)) return;
    if (--nodes_[exchange.from] == 0) nodes_.erase(exchange.from);
    ++nodes_[exchange.to];
  }

  [[nodiscard]] bool mixed() const { return nodes_.size() > 1; }
  /// Some write catalog entries that others cannot read.
  [[nodiscard]] bool read_differently() const {
    const auto words = [this](const auto& one) {
      return played_.world().capabilities(one.first).writes_types_as_words;
    };
    return std::ranges::any_of(nodes_, words) && !std::ranges::all_of(nodes_, words);
  }
  /// The first node, and the last that runs another server.
  [[nodiscard]] std::string words(std::size_t position) const {
    const auto server = [&](NodeId node) { return played_.facts.timeline().server(node, position); };
    const auto words = [&](NodeId node) {
      return fmt::format("{} runs {}", shown(played_.world().node_name(node)),
                         to_string(played_.world().server(server(node))));
    };
    std::vector<NodeId> nodes;
    for (NodeId node = 0; node < played_.world().nodes(); ++node) {
      if (is_primary(node)) nodes.push_back(node);
    }
    const auto other = std::ranges::find_if(nodes.rbegin(), nodes.rend(),
                                            [&](NodeId node) { return server(node) != server(nodes.front()); });
    return fmt::format("{} and {}", words(nodes.front()), words(*other));
  }

 private:
  [[nodiscard]] bool is_primary(NodeId node) const { return played_.world().replica_of(node) == 0; }

  const PlayedPlan& played_;
  std::map<simulator::ServerId, std::size_t> nodes_;
};

void tell(const PlayedPlan& played, std::size_t position, const Servers& servers, const ServerExchange& last,
          Report& report) {
  const planner::PlannedStep& planned = played.facts.step_at(position);
  const bool registers = std::holds_alternative<simulator::Register>(planned.step.action) && servers.read_differently();
  Finding& finding = report.finding(
      played.plan.where(planned),
      fmt::format("The cluster is between two servers here: {}. {}", servers.words(position),
                  registers ? "What the newer one registers the other cannot read, should it take the lead."
                            : "Which of them leads from here on is open, and each goes by its own rules."),
      "Exchange the servers of all nodes first; then register, tune and reload.");
  finding.subject = "the plan";
  finding.step = played.forecast.steps[position].step;
  finding.related.push_back(
      {"the last server that was exchanged before", played.plan.where(played.facts.step_at(last.position))});
}

void check(const PlayedPlan& played, Report& report) {
  const auto exchanges = played.facts.timeline().server_exchanges();
  Servers servers(played);
  for (std::size_t i = 0; i < exchanges.size(); ++i) {
    servers.exchange(exchanges[i]);
    if (!servers.mixed()) continue;
    const std::size_t until = i + 1 < exchanges.size() ? exchanges[i + 1].position : played.facts.steps();
    for (std::size_t position = exchanges[i].position + 1; position < until; ++position) {
      const simulator::Step& step = played.facts.step_at(position).step;
      if (step.fails || !played.forecast.steps[position].reply.ok() || !changes_plugins(step.action)) continue;
      tell(played, position, servers, exchanges[i], report);
      return;
    }
  }
}

}  // namespace

extern const Rule mixed_servers;
constinit const Rule mixed_servers = {
    .id = "mixed-servers",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "server",
    .summary = "Plugins are changed while the nodes run different servers",
    .why =
        "Each node goes by its own version, and nothing keeps the lead with the newer ones: after a failover an older "
        "server loads "
        "what was registered, tuned or pinned meanwhile, as it understands it. What Vault 1.16 registers an older node "
        "cannot "
        "read at all.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrading",
    .check = ForecastCheck{check},
    .incident = "https://github.com/NVIDIA/nvcf/issues/1627",
};

}  // namespace replug::rules
