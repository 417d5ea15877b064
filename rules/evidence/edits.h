#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "planner/reading/plan.h"
#include "rules/judging/finding.h"

namespace replug::rules {

/// Edits of a plan's own text for fixes. Layout and comments stay; where the layout leaves no sure place, there is no
/// edit.

/// A step of its own in front of another: `backup: {}`. Nothing where steps say what they need, because ids may count
/// on places.
std::optional<Edit> step_before(const planner::Plan& plan, const planner::PlannedStep& step, std::string_view text);
/// A step of its own behind one of the plan, in the layout of its list; nothing where the layout is not one that can be
/// followed. `action` is written as `reload: {mounts: [my-secret/]}`.
std::optional<Edit> step_behind(const planner::Plan& plan, std::size_t step, const std::string& action,
                                simulator::Text name_space);
/// Another value for a field of a step (`plugin_version`) or a common key (`at`); nothing if it does not have that
/// field.
std::optional<Edit> other_value(const planner::Plan& plan, const planner::PlannedStep& step, std::string_view key,
                                std::string text);
/// A common key beside the step's action: `namespace: team-a/`.
std::optional<Edit> common_key(const planner::Plan& plan, const planner::PlannedStep& step, std::string_view text);
/// A field behind the last one of a step's action, if that is written in flow style.
std::optional<Edit> field_behind(const planner::Plan& plan, const planner::PlannedStep& planned,
                                 const std::string& text);
/// Takes a field of a step away.
std::optional<Edit> without_field(const planner::Plan& plan, const planner::PlannedStep& step, std::string_view key);

/// A text as a value in flow style: in quotes where it needs them.
std::string flow_scalar(simulator::Text text);

}  // namespace replug::rules
