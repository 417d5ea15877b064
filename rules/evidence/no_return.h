#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "rules/judging/rule.h"

namespace replug::rules {

/// A step after which only a snapshot leads back to what was before.
struct NoReturn {
  enum class Why : std::uint8_t { migration, disabled, server };
  Why why;
  std::size_t position;  ///< in the run
  std::string what;      ///< `it migrates the data of my-secret/ from schema 1 to 2`
};

/// Every such step, in the order of the run, once each. A mount that the plan itself enabled has nothing in it to lose.
std::vector<NoReturn> points_of_no_return(const PlayedPlan& played);

}  // namespace replug::rules
