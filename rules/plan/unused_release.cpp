#include <fmt/format.h>

#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

using planner::Release;

// A release that a shared file lists is there for other plans too.
bool is_own(const PlayedPlan& played, const Release& release) { return release.document == &played.plan.document(); }

bool is_met(const PlayedPlan& played, const Release& release) {
  const simulator::World& world = played.world();
  const auto type = simulator::parse_plugin_type(release.type.view());
  return type && world.entry(world.plugin(*type, release.name), release.version) != simulator::no_entry;
}

// What lies between two versions that the plan meets is listed for the way from one to the other.
bool is_on_a_way(const PlayedPlan& played, const Release& release) {
  const auto type = simulator::parse_plugin_type(release.type.view());
  const auto plugin = type ? played.world().plugin(*type, release.name) : simulator::no_plugin;
  const auto version = simulator::parse_version(release.version.view(), simulator::Strictness::lax);
  if (plugin == simulator::no_plugin || !version) return false;
  bool below = false;
  bool above = false;
  for (const simulator::EntryId id : played.world().plugin(plugin).versions) {
    const auto other = simulator::parse_version(played.world().entry(id).version.view(), simulator::Strictness::lax);
    if (!other) continue;
    below = below || compare(*other, *version) < 0;
    above = above || compare(*other, *version) > 0;
  }
  return below && above;
}

void check(const PlayedPlan& played, Report& report) {
  for (const Release& release : played.plan.releases) {
    if (!is_own(played, release) || is_met(played, release) || is_on_a_way(played, release)) continue;
    Finding& finding =
        report.finding(release.document->place(*release.node),
                       fmt::format("No step and no catalog entry has {} {} {}, so this release is used for nothing.",
                                   shown(release.type), shown(release.name), shown(release.version)),
                       "Remove it, or look how type, name and version are written in the steps.");
    finding.subject = fmt::format("{} {} {}", release.type.view(), release.name.view(), release.version.view());
  }
}

}  // namespace

extern const Rule unused_release;
constinit const Rule unused_release = {
    .id = "unused-release",
    .severity = Severity::note,
    .profile = Profile::all,
    .family = "plan",
    .summary = "A release is described that the plan does not meet",
    .why =
        "What the release notes say is looked up by type, name and version. A release that nothing meets is left over, "
        "or "
        "written otherwise than the steps write it: then what it declares, a schema perhaps, is not looked at.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = ForecastCheck{check},
};

}  // namespace replug::rules
