#include "rules/evidence/edits.h"

#include <algorithm>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"

namespace replug::rules {

namespace {

using planner::Node;
using planner::PlannedStep;
using planner::Span;

Edit edit_at(const planner::Plan& plan, Span span, std::string text) {
  return {{&plan.document().source(), span}, std::move(text)};
}

// What stands in a step's line before it, where that is the dash of a block sequence and nothing else.
std::optional<std::string> dash_before(const planner::Plan& plan, const PlannedStep& step) {
  const std::string_view text = plan.document().source().text().substr(0, step.node->span().begin);
  const std::string_view prefix = text.substr(text.rfind('\n') + 1);
  const std::size_t dash = prefix.find_first_not_of(' ');
  if (dash == std::string_view::npos || prefix[dash] != '-' ||
      prefix.find_first_not_of(' ', dash + 1) != std::string_view::npos)
    return std::nullopt;
  return std::string(prefix);
}

const Node::Entry* field_of(const PlannedStep& step, std::string_view key) {
  for (const Node* mapping : {step.action_value, step.node}) {
    const Node::Entry* entry = mapping == nullptr ? nullptr : mapping->find(key);
    if (entry != nullptr) return entry;
  }
  return nullptr;
}

}  // namespace

std::optional<Edit> step_before(const planner::Plan& plan, const PlannedStep& step, std::string_view text) {
  const auto prefix = dash_before(plan, step);
  const bool somebody_needs =
      std::ranges::any_of(plan.steps, [](const PlannedStep& each) { return each.needs.has_value(); });
  if (!prefix || somebody_needs) return std::nullopt;
  const std::uint32_t begin = step.node->span().begin;
  return edit_at(plan, {begin, begin}, fmt::format("{}\n{}", text, *prefix));
}

std::optional<Edit> other_value(const planner::Plan& plan, const PlannedStep& step, std::string_view key,
                                std::string text) {
  const Node::Entry* entry = field_of(step, key);
  if (entry == nullptr || entry->value->kind() != Node::Kind::scalar) return std::nullopt;
  return edit_at(plan, entry->value->span(), std::move(text));
}

std::optional<Edit> common_key(const planner::Plan& plan, const PlannedStep& step, std::string_view text) {
  const auto prefix = dash_before(plan, step);
  if (!prefix) return std::nullopt;
  const std::uint32_t begin = step.node->span().begin;
  return edit_at(plan, {begin, begin}, fmt::format("{}\n{}", text, std::string(prefix->size(), ' ')));
}

std::optional<Edit> without_field(const planner::Plan& plan, const PlannedStep& step, std::string_view key) {
  if (step.action_value == nullptr || step.action_value->kind() != Node::Kind::mapping) return std::nullopt;
  const auto entries = step.action_value->entries();
  for (std::size_t i = 1; i < entries.size(); ++i) {
    if (entries[i].key->text() != key) continue;
    // From the end of the entry before it: the comma or the line break goes too.
    return edit_at(plan, {entries[i - 1].value->span().end, entries[i].value->span().end}, "");
  }
  return std::nullopt;
}

}  // namespace replug::rules
