#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <unordered_map>

#include "rules/judging/rule.h"

namespace replug::rules {

/// How many leases are outstanding below the mounts of the cluster: as it counts them, until the plan revokes them.
/// What the plan's own requests leave behind is not counted.
class OutstandingLeases {
 public:
  explicit OutstandingLeases(const PlayedPlan& played);

  /// Below that mount, before the step that stands at this place of the order.
  [[nodiscard]] std::int64_t before(std::size_t position, simulator::Text path) const;
  /// Whether there are any at all.
  [[nodiscard]] bool empty() const { return counts_.empty(); }

 private:
  struct Count {
    std::int64_t leases = 0;
    std::size_t revoked_at;  ///< the place of the step that revokes them; behind the last one if none does
  };
  void add(simulator::Text path, std::int64_t leases, std::size_t never);

  std::unordered_map<std::uint32_t, Count> counts_;  // by path
};

}  // namespace replug::rules
