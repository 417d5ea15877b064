#pragma once

#include <cstdint>

namespace replug::simulator {

/// A node of the cluster by its place in the plan's `nodes`, from 0.
using NodeId = std::uint32_t;
inline constexpr NodeId no_node = ~NodeId{0};

}  // namespace replug::simulator
