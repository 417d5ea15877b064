#include "rules/evidence/leases.h"

#include <algorithm>
#include <limits>

#include "planner/reading/planned_step.h"

namespace replug::rules {

using simulator::Text;

OutstandingLeases::OutstandingLeases(const PlayedPlan& played) {
  const auto& steps = played.forecast.steps;
  for (const simulator::MountDescription& mount : played.plan.cluster.mounts)
    add(mount.path, mount.leases, steps.size());
  for (const simulator::ConnectionDescription& each : played.plan.cluster.connections)
    add(each.mount, each.leases, steps.size());
  // Those that no step has revoked yet. What is revoked leaves, so that many steps do not look at every mount again.
  std::map<std::string_view, Count*> open;
  for (auto& [path, count] : counts_) open.emplace(played.forecast.world->text(path).view(), &count);
  for (std::size_t position = 0; position < steps.size() && !open.empty(); ++position) {
    const simulator::Step& step = played.facts.step_at(position).step;
    const auto* revoked = std::get_if<simulator::RevokeLeases>(&step.action);
    if (revoked == nullptr || !steps[position].reply.ok() || !steps[position].unverified.empty()) continue;
    const std::string_view prefix = played.forecast.world->full_path(step.name_space, revoked->prefix).view();
    auto below = open.lower_bound(prefix);
    while (below != open.end() && below->first.starts_with(prefix)) {
      below->second->revoked_at = position;
      below = open.erase(below);
    }
  }
}

void OutstandingLeases::add(Text path, std::int64_t leases, std::size_t never) {
  if (leases == 0) return;
  Count& count = counts_.try_emplace(path.id(), Count{0, never}).first->second;
  count.leases += std::min(leases, std::numeric_limits<std::int64_t>::max() - count.leases);
}

std::int64_t OutstandingLeases::before(std::size_t position, Text path) const {
  const auto found = counts_.find(path.id());
  return found == counts_.end() || found->second.revoked_at < position ? 0 : found->second.leases;
}

}  // namespace replug::rules
