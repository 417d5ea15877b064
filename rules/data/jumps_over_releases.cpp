#include <algorithm>
#include <array>
#include <map>
#include <span>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "planner/reading/releases.h"
#include "rules/judging/rule.h"
#include "simulator/medium/go_sort.h"
#include "simulator/medium/version.h"

namespace replug::rules {

namespace {

using planner::Release;
using simulator::Text;
using simulator::Version;

std::optional<Version> parsed(Text version) {
  return simulator::parse_version(version.view(), simulator::Strictness::lax);
}

// One way of one plugin, with the mounts that go it.
struct Way {
  Transition first;
  std::vector<std::string> mounts;
};
using Ways = std::map<std::array<std::uint32_t, 4>, Way>;  // by type, plugin, from, to

Ways ways_of(const PlayedPlan& played) {
  Ways ways;
  for (const Transition& each : played.facts.timeline().mount_data().transitions) {
    const std::array key{static_cast<std::uint32_t>(each.type), each.plugin.id(), each.from.id(), each.to.id()};
    const auto way = ways.try_emplace(key, Way{each, {}}).first;
    const std::string name = shown(each.mount);
    auto& mounts = way->second.mounts;
    if (mounts.empty() || mounts.back() != name) mounts.push_back(name);
  }
  return ways;
}

// The releases of the plugin between the two versions, prereleases not among them.
std::vector<const Release*> between(const planner::Plan& plan, const Transition& way, const Version& from,
                                    const Version& to) {
  std::vector<const Release*> found;
  for (const Release* release : planner::releases_of(plan, to_string(way.type), way.plugin.view())) {
    const auto version = parsed(release->version);
    if (!version || !version->prerelease.empty()) continue;
    if (compare(*version, from) > 0 && compare(*version, to) < 0) found.push_back(release);
  }
  simulator::go_stable_sort(std::span(found), [](const Release* left, const Release* right) {
    return compare(*parsed(left->version), *parsed(right->version)) < 0;
  });
  return found;
}

// A release in between that has a schema which neither end has: the way misses its migration.
const Release* missed_migration(const std::vector<const Release*>& releases, const Release* from, const Release* to) {
  if (from == nullptr || to == nullptr || !from->schema || !to->schema) return nullptr;
  for (const Release* release : releases) {
    if (release->schema && *release->schema > *from->schema && *release->schema < *to->schema) return release;
  }
  return nullptr;
}

void judge(const PlayedPlan& played, const Way& way, Report& report) {
  const auto from = parsed(way.first.from);
  const auto to = parsed(way.first.to);
  if (!from || !to || compare(*from, *to) >= 0) return;
  const auto release = [&](Text version) {
    return played.plan.release(to_string(way.first.type), way.first.plugin.view(), version.view());
  };
  const Release* target = release(way.first.to);
  // Its release notes say from where one may come, and schema-major-bump judges that.
  if (target != nullptr && target->upgrade_from) return;
  const auto releases = between(played.plan, way.first, *from, *to);
  if (releases.empty()) return;
  std::vector<std::string> versions;
  versions.reserve(releases.size());
  for (const Release* each : releases) versions.push_back(shown(each->version));
  const Release* missed = missed_migration(releases, release(way.first.from), target);
  std::string text =
      fmt::format("{} {} from {} to {} over {}", listed(way.mounts), way.mounts.size() == 1 ? "goes" : "go",
                  shown(way.first.from), shown(way.first.to), listed(versions));
  text += missed == nullptr
              ? ": what their release notes ask for applies too."
              : fmt::format(", and {} has schema {}, which neither of the two has: its migration never runs.",
                            shown(missed->version), *missed->schema);
  Finding& finding = report.finding(
      played.plan.where(played.facts.step_at(way.first.position)), std::move(text),
      missed == nullptr ? "Read the release notes of all of them. Where a release says `upgrade_from`, write it under "
                          "`releases`, and this note goes."
                        : fmt::format("Go by way of {}: tune to it and reload, then go on.", shown(missed->version)));
  if (missed == nullptr) finding.severity = std::min(finding.severity, Severity::note);
  finding.subject = fmt::format("{} {} {}", way.first.plugin.view(), way.first.from.view(), way.first.to.view());
  finding.step = played.forecast.steps[way.first.position].step;
  if (missed != nullptr) finding.related.push_back({"released here", missed->document->place(*missed->node)});
}

void check(const PlayedPlan& played, Report& report) {
  if (!played.plan.has_releases) return;
  for (const auto& [key, way] : ways_of(played)) judge(played, way, report);
}

}  // namespace

extern const Rule jumps_over_releases;
constinit const Rule jumps_over_releases = {
    .id = "jumps-over-releases",
    .severity = Severity::warning,
    .profile = Profile::strict,
    .family = "data",
    .summary = "An upgrade jumps over releases in between",
    .why =
        "Plugins migrate their data when a release starts that wants another schema. A release that is never started "
        "migrates nothing, and a later one may have dropped the code for it. Release notes seldom say so.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = ForecastCheck{check},
    .incident = "https://github.com/hashicorp/vault-plugin-database-oracle/issues/191",
};

}  // namespace replug::rules
