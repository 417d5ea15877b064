#include <algorithm>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/evidence/described.h"
#include "rules/evidence/users.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

using Group = std::vector<const Mismatch*>;

std::vector<Group> replaced_files(const PlayedPlan& played, const Users& users) {
  std::vector<Group> groups;
  for (const Mismatch& one : played.facts.mismatches()) {
    if (one.made != Mismatch::Made::replaced || users.is_demonstrated(one)) continue;
    if (one.ended != Mismatch::Ended::never && !users.noticed_at(one)) continue;
    const bool same =
        !groups.empty() && groups.back().front()->since == one.since && groups.back().front()->entry == one.entry;
    if (!same) groups.emplace_back();
    groups.back().push_back(&one);
  }
  return groups;
}

std::optional<std::size_t> first_noticed(const Users& users, const Group& group) {
  std::optional<std::size_t> first;
  for (const Mismatch* one : group) {
    const auto at = users.noticed_at(*one);
    if (at && (!first || *at < *first)) first = at;
  }
  return first;
}

std::string consequence(const PlayedPlan& played, const std::optional<std::size_t>& noticed,
                        std::span<const User> users) {
  if (noticed) return fmt::format("{} fails because of it.", played.facts.step_at(*noticed).step.id.view());
  if (users.empty()) return "Nothing is configured to it when the plan is done, but there is no way back to it either.";
  return fmt::format("{} configured to it: what runs goes on, and the next start fails with “checksums did not match”.",
                     users.size() == 1 ? shown(users.front().label) + " is" : listed(labels(users)) + " are");
}

void relate_registration(const PlayedPlan& played, const Mismatch& one, Finding& finding) {
  const simulator::Text label = played.world().entry_label(one.entry);
  if (const ChangeAt* made = played.facts.timeline().last_change(simulator::Change::What::catalog, label,
                                                                 simulator::CellField::sha256, one.since)) {
    finding.related.push_back({"registered here", played.plan.where(played.facts.step_at(made->position))});
    return;
  }
  const simulator::CatalogKey& key = played.world().entry(one.entry);
  const simulator::Plugin& plugin = played.world().plugin(key.plugin);
  if (const auto place = described_entry(played.plan, to_string(plugin.type), plugin.name.view(), key.version.view())) {
    finding.related.push_back({"in the catalog of the cluster", *place});
  }
}

void check(const PlayedPlan& played, Report& report) {
  const Users all(played);
  for (const Group& group : replaced_files(played, all)) {
    const Mismatch& first = *group.front();
    const planner::PlannedStep& planned = played.facts.step_at(first.since);
    const auto noticed = first_noticed(all, group);
    const std::vector<User> users = all.at(first.entry, played.facts.steps());
    const std::string label = shown(played.world().entry_label(first.entry));
    Finding& finding =
        report.finding(played.plan.where(planned, "file"),
                       fmt::format("This replaces the file that {} is registered with: sha256 {} becomes {} on {}, and "
                                   "the catalog still asks for the old one. {}",
                                   label, short_sha(first.sha256), short_sha(first.found), node_names(played, group),
                                   consequence(played, noticed, users)),
                       "Give each version a file of its own, with the version in its name, and register it with that "
                       "`command`; the old file stays for a way back. "
                       "If the entry really is to have the new contents, register it anew right after this step.");
    if (!noticed && users.empty()) finding.severity = std::min(finding.severity, Severity::warning);
    finding.subject = played.world().entry_label(first.entry).str();
    finding.step = played.forecast.steps[first.since].step;
    relate_registration(played, first, finding);
    if (noticed) finding.story = {planned.step.id.str(), played.facts.step_at(*noticed).step.id.str()};
  }
}

}  // namespace

extern const Rule binary_replaced;
constinit const Rule binary_replaced = {
    .id = "binary-replaced",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "catalog",
    .summary = "The file of a registered entry is replaced, and the entry keeps the old sha256",
    .why =
        "A running plugin does not notice that its file is replaced. Vault compares the file with the catalog at the "
        "next start: a reload, "
        "an unseal, a failover or a crash, perhaps months later. Then the mount has no backend until the catalog is "
        "corrected.",
    .url = "https://developer.hashicorp.com/vault/docs/plugins/register",
    .check = ForecastCheck{check},
    .incident = "https://github.com/sethvargo/vault-secrets-gen/issues/47",
};

}  // namespace replug::rules
