#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "planner/reading/releases.h"
#include "rules/evidence/leases.h"
#include "rules/judging/rule.h"
#include "simulator/medium/version.h"

namespace replug::rules {

namespace {

using planner::Release;
using simulator::Text;

// The releases that a way takes up, from the one behind `from` to `to`, and that take secret types away.
std::vector<const Release*> removing(const planner::Plan& plan, const Transition& way) {
  const auto from = simulator::parse_version(way.from.view(), simulator::Strictness::lax);
  const auto to = simulator::parse_version(way.to.view(), simulator::Strictness::lax);
  std::vector<const Release*> found;
  if (!from || !to) return found;
  for (const Release* release : planner::releases_of(plan, to_string(way.type), way.plugin.view())) {
    if (release->removed_secret_types.empty()) continue;
    const auto version = simulator::parse_version(release->version.view(), simulator::Strictness::lax);
    if (version && compare(*version, *from) > 0 && compare(*version, *to) <= 0) found.push_back(release);
  }
  return found;
}

bool is_confirmed(const PlayedPlan& played, std::size_t position) {
  return position > 0 && std::holds_alternative<simulator::Confirm>(played.facts.step_at(position - 1).step.action);
}

void tell(const PlayedPlan& played, const Transition& way, std::int64_t leases,
          const std::vector<const Release*>& releases, Report& report) {
  std::vector<std::string> types;
  for (const Release* release : releases) {
    for (const Text type : release->removed_secret_types) types.push_back(shown(type));
  }
  Finding& finding = report.finding(
      played.plan.where(played.facts.step_at(way.position)),
      fmt::format("{} has {}, and {} no longer knows {}: leases of {} can then be neither renewed nor revoked, and "
                  "disabling the mount fails on them.",
                  shown(way.mount), leases == 1 ? "1 lease" : fmt::format("{} leases", leases), version_words(way.to),
                  listed(types), types.size() == 1 ? "that type" : "these types"),
      fmt::format(
          "Revoke them while {} still runs (`vault lease revoke -prefix {}`), and put a confirm step in front of "
          "this one that asks whether that is done.",
          version_words(way.from), shown(way.mount)));
  finding.subject = fmt::format("{} {}", way.mount.view(), way.to.view());
  finding.step = played.forecast.steps[way.position].step;
  for (const Release* release : releases) {
    const auto* entry = release->node->find("removed_secret_types");
    if (entry != nullptr) finding.related.push_back({"removed here", release->document->place(*entry->value)});
  }
}

void check(const PlayedPlan& played, Report& report) {
  const bool removes = std::ranges::any_of(
      played.plan.releases, [](const Release& release) { return !release.removed_secret_types.empty(); });
  if (!removes) return;
  const OutstandingLeases outstanding(played);
  if (outstanding.empty()) return;
  std::map<std::array<std::uint32_t, 4>, std::vector<const Release*>> ways;
  std::set<std::pair<std::uint32_t, std::uint32_t>> told;  // mount and version: other nodes follow
  for (const Transition& way : played.facts.timeline().mount_data().transitions) {
    const std::int64_t leases = outstanding.before(way.position, way.described);
    if (way.described.empty() || leases == 0) continue;
    const std::array key{static_cast<std::uint32_t>(way.type), way.plugin.id(), way.from.id(), way.to.id()};
    const auto known = ways.find(key);
    const auto& releases = known != ways.end() ? known->second : ways[key] = removing(played.plan, way);
    if (releases.empty() || is_confirmed(played, way.position)) continue;
    if (told.emplace(way.described.id(), way.to.id()).second) tell(played, way, leases, releases, report);
  }
}

}  // namespace

extern const Rule unrevocable_leases;
constinit const Rule unrevocable_leases = {
    .id = "unrevocable-leases",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "data",
    .summary = "A mount with leases goes to a version that no longer knows their secret type",
    .why =
        "An upgrade leaves leases alone; Vault asks the plugin that runs then to renew and to revoke them. A version "
        "that "
        "does not know their type answers “secret is unsupported by this backend”: the credentials live on, and a "
        "disable that has to revoke them fails.",
    .url = "https://developer.hashicorp.com/vault/docs/concepts/lease",
    .check = ForecastCheck{check},
    .incident = "https://github.com/ilijamt/vault-plugin-secrets-gitlab/issues/123",
};

}  // namespace replug::rules
