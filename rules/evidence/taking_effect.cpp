#include "rules/evidence/taking_effect.h"

#include <algorithm>

#include <fmt/format.h>

#include "simulator/vault/catalog.h"
#include "simulator/vault/high_availability.h"
#include "simulator/vault/pins.h"
#include "simulator/vault/reload.h"
#include "text/printable.h"

namespace replug::rules {

using simulator::Cluster;
using simulator::MountId;
using simulator::NodeId;
using simulator::Text;

Load load_of(const Cluster& cluster, NodeId node, MountId mount) {
  const simulator::World& world = cluster.world();
  const simulator::Object& object = cluster.object(node, mount);
  const simulator::StoredMount& stored = cluster.stored(mount);
  Load load;
  load.loaded = world.text(object.captured);
  load.now = object.record;
  load.pinned = simulator::pinned_version(cluster, node, stored.plugin).has_value();
  load.wanted = simulator::effective_version(cluster, node, stored.plugin, world.text(stored.version));
  if (world.is_core(stored.plugin)) return load;
  const simulator::Lookup found = simulator::lookup(cluster, node, stored.plugin, load.wanted);
  load.found = found.found == simulator::Lookup::Found::external || found.found == simulator::Lookup::Found::builtin;
  load.next = found.record;
  // A built-in is loaded as the built-in, whichever way its version was written.
  if (found.found == simulator::Lookup::Found::builtin) load.wanted = Text{};
  return load;
}

std::string loaded_words(const Load& load) {
  return load.now == 0 && load.loaded.empty() ? "the built-in" : version_words(load.loaded);
}

std::string wanted_words(const Load& load) {
  return load.found && load.next == 0 && load.wanted.empty() ? "the built-in" : version_words(load.wanted);
}

std::string entry_words(Text plugin, Text version) {
  return version.empty() ? fmt::format("the unversioned entry of {}", shown(plugin))
                         : fmt::format("{} {}", shown(plugin), shown(version));
}

Reloads::Reloads(const PlayedPlan& played) {
  const simulator::World& world = played.world();
  for (std::size_t position = 0; position < played.forecast.steps.size(); ++position) {
    const planner::PlannedStep& planned = played.facts.step_at(position);
    const auto* reload = std::get_if<simulator::Reload>(&planned.step.action);
    if (reload == nullptr) continue;
    if (reload->plugin) by_plugin_[reload->plugin->id()].push_back(position);
    for (const Text path : reload->mounts.value_or(std::vector<Text>{})) {
      const Text meant = world.texts().find(simulator::mount_meant(path.view()));
      const std::vector<MountId>& mounts = world.route(planned.step.name_space, meant).mounts;
      if (!mounts.empty()) by_mount_[mounts.front()].push_back(position);
    }
  }
}

std::optional<std::size_t> Reloads::next(MountId mount, Text plugin, std::size_t position) const {
  std::optional<std::size_t> first;
  const auto look = [&](const auto& table, auto key) {
    const auto found = table.find(key);
    if (found == table.end()) return;
    const auto at = std::ranges::upper_bound(found->second, position);
    if (at != found->second.end() && (!first || *at < *first)) first = *at;
  };
  look(by_plugin_, plugin.id());
  look(by_mount_, mount);
  return first;
}

std::vector<WaitingTune> waiting_tunes(const PlayedPlan& played, const Cluster& last) {
  const simulator::World& world = played.world();
  const NodeId active = simulator::active_node(last);
  if (active == simulator::no_node) return {};
  std::unordered_map<MountId, std::size_t> tuned;
  std::vector<MountId> order;
  for (std::size_t position = 0; position < played.forecast.steps.size(); ++position) {
    if (!std::holds_alternative<simulator::Tune>(played.facts.step_at(position).step.action)) continue;
    for (const simulator::Change& change : played.forecast.steps[position].changes) {
      if (change.what != simulator::Change::What::mount || change.field != simulator::CellField::plugin_version ||
          change.node != simulator::no_node)
        continue;
      const MountId mount = world.mount(change.subject);
      if (tuned.insert_or_assign(mount, position).second) order.push_back(mount);
    }
  }
  const Reloads reloads(played);
  std::vector<WaitingTune> waiting;
  for (const MountId mount : order) {
    if (last.stored(mount).exists == 0) continue;
    const Load load = load_of(last, active, mount);
    const bool runs = last.object(active, mount).backend != simulator::Backend::none;
    if (!runs || load.pinned || !load.waits()) continue;
    waiting.push_back(
        {mount, tuned[mount], reloads.next(mount, simulator::plugin_of(last, mount), tuned[mount]), load});
  }
  return waiting;
}

bool is_said_to_run(const planner::Plan& plan, Text path, Text version) {
  const auto says = [&](const simulator::Expectation& expectation) {
    if (expectation.subject != simulator::Expectation::Subject::mount || expectation.mount != path) return false;
    return std::ranges::any_of(expectation.claims, [&](const simulator::Claim& claim) {
      return claim.key == simulator::ClaimKey::running_version && claim.value == version;
    });
  };
  if (std::ranges::any_of(plan.expect, says)) return true;
  if (plan.steps.empty()) return false;
  const simulator::Step& last = plan.steps.back().step;
  if (std::ranges::any_of(last.expect, says)) return true;
  const auto* check = std::get_if<simulator::Check>(&last.action);
  return check != nullptr && std::ranges::any_of(check->expectations, says);
}

NodeId handler_of(const Cluster& before, const simulator::StepForecast& step) {
  if (step.node == simulator::no_node) return simulator::no_node;
  if (simulator::serves_reads(before, step.node)) return step.node;
  return simulator::active_node(before, before.world().replica_of(step.node));
}

bool reaches_all_namespaces(const Cluster& cluster, NodeId node, const simulator::Step& step) {
  return step.name_space.empty() && cluster.world().capabilities(cluster.node(node).server).has_reload_by_type;
}

std::vector<MountId> reloaded_before_failure(const PlayedPlan& played, const simulator::StepForecast& step) {
  std::vector<MountId> mounts;
  for (const simulator::Change& change : step.changes) {
    if (change.what != simulator::Change::What::mount || change.cause != simulator::Cause::reloaded) continue;
    const MountId mount = played.world().mount(change.subject);
    if (mounts.empty() || mounts.back() != mount) mounts.push_back(mount);
  }
  return mounts;
}

std::vector<NodeId> nodes_with_plugins(const Cluster& cluster) {
  std::vector<NodeId> nodes;
  const NodeId active = simulator::active_node(cluster);
  if (active != simulator::no_node) nodes.push_back(active);
  for (NodeId node = 0; node < cluster.world().nodes(); ++node) {
    if (node != active && simulator::runs_plugins(cluster, node)) nodes.push_back(node);
  }
  return nodes;
}

std::string node_words(const simulator::World& world, std::span<const NodeId> nodes) {
  std::vector<std::string> names;
  for (const NodeId node : nodes) names.push_back(shown(world.node_name(node)));
  return listed(names);
}

std::string mount_words(const simulator::World& world, std::span<const MountId> mounts) {
  std::vector<std::string> paths;
  for (const MountId mount : mounts) paths.push_back(shown(world.mount(mount).path));
  return listed(paths);
}

namespace {

const planner::Node* list_of_steps(const planner::Plan& plan) {
  const planner::Node* root = plan.document().root();
  const planner::Node::Entry* entry = root == nullptr ? nullptr : root->find("steps");
  return entry == nullptr ? nullptr : entry->value;
}

// An item that is repeated by an alias lies where it was first written, not in its own place.
bool lies_in_order(std::span<const planner::Node* const> items, std::size_t step) {
  const planner::Span span = items[step]->span();
  return (step == 0 || items[step - 1]->span().end <= span.begin) &&
         (step + 1 == items.size() || span.end <= items[step + 1]->span().begin);
}

planner::Place point(const planner::Plan& plan, std::size_t byte) {
  const auto at = static_cast<std::uint32_t>(byte);
  return {&plan.document().source(), {at, at}};
}

// `- ` before the item and what is before that: nothing but blanks, or it is no list in block style.
std::optional<std::string> indentation(std::string_view text, std::size_t begin) {
  const std::size_t line = text.rfind('\n', begin == 0 ? 0 : begin - 1);
  const std::string_view before = text.substr(line == std::string_view::npos ? 0 : line + 1,
                                              begin - (line == std::string_view::npos ? 0 : line + 1));
  const std::size_t dash = before.find_first_not_of(' ');
  if (dash == std::string_view::npos || before[dash] != '-') return std::nullopt;
  if (before.find_first_not_of(' ', dash + 1) != std::string_view::npos) return std::nullopt;
  return std::string(before);
}

}  // namespace

std::optional<Edit> step_behind(const planner::Plan& plan, std::size_t step, const std::string& action,
                                Text name_space) {
  const planner::Node* list = list_of_steps(plan);
  if (list == nullptr || step >= list->items().size() || list->items()[step] != plan.steps[step].node)
    return std::nullopt;
  // Keys in quotes: JSON, where a step without them would be the only one.
  if (plan.steps[step].action_key->quoted() || !lies_in_order(list->items(), step)) return std::nullopt;
  const std::string_view source = plan.document().source().text();
  const planner::Span span = list->items()[step]->span();
  const std::string fields =
      name_space.empty() ? action : fmt::format("{}, namespace: {}", action, flow_scalar(name_space));
  const std::string in_braces = fmt::format("{{{}}}", fields);
  if (source.substr(list->span().begin, 1) == "[") return Edit{point(plan, span.end), ", " + in_braces};
  const auto before = indentation(source, span.begin);
  if (!before) return std::nullopt;
  std::size_t end = span.end;
  while (end > span.begin && (source[end - 1] == '\n' || source[end - 1] == '\r' || source[end - 1] == ' ')) --end;
  end = std::min(source.find('\n', end), source.size());
  const bool carriage_return = end > 0 && end < source.size() && source[end - 1] == '\r';
  const bool as_siblings = name_space.empty() && source[span.begin] != '{';
  return Edit{point(plan, carriage_return ? end - 1 : end),
              fmt::format("{}{}{}", carriage_return ? "\r\n" : "\n", *before, as_siblings ? fields : in_braces)};
}

std::optional<Edit> field_behind(const planner::Plan& plan, const planner::PlannedStep& planned,
                                 const std::string& text) {
  const planner::Span span = planned.action_value->span();
  if (planned.action_key->quoted()) return std::nullopt;
  const std::string_view source = plan.document().source().text();
  if (span.end <= span.begin + 2 || source[span.begin] != '{' || source[span.end - 1] != '}') return std::nullopt;
  std::size_t end = span.end - 1;
  while (source[end - 1] == ' ' || source[end - 1] == '\n' || source[end - 1] == '\r') --end;
  return Edit{point(plan, end), fmt::format("{}{}", source[end - 1] == ',' ? " " : ", ", text)};
}

std::string flow_scalar(Text text) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-";
  const std::string_view view = text.view();
  const bool letter = !view.empty() && ((view[0] >= 'a' && view[0] <= 'z') || (view[0] >= 'A' && view[0] <= 'Z'));
  if (letter && view.find_first_not_of(plain) == std::string_view::npos) return std::string(view);
  std::string quoted = "'";
  for (const char c : view) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace replug::rules
