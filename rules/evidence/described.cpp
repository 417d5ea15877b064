#include "rules/evidence/described.h"

#include "planner/reading/planned_step.h"

namespace replug::rules {

namespace {

bool scalar_is(const planner::Node& mapping, std::string_view key, std::string_view value) {
  const planner::Node::Entry* entry = mapping.find(key);
  return entry != nullptr ? entry->value->text() == value : value.empty();
}

const planner::Node* section(const planner::Plan& plan, std::string_view key) {
  if (plan.described.cluster == nullptr) return nullptr;
  const planner::Node::Entry* entry = plan.described.cluster->find(key);
  return entry == nullptr ? nullptr : entry->value;
}

}  // namespace

std::optional<planner::Place> described_entry(const planner::Plan& plan, std::string_view type, std::string_view name,
                                              std::string_view version) {
  const planner::Node* catalog = section(plan, "catalog");
  if (catalog == nullptr) return std::nullopt;
  for (const planner::Node* item : catalog->items()) {
    if (scalar_is(*item, "type", type) && scalar_is(*item, "name", name) && scalar_is(*item, "version", version)) {
      return plan.described.document->place(*item);
    }
  }
  return std::nullopt;
}

std::optional<planner::Place> described_pin(const planner::Plan& plan, std::string_view type, std::string_view name) {
  const planner::Node* pins = section(plan, "pins");
  if (pins == nullptr) return std::nullopt;
  for (const planner::Node* item : pins->items()) {
    if (scalar_is(*item, "type", type) && scalar_is(*item, "name", name)) return plan.described.document->place(*item);
  }
  return std::nullopt;
}

std::optional<planner::Place> described_mount(const planner::Plan& plan, std::string_view path) {
  const bool auth = path.starts_with("auth/");
  const planner::Node* mounts = section(plan, auth ? "auth" : "secrets");
  if (mounts == nullptr) return std::nullopt;
  const planner::Node::Entry* entry = mounts->find(auth ? path.substr(5) : path);
  if (entry == nullptr) return std::nullopt;
  return plan.described.document->place(*entry->key);
}

}  // namespace replug::rules
