#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/judging/rule.h"
#include "simulator/run/view.h"
#include "simulator/vault/pins.h"

namespace replug::rules {

namespace {

using planner::Node;
using simulator::Change;
using simulator::ConnectionId;
using simulator::Text;

// Connections of one plugin that a plan takes from one version to another.
struct Move {
  std::size_t position = 0;  ///< of the last one
  Text label;
  Text to;
  std::vector<ConnectionId> left;
};
using Key = std::pair<std::uint32_t, std::uint32_t>;  // plugin name, version before
using Moves = std::map<Key, Move>;

std::optional<ConnectionId> written(const PlayedPlan& played, const planner::PlannedStep& planned,
                                    const simulator::ConfigureDatabase& step) {
  const simulator::MountId mount = played.world().mount(played.world().full_path(planned.step.name_space, step.mount));
  if (mount == simulator::no_mount) return std::nullopt;
  const ConnectionId id = played.world().connection(mount, step.connection);
  return id == simulator::no_connection ? std::nullopt : std::optional(id);
}

// The versions that the plan takes connections away from. One that is created comes from nowhere.
Moves moves_of(const PlayedPlan& played, const simulator::Cluster& last) {
  Moves moves;
  for (std::size_t position = 0; position < played.forecast.steps.size(); ++position) {
    const planner::PlannedStep& planned = played.facts.step_at(position);
    const auto* step = std::get_if<simulator::ConfigureDatabase>(&planned.step.action);
    const auto id = step == nullptr ? std::nullopt : written(played, planned, *step);
    if (!id || !step->plugin_version) continue;
    const Change* version = nullptr;
    bool other_plugin = false;
    for (const Change& change : played.forecast.steps[position].changes) {
      if (change.what != Change::What::database || change.subject != played.world().connection(*id).label) continue;
      if (change.field == simulator::CellField::plugin_version && change.node == simulator::no_node) version = &change;
      other_plugin = other_plugin || change.field == simulator::CellField::plugin_name;
    }
    if (version == nullptr || other_plugin) continue;
    Move& move = moves[{last.connection(*id).plugin, version->from.text().id()}];
    move.position = position;
    move.label = version->subject;
    move.to = version->to;
  }
  return moves;
}

void find_left(const PlayedPlan& played, const simulator::Cluster& last, Moves& moves) {
  const simulator::NodeId active = simulator::active_node(last);
  for (const ConnectionId id : simulator::connections_by_label(last)) {
    const simulator::StoredConnection& stored = last.connection(id);
    const auto found = moves.find({stored.plugin, stored.version});
    const simulator::World& world = last.world();
    const Text label = world.connection(id).label;
    if (found == moves.end() || played.facts.is_expected(label, world.text(stored.version))) continue;
    const auto plugin = world.plugin(simulator::PluginType::database, world.text(stored.plugin));
    if (active != simulator::no_node && simulator::pinned_version(last, active, plugin)) continue;
    // What the plan itself wrote so is meant so.
    const auto changes = played.facts.timeline().history(Change::What::database, label);
    if (std::ranges::any_of(
            changes, [](const ChangeAt& each) { return each.change->field == simulator::CellField::plugin_version; }))
      continue;
    found->second.left.push_back(id);
  }
}

void relate(const PlayedPlan& played, const std::vector<ConnectionId>& left, Finding& finding) {
  constexpr std::size_t enough = 3;
  const Node* cluster = played.plan.described.cluster;
  const Node::Entry* engines = cluster == nullptr ? nullptr : cluster->find("databases");
  if (engines == nullptr) return;
  for (std::size_t i = 0; i < std::min(left.size(), enough); ++i) {
    const simulator::ConnectionName& connection = played.world().connection(left[i]);
    const Node::Entry* engine = engines->value->find(played.world().mount(connection.mount).path.view());
    const Node::Entry* entry = engine == nullptr ? nullptr : engine->value->find(connection.name.view());
    if (entry != nullptr)
      finding.related.push_back({"stays as it is", played.plan.described.document->place(*entry->key)});
  }
}

void check(const PlayedPlan& played, Report& report) {
  simulator::State state = played.forecast.last;
  const simulator::Cluster last(played.world(), state);
  Moves moves = moves_of(played, last);
  if (moves.empty()) return;
  find_left(played, last, moves);
  for (const auto& [key, move] : moves) {
    if (move.left.empty()) continue;
    const Text plugin = played.world().text(key.first);
    const Text from = played.world().text(key.second);
    std::vector<std::string> labels;
    for (const ConnectionId id : move.left) labels.push_back(shown(played.world().connection(id).label));
    Finding& finding = report.finding(
        played.plan.where(played.facts.step_at(move.position), "plugin_version"),
        fmt::format("{} goes to {} {}, but {} with the same plugin {} on {}: each connection has a version of its own.",
                    shown(move.label), shown(plugin), version_words(move.to), listed(labels),
                    labels.size() == 1 ? "stays" : "stay", version_words(from)),
        fmt::format(
            "Give {} `plugin_version: {}` too (`configure_database`). If {} to stay, say so with an expectation.",
            labels.size() == 1 ? "it" : "each of them", shown(move.to), labels.size() == 1 ? "it is" : "they are"));
    finding.subject = fmt::format("{} {}", plugin.view(), from.view());
    finding.step = played.forecast.steps[move.position].step;
    relate(played, move.left, finding);
  }
}

}  // namespace

extern const Rule connections_left_behind;
constinit const Rule connections_left_behind = {
    .id = "connections-left-behind",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "data",
    .summary = "Some database connections get a new version, and others with the same plugin keep the old one",
    .why =
        "The version of a database plugin is part of each connection's configuration. Nothing takes all connections of "
        "a "
        "plugin to a new version at once, except a pin; those that are forgotten run the old version until somebody "
        "deregisters it.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = ForecastCheck{check},
};

}  // namespace replug::rules
