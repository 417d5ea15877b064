#include <array>
#include <map>
#include <set>
#include <unordered_set>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/judging/rule.h"
#include "simulator/steps/kinds.h"
#include "simulator/steps/subjects.h"

namespace replug::rules {

namespace {

using planner::Node;
using planner::Place;
using planner::Plan;
using simulator::Claim;
using simulator::ClaimKey;
using simulator::Expectation;
using simulator::Text;

// Everything that is there at some time in the plan, or is meant to be.
class Subjects {
 public:
  explicit Subjects(const Plan& plan) : texts_(*plan.texts) {
    for (const simulator::MountDescription& mount : plan.cluster.mounts) mounts_.insert(mount.path.id());
    for (const auto& each : plan.cluster.connections) connections_.emplace(each.mount.id(), each.connection.id());
    for (const auto& entry : plan.cluster.catalog) add_entry(entry.type, entry.name);
    for (const planner::PlannedStep& planned : plan.steps) add(planned.step);
  }

  [[nodiscard]] bool have(const Expectation& expectation) const {
    switch (expectation.subject) {
      case Expectation::Subject::mount:
        return mounts_.contains(expectation.mount.id());
      case Expectation::Subject::database:
        return connections_.contains({expectation.mount.id(), expectation.connection.id()});
      case Expectation::Subject::plugin:
        return entries_.contains({expectation.type.id(), expectation.name.id()});
    }
    return true;
  }

 private:
  void add(const simulator::Step& step) {
    std::visit([&](const auto& action) { add(step, action); }, step.action);
  }
  void add(const simulator::Step& step, const simulator::Enable& enable) { add_mount(step, enable.path); }
  void add(const simulator::Step& step, const simulator::Move& move) { add_mount(step, move.to); }
  void add(const simulator::Step& step, const simulator::ConfigureDatabase& configure) {
    connections_.emplace(full(step, configure.mount).id(), configure.connection.id());
  }
  void add(const simulator::Step& /*step*/, const simulator::Register& entry) { add_entry(entry.type, entry.name); }
  /// These bring nothing about that was not there.
  template <simulator::AnyOf<simulator::Install, simulator::Uninstall, simulator::Deregister, simulator::Tune,
                             simulator::Disable, simulator::Reload, simulator::Pin, simulator::Unpin,
                             simulator::ResetDatabase, simulator::RotateRoot, simulator::RevokeLeases,
                             simulator::ReloadDatabase, simulator::Request, simulator::Crash, simulator::Restart,
                             simulator::Seal, simulator::Unseal, simulator::StepDown, simulator::UpgradeServer,
                             simulator::Backup, simulator::Restore, simulator::Check, simulator::Confirm>
                Kind>
  void add(const simulator::Step& /*step*/, const Kind& /*action*/) {}

  void add_mount(const simulator::Step& step, Text path) { mounts_.insert(full(step, path).id()); }

  [[nodiscard]] Text full(const simulator::Step& step, Text path) const {
    return step.name_space.empty() ? path : texts_.find(fmt::format("{}{}", step.name_space.view(), path.view()));
  }

  void add_entry(Text type, Text name) { entries_.emplace(type.id(), name.id()); }

  const simulator::Texts& texts_;
  std::unordered_set<std::uint32_t> mounts_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> connections_;
  std::set<std::pair<std::uint32_t, std::uint32_t>>
      entries_;  // whichever version: a mistaken one may come to be registered
};

std::string subject_words(const Expectation& expectation) {
  switch (expectation.subject) {
    case Expectation::Subject::mount:
      return shown(expectation.mount);
    case Expectation::Subject::database:
      return shown(expectation.mount) + shown(expectation.connection);
    case Expectation::Subject::plugin:
      return fmt::format("{} {}", shown(expectation.type), shown(expectation.name));
  }
  return {};
}

// Whether the claim holds of what does not exist.
bool holds_of_nothing(const Claim& claim) {
  const bool says_no = (claim.key == ClaimKey::serving || claim.key == ClaimKey::registered) && !claim.truth;
  return says_no || (claim.key == ClaimKey::status && claim.value.view() == "absent");
}

class Lists {
 public:
  Lists(const Plan& plan, Report& report) : plan_(plan), subjects_(plan), report_(report) {}

  void judge(std::span<const Expectation> expectations, const Node* list, std::optional<std::size_t> step) {
    if (list == nullptr || list->kind() != Node::Kind::sequence) return;
    seen_.clear();
    for (std::size_t i = 0; i < std::min(expectations.size(), list->items().size()); ++i) {
      const bool known = subjects_.have(expectations[i]);
      for (const Claim& claim : expectations[i].claims) {
        const Place place = place_of(*list->items()[i], claim);
        if (!known && holds_of_nothing(claim)) tell_of_nothing(expectations[i], place, step);
        judge_twice(expectations[i], claim, place, step);
      }
    }
  }

 private:
  static std::string_view key_of(const Claim& claim) {
    constexpr std::string_view keys[] = {"plugin_version", "running_version", "running_sha256", "serving",
                                         "registered",     "sha256",          "plugin",         "status"};
    return keys[static_cast<std::size_t>(claim.key)];
  }

  [[nodiscard]] Place place_of(const Node& item, const Claim& claim) const {
    const Node::Entry* entry = item.find(key_of(claim));
    return plan_.place(entry == nullptr ? item : *entry->value);
  }

  void tell_of_nothing(const Expectation& expectation, Place place, std::optional<std::size_t> step) {
    const bool plugin = expectation.subject == Expectation::Subject::plugin;
    Finding& finding =
        report_.finding(place,
                        fmt::format("This can never fail: {} is {} in the cluster or the plan.",
                                    subject_words(expectation), plugin ? "registered nowhere" : "nowhere"),
                        "Look at how it is written; an expectation is worth something only if the plan could miss it.");
    finding.subject = subject_words(expectation);
    finding.step = step;
  }

  void judge_twice(const Expectation& e, const Claim& claim, Place place, std::optional<std::size_t> step) {
    const std::array<std::uint32_t, 10> words = {static_cast<std::uint32_t>(e.subject),
                                                 e.mount.id(),
                                                 e.connection.id(),
                                                 e.type.id(),
                                                 e.name.id(),
                                                 e.version.id(),
                                                 e.at ? e.at->id() + 1 : 0,
                                                 static_cast<std::uint32_t>(claim.key),
                                                 claim.value.id(),
                                                 claim.truth ? 1U : 0U};
    const auto [first, is_first] = seen_.try_emplace(words, place);
    if (is_first) return;
    Finding& finding = report_.finding(place, fmt::format("The same is expected of {} twice.", subject_words(e)),
                                       "Remove one of them, or correct the one that was meant otherwise.");
    finding.subject = fmt::format("{} twice", subject_words(e));
    finding.step = step;
    finding.related.push_back({"the first time", first->second});
  }

  const Plan& plan_;
  Subjects subjects_;
  Report& report_;
  std::map<std::array<std::uint32_t, 10>, Place> seen_;
};

void check(const Plan& plan, Report& report) {
  Lists lists(plan, report);
  for (std::size_t number = 0; number < plan.steps.size(); ++number) {
    const planner::PlannedStep& planned = plan.steps[number];
    lists.judge(simulator::listed_expectations(planned.step.action), planned.action_value, number);
    const Node::Entry* expect = planned.node->find("expect");
    if (expect != nullptr) lists.judge(planned.step.expect, expect->value, number);
  }
  lists.judge(plan.expect, plan.expect_node, std::nullopt);
}

}  // namespace

extern const Rule expectation_never_fails;
constinit const Rule expectation_never_fails = {
    .id = "expectation-never-fails",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "plan",
    .summary = "An expectation holds whatever the plan does",
    .why =
        "Expectations are there to catch what Vault does not report: a mount that still runs its old version answers "
        "as well "
        "as any. One that holds of something that does not exist catches nothing, and looks as if it did.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = PlanCheck{check},
};

}  // namespace replug::rules
