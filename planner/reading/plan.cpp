#include "planner/reading/plan.h"

#include <algorithm>

#include "planner/reading/planned_step.h"

namespace replug::planner {

Plan::Plan() = default;
Plan::Plan(Plan&& other) noexcept = default;
Plan& Plan::operator=(Plan&& other) noexcept = default;
Plan::~Plan() = default;

Place Plan::where(const PlannedStep& step, std::string_view key) const {
  if (step.action_key != nullptr && step.action_key->text() == key) return place(*step.action_value);
  for (const Node* mapping : {step.action_value, step.node}) {
    const auto* entry = mapping == nullptr ? nullptr : mapping->find(key);
    if (entry != nullptr) return place(*entry->value);
  }
  return where(step);
}

Place Plan::where(const PlannedStep& step) const {
  return place(step.action_key != nullptr ? *step.action_key : *step.node);
}

const Release* Plan::release(std::string_view type, std::string_view plugin, std::string_view version) const {
  const std::array key{texts->find(type).id(), texts->find(plugin).id(), texts->find(version).id()};
  // Every release has all three, and a text that was never interned has the number of the empty one.
  const auto found = std::ranges::find(key, 0U) == key.end() ? release_places.find(key) : release_places.end();
  return found == release_places.end() ? nullptr : &releases[found->second];
}

}  // namespace replug::planner
