#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
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

// Follows which releases run, as far as release notes know of them, and which server they run on.
class Follower {
 public:
  Follower(const PlayedPlan& played, Report& report)
      : played_(played),
        timeline_(played.facts.timeline()),
        world_(played.world()),
        report_(report),
        users_(played.plan.releases.size()) {
    for (const simulator::MountDescription& mount : played.plan.cluster.mounts)
      runs(Change::What::mount, mount.path, mount.running_version.value_or(mount.plugin_version), 0);
    for (const simulator::ConnectionDescription& each : played.plan.cluster.connections) {
      const simulator::MountId mount = world_.mount(each.mount);
      const auto id =
          mount == simulator::no_mount ? simulator::no_connection : world_.connection(mount, each.connection);
      if (id != simulator::no_connection)
        runs(Change::What::database, world_.connection(id).label, each.plugin_version, 0);
    }
  }

  void follow() {
    auto exchanges = timeline_.server_exchanges();
    for (std::size_t position = 0; position < played_.forecast.steps.size(); ++position) {
      for (; !exchanges.empty() && exchanges.front().position == position; exchanges = exchanges.subspan(1))
        exchange(exchanges.front());
      for (const Change& change : played_.forecast.steps[position].changes) take(position, change);
    }
  }

 private:
  // Takes down which release runs for a mount or connection now; nullptr: none that is listed.
  const Release* runs(Change::What what, Text subject, Text version, std::size_t position) {
    const MountedPlugin plugin = timeline_.plugin(what, subject, position);
    const Release* release = played_.plan.release(to_string(plugin.type), plugin.name.view(), version.view());
    const Release*& known = release_of_[subject.id()];
    if (known != nullptr) --users_[place_of(*known)];
    if (release != nullptr) ++users_[place_of(*release)];
    return known = release;
  }

  void take(std::size_t position, const Change& change) {
    if (change.what != Change::What::mount && change.what != Change::What::database) return;
    // What another plugin takes the place of, or nothing does, runs no more.
    if (change.field == simulator::CellField::type || change.field == simulator::CellField::plugin_name)
      runs(change.what, change.subject, Text{}, position + 1);
    if (change.field != simulator::CellField::actual_version || change.to.absent() || change.node == simulator::no_node)
      return;
    const Release* release = runs(change.what, change.subject, change.to, position + 1);
    const Server& server = world_.server(timeline_.server(change.node, position + 1));
    if (release != nullptr && !allows(*release, server)) {
      tell(position, *release, server, "",
           fmt::format("starts for {} on {}", shown(change.subject), shown(world_.node_name(change.node))));
    }
  }

  // What runs goes on to run, on another server. Told in the order of the plan's `releases`.
  void exchange(const ServerExchange& exchange) {
    const Server& before = world_.server(exchange.from);
    const Server& server = world_.server(exchange.to);
    for (const Release* release : refused_by(exchange.to)) {
      if (users_[place_of(*release)] != 0 && allows(*release, before))
        tell(exchange.position, *release, server, "version", "runs in this cluster");
    }
  }

  // The releases that do not allow a server, found out once for each.
  const std::vector<const Release*>& refused_by(simulator::ServerId server) {
    const auto [known, is_new] = refused_by_.try_emplace(server);
    if (!is_new) return known->second;
    for (const Release& release : played_.plan.releases) {
      if (!allows(release, world_.server(server))) known->second.push_back(&release);
    }
    return known->second;
  }

  [[nodiscard]] std::size_t place_of(const Release& release) const {
    return static_cast<std::size_t>(&release - played_.plan.releases.data());
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
  const Timeline& timeline_;
  const simulator::World& world_;
  Report& report_;
  std::unordered_map<std::uint32_t, const Release*> release_of_;  // by the number of the subject
  std::vector<std::size_t> users_;                                // by the place in the plan's `releases`
  std::map<simulator::ServerId, std::vector<const Release*>> refused_by_;
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
