#include "planner/reading/releases.h"

#include <algorithm>
#include <array>

namespace replug::planner {

namespace {

Answer answer(const std::optional<VersionConstraint>& constraint, simulator::Text version) {
  const auto parsed = simulator::parse_version(version.view(), simulator::Strictness::lax);
  if (!constraint || !parsed) return Answer::unknown;
  return constraint->allows(*parsed) ? Answer::yes : Answer::no;
}

}  // namespace

VersionChange version_change(const Plan& plan, std::string_view type, std::string_view plugin, simulator::Text from,
                             simulator::Text to) {
  return {from, to, plan.release(type, plugin, from.view()), plan.release(type, plugin, to.view())};
}

bool is_downgrade(const VersionChange& change) { return simulator::is_newer(change.from.view(), change.to.view()); }

Answer may_upgrade(const VersionChange& change) {
  return change.reached == nullptr ? Answer::unknown : answer(change.reached->upgrade_from, change.from);
}

Answer may_downgrade(const VersionChange& change) {
  return change.left == nullptr ? Answer::unknown : answer(change.left->downgrade_to, change.to);
}

bool is_one_way(const Release& release) {
  return release.downgrade_to && release.downgrade_to->kind == VersionConstraint::Kind::none;
}

Answer migrates(std::optional<std::int64_t> schema, const Release* reached) {
  if (!schema || reached == nullptr || !reached->schema) return Answer::unknown;
  return *reached->schema > *schema ? Answer::yes : Answer::no;
}

Answer migrates(const VersionChange& change) {
  return change.left == nullptr ? Answer::unknown : migrates(change.left->schema, change.reached);
}

std::optional<std::int64_t> schema_after(std::optional<std::int64_t> schema, const Release* reached) {
  if (reached == nullptr || !reached->schema) return std::nullopt;
  return schema ? std::max(*schema, *reached->schema) : *reached->schema;
}

std::vector<const Release*> releases_of(const Plan& plan, std::string_view type, std::string_view plugin) {
  const std::uint32_t type_id = plan.texts->find(type).id();
  const std::uint32_t plugin_id = plan.texts->find(plugin).id();
  std::vector<const Release*> found;
  if (type_id == 0 || plugin_id == 0) return found;
  for (auto at = plan.release_places.lower_bound({type_id, plugin_id, 0});
       at != plan.release_places.end() && at->first[0] == type_id && at->first[1] == plugin_id; ++at)
    found.push_back(&plan.releases[at->second]);
  std::ranges::sort(found);  // they lie in one vector, in the order of the plan
  return found;
}

}  // namespace replug::planner
