#pragma once

#include <optional>
#include <string_view>

#include "planner/reading/plan.h"

namespace replug::rules {

/// Where the cluster description has something; nothing where it does not have it.

/// A catalog entry.
std::optional<planner::Place> described_entry(const planner::Plan& plan, std::string_view type, std::string_view name,
                                              std::string_view version);
/// A pin.
std::optional<planner::Place> described_pin(const planner::Plan& plan, std::string_view type, std::string_view name);
/// A mount, by its full path.
std::optional<planner::Place> described_mount(const planner::Plan& plan, std::string_view path);

}  // namespace replug::rules
