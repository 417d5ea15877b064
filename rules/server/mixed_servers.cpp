#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/judging/rule.h"
#include "simulator/medium/server.h"
#include "simulator/steps/kinds.h"

namespace replug::rules {

namespace {

using simulator::Server;
using simulator::Text;

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

// The servers of the nodes of the primary cluster, in the order of the plan.
class Nodes {
 public:
  explicit Nodes(const planner::Plan& plan) {
    for (const simulator::NodeDescription& node : plan.cluster.nodes) {
      if (!node.replica.empty()) continue;
      place_[node.name.id()] = nodes_.size();
      nodes_.push_back({node.name, plan.cluster.server});
    }
  }

  void exchange(const simulator::UpgradeServer& step) {
    const auto found = place_.find(step.node.id());
    if (found == place_.end()) return;
    Server& server = nodes_[found->second].server;
    const auto product = !step.product                       ? server.product
                         : step.product->view() == "openbao" ? simulator::Product::openbao
                                                             : simulator::Product::vault;
    server = simulator::parse_server(product, step.version.view()).value_or(server);
    other_ = nullptr;
    for (const Node& node : nodes_) {
      if (!(node.server == nodes_.front().server)) other_ = &node;
    }
  }

  [[nodiscard]] bool mixed() const { return other_ != nullptr; }
  [[nodiscard]] std::string words() const {
    return fmt::format("{} runs {} and {} runs {}", shown(nodes_.front().name), to_string(nodes_.front().server),
                       shown(other_->name), to_string(other_->server));
  }
  /// Some write catalog entries that others cannot read.
  [[nodiscard]] bool read_differently() const {
    const auto words = [](const Node& node) { return simulator::capabilities_of(node.server).writes_types_as_words; };
    return std::ranges::any_of(nodes_, words) && !std::ranges::all_of(nodes_, words);
  }

 private:
  struct Node {
    Text name;
    Server server;
  };
  std::vector<Node> nodes_;
  std::unordered_map<std::uint32_t, std::size_t> place_;
  const Node* other_ = nullptr;
};

void tell(const PlayedPlan& played, std::size_t position, const Nodes& nodes, const planner::PlannedStep& exchange,
          Report& report) {
  const planner::PlannedStep& planned = played.facts.step_at(position);
  const bool registers = std::holds_alternative<simulator::Register>(planned.step.action) && nodes.read_differently();
  Finding& finding = report.finding(
      played.plan.where(planned),
      fmt::format("The cluster is between two servers here: {}. {}", nodes.words(),
                  registers ? "What the newer one registers the other cannot read, should it take the lead."
                            : "Which of them leads from here on is open, and each goes by its own rules."),
      "Exchange the servers of all nodes first; then register, tune and reload.");
  finding.subject = "the plan";
  finding.step = played.forecast.steps[position].step;
  finding.related.push_back({"the last server that was exchanged before", played.plan.where(exchange)});
}

void check(const PlayedPlan& played, Report& report) {
  Nodes nodes(played.plan);
  const planner::PlannedStep* exchange = nullptr;
  for (std::size_t position = 0; position < played.forecast.steps.size(); ++position) {
    const planner::PlannedStep& planned = played.facts.step_at(position);
    if (const auto* step = std::get_if<simulator::UpgradeServer>(&planned.step.action)) {
      nodes.exchange(*step);
      exchange = &planned;
    }
    if (exchange == nullptr || !nodes.mixed() || planned.step.fails) continue;
    if (!played.forecast.steps[position].reply.ok() || !changes_plugins(planned.step.action)) continue;
    tell(played, position, nodes, *exchange, report);
    return;
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
