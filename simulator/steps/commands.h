#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// How a step's command is made from the kind's command and its list of fields. What reads commands, for example a
/// script's, finds the kind by `typed_as.words` and puts each flag, argument and pair into the field that names it
/// here.

/// One field of a step as it is to be typed.
struct TypedField {
  std::string_view name;
  Meaning meaning;
  Argument argument;
  std::vector<Text> values;        ///< one, or the items of a list
  std::vector<KeyValue> settings;  ///< the entries of a mapping
};

/// The whole line: `vault plugin register -namespace=team-a/ -version=v1.0.1 secret my-secret-plugin`.
std::string typed(const Command& command, const std::vector<TypedField>& fields, const Terminal& terminal);

/// Whether a kind's command and its fields fit: every name in the path is a field that stands in the path and the other
/// way round, flags begin with a dash, and what is called by a group has a path.
template <class Kind>
consteval bool fits_its_fields() {
  const std::string_view path = Kind::typed_as.path;
  std::size_t in_paths = 0;
  bool fits = true;
  bool has_path = false;
  for_each_field<Kind>([&](const auto& field) {
    using Form = Argument::Form;
    const Form form = field.argument.form;
    has_path = has_path || field.meaning == Meaning::path;
    if (form == Form::flag || form == Form::repeated_flag) fits = fits && field.argument.name.starts_with('-');
    if (form == Form::pair) fits = fits && !path.empty();
    if (form != Form::in_path) return;
    ++in_paths;
    const std::size_t at = path.find(field.name);
    fits = fits && at != std::string_view::npos && at > 0 && path[at - 1] == '{' &&
           path.substr(at + field.name.size()).starts_with('}');
  });
  for (const char c : path) in_paths -= c == '{' ? 1U : 0U;
  return fits && in_paths == 0 && (has_path || Kind::typed_as.words.find('{') == std::string_view::npos);
}

/// The fields that a step gives, in their order.
template <class Kind>
std::vector<TypedField> typed_fields(const Kind& step) {
  std::vector<TypedField> fields;
  for_each_field<Kind>([&](const auto& field) {
    const auto& member = step.*(field.member);
    TypedField typed{field.name, field.meaning, field.argument, {}, {}};
    for_each_text(member, [&](Text text) { typed.values.push_back(text); });
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(member)>, std::vector<KeyValue>>) typed.settings = member;
    if (!typed.values.empty() || !typed.settings.empty()) fields.push_back(std::move(typed));
  });
  return fields;
}

/// The command of a step whose kind is one plain command.
template <class Kind>
std::string typed(const Kind& step, const Terminal& terminal) {
  static_assert(fits_its_fields<Kind>(), "the command and the arguments of the fields do not fit");
  return typed(Kind::typed_as, typed_fields(step), terminal);
}

}  // namespace replug::simulator
