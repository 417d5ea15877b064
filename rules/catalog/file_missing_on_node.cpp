#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/evidence/users.h"
#include "rules/judging/rule.h"
#include "simulator/run/view.h"

namespace replug::rules {

namespace {

using simulator::Change;

// The nodes that lack the file of one entry, and who would load it there.
struct Lack {
  std::vector<const Mismatch*> nodes;
  std::vector<User> users;
  std::optional<std::size_t> noticed;
};

class Finder {
 public:
  explicit Finder(const PlayedPlan& played) : played_(played), users_(played) {
    for (const planner::PlannedStep& planned : played.plan.steps) {
      const auto* install = std::get_if<simulator::Install>(&planned.step.action);
      if (install != nullptr && planned.step.at.who != simulator::At::Who::unsaid)
        installed_on_some_[install->file.id()] = &planned;
    }
  }

  void judge(Report& report) {
    for (const Mismatch& one : played_.facts.mismatches()) consider(one);
    for (const simulator::EntryId entry : order_) report_lack(entry, lacks_[entry], report);
  }

 private:
  void consider(const Mismatch& one) {
    // Wrong contents that a step brought about are told at that step.
    if (!one.found.empty() && one.made != Mismatch::Made::described) return;
    const auto noticed = users_.noticed_at(one);
    if ((one.ended != Mismatch::Ended::never && !noticed) || users_.is_demonstrated(one)) return;
    std::vector<User> users = users_.at(one.entry, noticed.value_or(played_.facts.steps()));
    if (users.empty()) return;
    if (one.made == Mismatch::Made::described && !noticed && !is_of_this_plan(users)) return;
    Lack& lack = lacks_[one.entry];
    if (lack.nodes.empty()) order_.push_back(one.entry);
    lack.nodes.push_back(&one);
    lack.users = std::move(users);
    if (noticed && (!lack.noticed || *noticed < *lack.noticed)) lack.noticed = noticed;
  }

  // What lay so before and is not touched is not this plan's affair.
  [[nodiscard]] bool is_of_this_plan(std::span<const User> users) const {
    return std::ranges::any_of(users, [&](const User& user) { return configured_by(user) != nullptr; });
  }

  [[nodiscard]] const ChangeAt* configured_by(const User& user) const {
    if (const ChangeAt* version = played_.facts.timeline().last_change(
            user.what, user.label, simulator::CellField::plugin_version, played_.facts.steps()))
      return version;
    return played_.facts.timeline().last_change(
        user.what, user.label,
        user.what == Change::What::mount ? simulator::CellField::type : simulator::CellField::plugin_name,
        played_.facts.steps());
  }

  // Where the plan could have it otherwise: the step, and the key in it.
  struct Spot {
    const planner::PlannedStep* planned;
    std::string_view key;
  };

  [[nodiscard]] Spot spot_of(const Lack& lack) const {
    const Mismatch& first = *lack.nodes.front();
    if (first.made == Mismatch::Made::removed) return {&played_.facts.step_at(first.since), "file"};
    if (const auto install = installed_on_some_.find(first.file.id()); install != installed_on_some_.end())
      return {install->second, "at"};
    if (first.made == Mismatch::Made::registered) {
      const planner::PlannedStep& planned = played_.facts.step_at(first.since);
      const auto* registration = std::get_if<simulator::Register>(&planned.step.action);
      return {&planned, registration != nullptr && registration->command ? "command" : "name"};
    }
    for (const User& user : lack.users) {
      if (const ChangeAt* change = configured_by(user))
        return {&played_.facts.step_at(change->position), "plugin_version"};
    }
    return {&played_.facts.step_at(lack.noticed.value_or(first.since)), ""};
  }

  [[nodiscard]] std::string words(simulator::NodeId node) const {
    const simulator::World& world = played_.world();
    std::string name = shown(world.node_name(node));
    switch (world.replica_kind(world.replica_of(node))) {
      case simulator::Replica::primary:
        break;
      case simulator::Replica::performance_secondary:
        return name + " (performance secondary)";
      case simulator::Replica::dr_secondary:
        return name + " (DR secondary)";
    }
    return name;
  }

  [[nodiscard]] bool runs_at_end(simulator::NodeId node) const {
    return simulator::runs_plugins(played_.facts.end(), node);
  }

  [[nodiscard]] bool is_sealed(simulator::NodeId node) const { return played_.facts.end().node(node).sealed != 0; }

  [[nodiscard]] std::string consequence(const Lack& lack, const std::string& users) const {
    const bool one = lack.users.size() == 1;
    if (lack.noticed) {
      return fmt::format("At {} {} needed there and cannot be loaded: requests get 404.",
                         played_.facts.step_at(*lack.noticed).step.id.view(), one ? users + " is" : users + " are");
    }
    if (is_sealed(lack.nodes.front()->node)) return fmt::format("The next unseal there cannot load {}.", users);
    const bool runs = std::ranges::any_of(lack.nodes, [&](const Mismatch* node) { return runs_at_end(node->node); });
    if (runs) return fmt::format("The next start of {} there (a reload, an unseal or a crash) fails.", users);
    const bool dr = played_.world().replica_kind(played_.world().replica_of(lack.nodes.front()->node)) ==
                    simulator::Replica::dr_secondary;
    return fmt::format("The catalog is replicated, files are not: when {}, {} no backend there and requests get 404.",
                       dr ? "it is promoted" : "that node becomes active", one ? users + " has" : users + " have");
  }

  [[nodiscard]] std::string help(const Mismatch& first, const Spot& spot) const {
    if (first.made == Mismatch::Made::removed)
      return "Remove a file only when nothing is configured to its version any more.";
    const bool narrowed = std::holds_alternative<simulator::Install>(spot.planned->step.action);
    return fmt::format(
        "Put {} with sha256 {} on every node that may run plugins{}, before anything is configured to the version.",
        shown(first.file), short_sha(first.sha256), narrowed ? " (leave `at` out)" : "");
  }

  void report_lack(simulator::EntryId entry, const Lack& lack, Report& report) const {
    const Mismatch& first = *lack.nodes.front();
    std::vector<std::string> nodes;
    for (const Mismatch* one : lack.nodes) nodes.push_back(words(one->node));
    const std::string users = listed(labels(lack.users));
    const Spot spot = spot_of(lack);
    Finding& finding = report.finding(
        played_.plan.where(*spot.planned, spot.key),
        fmt::format("{} {} of {}, which {} configured to, {} on {}. {}",
                    first.found.empty() ? "The file" : "The contents of the file", shown(first.file),
                    shown(played_.world().entry_label(entry)), lack.users.size() == 1 ? users + " is" : users + " are",
                    first.found.empty() ? "is missing" : "are others than registered", listed(nodes),
                    consequence(lack, users)),
        help(first, spot));
    const bool fails =
        lack.noticed || std::ranges::any_of(lack.nodes, [&](const Mismatch* one) { return runs_at_end(one->node); });
    if (!fails) finding.severity = std::min(finding.severity, Severity::warning);
    finding.subject = played_.world().entry_label(entry).str();
    finding.step = static_cast<std::size_t>(spot.planned - played_.plan.steps.data());
    if (lack.noticed) finding.story = {played_.facts.event_at(first.since), played_.facts.event_at(*lack.noticed)};
  }

  const PlayedPlan& played_;
  Users users_;
  std::unordered_map<std::uint32_t, const planner::PlannedStep*> installed_on_some_;  // by file
  std::unordered_map<simulator::EntryId, Lack> lacks_;
  std::vector<simulator::EntryId> order_;
};

void check(const PlayedPlan& played, Report& report) {
  Finder(played).judge(report);
  if (!played.plan.cluster.plugin_directory_known && played.world().nodes() > 1) {
    report.not_checked(
        "the plan does not say which files lie in the plugin directory of which node, so nobody knows whether the "
        "standbys have "
        "what they need. Write them down under `plugin_directory`.");
  }
}

}  // namespace

extern const Rule file_missing_on_node;
constinit const Rule file_missing_on_node = {
    .id = "file-missing-on-node",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "catalog",
    .summary = "A node that may run a plugin does not have its file",
    .why =
        "Catalog and mounts are replicated to every node, the files in the plugin directory are not. Vault checks the "
        "file only on the node "
        "that handles the registration. A standby that lacks it shows nothing of it until it becomes active: then "
        "every mount of the plugin "
        "has no backend, and requests get 404.",
    .url = "https://developer.hashicorp.com/vault/docs/plugins/register",
    .check = ForecastCheck{check},
    .incident = "https://github.com/NVIDIA/nvcf/issues/1627",
};

}  // namespace replug::rules
