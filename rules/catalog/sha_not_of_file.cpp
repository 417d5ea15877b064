#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/evidence/users.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

using Group = std::vector<const Mismatch*>;

// One step makes the same trouble on several nodes; each stretch that is over before anybody noticed is left out.
std::vector<Group> wrong_files(const PlayedPlan& played, const Users& users) {
  std::vector<Group> groups;
  for (const Mismatch& one : played.facts.mismatches()) {
    const bool registered = one.made == Mismatch::Made::registered && !one.found.empty();
    if (!registered && (one.made != Mismatch::Made::installed || one.found.empty())) continue;
    if (one.made == Mismatch::Made::registered &&
        !std::holds_alternative<simulator::Register>(played.facts.step_at(one.since).step.action))
      continue;
    if (users.is_demonstrated(one)) continue;
    if (one.ended != Mismatch::Ended::never && !users.noticed_at(one)) continue;
    const bool same = !groups.empty() && groups.back().front()->since == one.since &&
                      groups.back().front()->entry == one.entry && groups.back().front()->found == one.found;
    if (!same) groups.emplace_back();
    groups.back().push_back(&one);
  }
  return groups;
}

void tell_story(const PlayedPlan& played, const Users& users, const Group& group, Finding& finding) {
  std::optional<std::size_t> noticed;
  for (const Mismatch* one : group) {
    const auto at = users.noticed_at(*one);
    if (at && (!noticed || *at < *noticed)) noticed = at;
  }
  if (!noticed) return;
  finding.story = {played.facts.step_at(group.front()->since).step.id.str(),
                   played.facts.step_at(*noticed).step.id.str()};
  finding.related.push_back({"the first start that needs it", played.plan.where(played.facts.step_at(*noticed))});
}

void report_group(const PlayedPlan& played, const Users& users, const Group& group, Report& report) {
  const Mismatch& first = *group.front();
  const planner::PlannedStep& planned = played.facts.step_at(first.since);
  const std::string label = shown(played.world().entry_label(first.entry));
  const std::string nodes = node_names(played, group);
  const bool registered = first.made == Mismatch::Made::registered;
  const std::string what =
      registered ? fmt::format("The file {} on {} has the sha256 {}, not {} as registered here.", shown(first.file),
                               nodes, short_sha(first.found), short_sha(first.sha256))
                 : fmt::format("The file put here as {} on {} has the sha256 {}, but {} is registered with {}.",
                               shown(first.file), nodes, short_sha(first.found), label, short_sha(first.sha256));
  Finding& finding = report.finding(
      played.plan.where(planned, "sha256"),
      fmt::format("{} Vault does not compare them before it starts the plugin: every start of {} there fails with "
                  "“checksums did not match”.",
                  what, label),
      registered
          ? "Run `sha256sum` on the file on each node, compare it with the release, and correct the sha256 here or put "
            "the right file there "
            "before this step."
          : "Find out which of the two is the release's: install that binary, or register the entry with its sha256.");
  finding.subject = fmt::format("{} {}", played.world().entry_label(first.entry).view(), first.file.view());
  finding.step = played.forecast.steps[first.since].step;
  tell_story(played, users, group, finding);
}

void check(const PlayedPlan& played, Report& report) {
  const Users users(played);
  for (const Group& group : wrong_files(played, users)) report_group(played, users, group, report);
  if (played.plan.cluster.plugin_directory_known) return;
  for (const planner::PlannedStep& planned : played.plan.steps) {
    if (!std::holds_alternative<simulator::Register>(planned.step.action)) continue;
    report.not_checked(
        "the plan does not say which files lie in the plugin directories, so nobody knows whether what it registers "
        "has their "
        "sha256. Write them down under `plugin_directory`.");
    return;
  }
}

}  // namespace

extern const Rule sha_not_of_file;
constinit const Rule sha_not_of_file = {
    .id = "sha-not-of-file",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "catalog",
    .summary = "A plugin is registered with a sha256 that is not the one of its file on some node",
    .why =
        "Vault does not look at the contents of the file when a plugin is registered, only when it starts the plugin. "
        "A wrong sha256 is "
        "accepted without a word, and the plugin cannot be started: at the next reload, or at an unseal or failover on "
        "that node, when nobody "
        "thinks of the registration any more.",
    .url = "https://developer.hashicorp.com/vault/docs/plugins/register",
    .check = ForecastCheck{check},
    .incident = "https://github.com/hashicorp/vault/issues/3602",
};

}  // namespace replug::rules
