#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/evidence/edits.h"
#include "rules/evidence/load.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

using simulator::Cause;
using simulator::Change;
using simulator::Cluster;
using simulator::MountId;
using simulator::NodeId;

// The mounts of a plugin that one step brought to another version on the active node, and the nodes that stayed behind.
struct Behind {
  std::vector<MountId> mounts;
  std::vector<NodeId> nodes;
  std::unordered_set<NodeId> known;  // those of `nodes`
  Load there;
  Load on_active;
};

// Where the active node got what it runs: by mount, the position of the last step of the run that loaded it there.
std::unordered_map<MountId, std::size_t> last_loads(const PlayedPlan& played, NodeId active) {
  std::unordered_map<MountId, std::size_t> loads;
  for (std::size_t position = 0; position < played.forecast.steps.size(); ++position) {
    for (const Change& change : played.forecast.steps[position].changes) {
      if (change.what != Change::What::mount || change.node != active) continue;
      if (change.cause != Cause::reloaded && change.cause != Cause::unsealed) continue;
      loads[played.world().mount(change.subject)] = position;
    }
  }
  return loads;
}

bool is_behind(const Cluster& last, NodeId active, NodeId node, MountId mount) {
  const simulator::Object& here = last.object(active, mount);
  const simulator::Object& there = last.object(node, mount);
  if (here.backend != simulator::Backend::plugin || there.backend != simulator::Backend::plugin) return false;
  return here.captured != there.captured || here.record != there.record;
}

std::string words(const Load& load, const Load& other, const simulator::World& world) {
  if (load.loaded != other.loaded) return loaded_words(load);
  return fmt::format("{} with sha256 {}", loaded_words(load), short_sha(world.record(load.now).sha256));
}

void tell(const PlayedPlan& played, const Cluster& last, std::size_t position, const Behind& behind, Report& report) {
  const simulator::World& world = played.world();
  const planner::PlannedStep& planned = played.facts.step_at(position);
  const NodeId active = simulator::active_node(last);
  const bool enterprise = world.capabilities(last.node(active).server).has_global_reload;
  const std::string nodes = node_words(world, behind.nodes);
  const bool many = behind.nodes.size() > 1;
  Finding& finding = report.finding(
      played.plan.where(planned),
      fmt::format("This brings {} to {} on {}, but not on every node that runs plugins: when the plan is done {} still "
                  "{} {}. {}",
                  mount_words(world, behind.mounts), words(behind.on_active, behind.there, world),
                  shown(world.node_name(active)), nodes, many ? "run" : "runs",
                  words(behind.there, behind.on_active, world),
                  enterprise ? "Performance standbys and secondaries run plugin processes of their own, and a reload "
                               "without `scope: global` "
                               "reaches one node."
                             : "Standbys of OpenBao 2.5 and later answer reads with plugin processes of their own, "
                               "which follow neither a tune "
                               "nor a reload, not even one that is sent to them."),
      enterprise
          ? std::string("Reload with `scope: global`, and ask for the reload's status until every node has answered.")
          : fmt::format("Restart {} after the reload, one after the other: a standby loads the configured version when "
                        "it starts.",
                        nodes));
  finding.step = played.forecast.steps[position].step;
  finding.subject = simulator::plugin_of(last, behind.mounts.front()).str();
  const auto* reload = std::get_if<simulator::Reload>(&planned.step.action);
  if (!enterprise || reload == nullptr || reload->scope || planned.step.at.who != simulator::At::Who::unsaid) return;
  if (const auto edit = field_behind(played.plan, planned, "scope: global"))
    finding.fix = Fix{"reload on every node", true, {*edit}};
}

void check(const PlayedPlan& played, Report& report) {
  const Cluster& last = played.facts.end();
  const std::vector<NodeId> nodes = nodes_with_plugins(last);
  const NodeId active = simulator::active_node(last);
  if (nodes.size() < 2 || active == simulator::no_node) return;
  std::map<std::pair<std::size_t, simulator::PluginId>, Behind> groups;  // by the step and the plugin
  const auto loads = last_loads(played, active);
  for (MountId mount = 0; mount < played.world().mounts(); ++mount) {
    const auto load = loads.find(mount);
    if (load == loads.end() || played.facts.step_at(load->second).step.fails) continue;
    for (const NodeId node : nodes) {
      if (node == active || !is_behind(last, active, node, mount)) continue;
      Behind& behind = groups[{load->second, last.stored(mount).plugin}];
      if (behind.mounts.empty()) {
        behind.there = load_of(last, node, mount);
        behind.on_active = load_of(last, active, mount);
      }
      if (behind.mounts.empty() || behind.mounts.back() != mount) behind.mounts.push_back(mount);
      if (behind.known.insert(node).second) behind.nodes.push_back(node);
    }
  }
  for (const auto& [key, behind] : groups) tell(played, last, key.first, behind, report);
}

}  // namespace

extern const Rule standby_keeps_old;
constinit const Rule standby_keeps_old = {
    .id = "standby-keeps-old",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "taking-effect",
    .summary =
        "The active node is brought to another version, and nodes that run plugins beside it stay on the old one",
    .why =
        "A reload acts on the node that gets it. Performance standbys and performance secondaries of Vault Enterprise, "
        "and standbys of OpenBao "
        "from 2.5 on, run plugin processes of their own: left out, the cluster answers with two versions of the "
        "plugin, depending on which "
        "node a request meets. On Enterprise `scope=global` reaches them all; on OpenBao only a restart of the standby "
        "does.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = ForecastCheck{check},
    .incident = "https://github.com/hashicorp/vault/issues/8108",
};

}  // namespace replug::rules
