#include "simulator/steps/subjects.h"

#include <cstddef>
#include <type_traits>
#include <variant>

namespace replug::simulator {

namespace {

template <class Kind>
constexpr std::size_t fields_that_mean(Meaning meaning) {
  std::size_t count = 0;
  for_each_field<Kind>([&](const auto& field) { count += field.meaning == meaning ? 1U : 0U; });
  return count;
}

}  // namespace

Handling handling_of(const Action& action) {
  return std::visit(
      []<class Kind>(const Kind& /*step*/) {
        static_assert((Kind::handling == Handling::named_node) == (fields_that_mean<Kind>(Meaning::node) == 1),
                      "a step that is done to a node has a field that names it, and no other step has");
        return Kind::handling;
      },
      action);
}

std::vector<Text> named(const Action& action, Meaning meaning) {
  std::vector<Text> texts;
  std::visit(
      [&]<class Kind>(const Kind& step) {
        for_each_field<Kind>([&](const auto& field) {
          if (field.meaning == meaning) for_each_text(step.*(field.member), [&](Text text) { texts.push_back(text); });
        });
      },
      action);
  return texts;
}

std::optional<Text> first_named(const Action& action, Meaning meaning) {
  const std::vector<Text> texts = named(action, meaning);
  return texts.empty() ? std::nullopt : std::optional(texts.front());
}

std::span<const Expectation> listed_expectations(const Action& action) {
  std::span<const Expectation> listed;
  std::visit(
      [&]<class Kind>(const Kind& step) {
        for_each_field<Kind>([&](const auto& field) {
          const auto& member = step.*(field.member);
          if constexpr (std::is_same_v<std::remove_cvref_t<decltype(member)>, std::vector<Expectation>>)
            listed = member;
        });
      },
      action);
  return listed;
}

}  // namespace replug::simulator
