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

std::optional<Edit> step_behind(const planner::Plan& plan, std::size_t step, const std::string& action,
                                simulator::Text name_space) {
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

std::string flow_scalar(simulator::Text text) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-";
  const std::string_view view = text.view();
  const bool letter = !view.empty() && ((view[0] >= 'a' && view[0] <= 'z') || (view[0] >= 'A' && view[0] <= 'Z'));
  if (letter && view.find_first_not_of(plain) == std::string_view::npos) return std::string(view);
  std::string quoted = "'";
  for (const char c : view) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace replug::rules
