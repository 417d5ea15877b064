#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "rules/judging/rule.h"
#include "simulator/medium/version.h"

namespace replug::rules {

namespace {

using planner::Release;
using planner::VersionConstraint;
using simulator::Change;
using simulator::Server;
using simulator::Text;

// Release notes speak of Vault's releases unless a lower bound can only be one of OpenBao's.
bool speaks_of(const VersionConstraint& constraint, simulator::Product product) {
  if (product == simulator::Product::vault) return true;
  using Operator = VersionConstraint::Operator;
  for (const auto& comparison : constraint.comparisons) {
    const bool lower = comparison.op == Operator::greater || comparison.op == Operator::greater_equal ||
                       comparison.op == Operator::pessimistic;
    if (lower && comparison.version.segments.front() >= 2) return true;
  }
  return false;
}

bool allows(const Release& release, const Server& server) {
  const auto version = simulator::parse_version(server.text, simulator::Strictness::semver);
  return !release.requires_server || !version || !speaks_of(*release.requires_server, server.product) ||
         release.requires_server->allows(*version);
}

// What runs, as far as release notes know of it: which plugin is behind a mount or connection, and which release of it.
struct Runs {
  simulator::PluginType type;
  Text plugin;
  const Release* release = nullptr;
};

class Follower {
 public:
  Follower(const PlayedPlan& played, Report& report) : played_(played), world_(played.world()), report_(report) {
    for (const simulator::NodeDescription& node : played.plan.cluster.nodes)
      servers_[node.name.id()] = played.plan.cluster.server;
    for (const simulator::MountDescription& mount : played.plan.cluster.mounts) {
      begin(mount.path, mount.auth ? simulator::PluginType::auth : simulator::PluginType::secret, mount.plugin,
            mount.running_version.value_or(mount.plugin_version));
    }
    for (const simulator::ConnectionDescription& each : played.plan.cluster.connections) {
      const simulator::MountId mount = world_.mount(each.mount);
      if (mount == simulator::no_mount) continue;
      const simulator::ConnectionId id = world_.connection(mount, each.connection);
      if (id != simulator::no_connection)
        begin(world_.connection(id).label, simulator::PluginType::database, each.plugin, each.plugin_version);
    }
  }

  void follow() {
    for (std::size_t position = 0; position < played_.forecast.steps.size(); ++position) {
      const auto& action = played_.facts.step_at(position).step.action;
      if (const auto* step = std::get_if<simulator::UpgradeServer>(&action)) exchange(position, *step);
      for (const Change& change : played_.forecast.steps[position].changes) take(position, change);
    }
  }

 private:
  void begin(Text subject, simulator::PluginType type, Text plugin, Text version) {
    runs_[subject.id()] = {type, plugin, played_.plan.release(to_string(type), plugin.view(), version.view())};
  }

  void take(std::size_t position, const Change& change) {
    if (change.what != Change::What::mount && change.what != Change::What::database) return;
    if (change.field == simulator::CellField::type || change.field == simulator::CellField::plugin_name) {
      const bool database = change.what == Change::What::database;
      const simulator::MountId mount = database ? simulator::no_mount : world_.mount(change.subject);
      const bool auth = mount != simulator::no_mount && world_.mount(mount).auth;
      Runs& runs = runs_[change.subject.id()];
      runs.type = database ? simulator::PluginType::database
                  : auth   ? simulator::PluginType::auth
                           : simulator::PluginType::secret;
      runs.plugin = change.to.text();
    }
    if (change.field != simulator::CellField::actual_version || change.to.absent() || change.node == simulator::no_node)
      return;
    Runs& runs = runs_[change.subject.id()];
    runs.release = played_.plan.release(to_string(runs.type), runs.plugin.view(), change.to.view());
    const Server& server = servers_[world_.node_name(change.node).id()];
    if (runs.release != nullptr && !allows(*runs.release, server)) {
      tell(position, *runs.release, server, "",
           fmt::format("starts for {} on {}", shown(change.subject), shown(world_.node_name(change.node))));
    }
  }

  // What runs goes on to run, on another server.
  void exchange(std::size_t position, const simulator::UpgradeServer& step) {
    Server& server = servers_[step.node.id()];
    const auto product = !step.product                       ? server.product
                         : step.product->view() == "openbao" ? simulator::Product::openbao
                                                             : simulator::Product::vault;
    const Server before = server;
    server = simulator::parse_server(product, step.version.view()).value_or(server);
    std::set<const Release*> asked;
    for (const auto& [subject, runs] : runs_) {
      if (runs.release == nullptr || !allows(*runs.release, before) || allows(*runs.release, server)) continue;
      if (!asked.insert(runs.release).second) continue;
      tell(position, *runs.release, server, "version", "runs in this cluster");
    }
  }

  void tell(std::size_t position, const Release& release, const Server& server, std::string_view key,
            const std::string& what) {
    if (!told_.emplace(&release, server.text).second) return;
    const planner::PlannedStep& planned = played_.facts.step_at(position);
    const planner::Node::Entry* requirement = release.node->find("requires_server");
    Finding& finding = report_.finding(
        key.empty() ? played_.plan.where(planned) : played_.plan.where(planned, key),
        fmt::format("{} {} {}, and its release notes do not allow {} (`requires_server: {}`).", shown(release.name),
                    shown(release.version), what, to_string(server),
                    requirement == nullptr ? "" : std::string(requirement->value->text())),
        key.empty()
            ? "Upgrade the server first, on every node, or choose a release of the plugin that is built for this one."
            : "Upgrade the plugin to a release that allows both servers before this step.");
    finding.subject = fmt::format("{} {} {}", release.name.view(), release.version.view(), server.text);
    finding.step = played_.forecast.steps[position].step;
    if (requirement != nullptr)
      finding.related.push_back({"required here", release.document->place(*requirement->value)});
  }

  const PlayedPlan& played_;
  const simulator::World& world_;
  Report& report_;
  std::unordered_map<std::uint32_t, Server> servers_;  // by the number of the node's name
  std::map<std::uint32_t, Runs> runs_;                 // by the number of the subject
  std::set<std::pair<const Release*, std::string>> told_;
};

void check(const PlayedPlan& played, Report& report) {
  if (std::ranges::any_of(played.plan.releases,
                          [](const Release& release) { return release.requires_server.has_value(); })) {
    Follower(played, report).follow();
  }
}

}  // namespace

extern const Rule plugin_needs_server;
constinit const Rule plugin_needs_server = {
    .id = "plugin-needs-server",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "server",
    .summary = "A plugin version runs on a server that its release notes do not allow",
    .why =
        "A plugin and a server speak a protocol whose versions change: one that was built for another server does not "
        "start, or starts and fails "
        "at the first request. Vault notices it only when the process is started.",
    .url = "https://developer.hashicorp.com/vault/docs/plugins/plugin-management",
    .check = ForecastCheck{check},
    .incident = "https://github.com/hashicorp/vault/issues/11598",
};

}  // namespace replug::rules
