#pragma once

#include <concepts>
#include <cstddef>
#include <variant>

#include "simulator/steps/step.h"

namespace replug::simulator {

/// For code that treats some kinds of steps and passes the others over: both are named, so that a new kind does not
/// compile until somebody has said what it is there.

/// One of the kinds; for the overload of a visitor that stands for several.
template <class Kind, class... Kinds>
concept AnyOf = (std::same_as<Kind, Kinds> || ...);

template <class... Kind>
struct Kinds {};

template <class Kind, class List>
inline constexpr std::size_t times_in = 0;
template <class Kind, class... Listed>
inline constexpr std::size_t times_in<Kind, Kinds<Listed...>> = (std::size_t{std::same_as<Kind, Listed>} + ... + 0);

/// Whether the step is of one of the kinds in `Yes`; every other kind stands in `No`.
template <class Yes, class No>
bool is_one_of(const Action& action) {
  return std::visit(
      []<class Kind>(const Kind& /*step*/) {
        static_assert(times_in<Kind, Yes> + times_in<Kind, No> == 1, "every kind stands in one of the lists");
        return times_in<Kind, Yes> == 1;
      },
      action);
}

}  // namespace replug::simulator
