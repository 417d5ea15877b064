#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "planner/ordering/order.h"
#include "planner/reading/planned_step.h"
#include "rules/judging/rule.h"
#include "simulator/steps/kinds.h"

namespace replug::rules {

namespace {

using planner::Node;
using planner::Plan;
using planner::PlannedStep;
using simulator::Text;

// What two steps may have in common, in words, and what a step does with it. Two steps conflict if they do different
// things with the same, or both write it. This is narrower than what the simulator calls dependent: there every write
// of a mount table depends on every other.
enum class Role { writes, registers, pins, reads, loads, configures, installs, removes, leads };
struct Concern {
  std::string what;
  Role role;
};
using Concerns = std::vector<Concern>;

// The plugins that are mounted in the plan, by full path.
class Mounted {
 public:
  explicit Mounted(const Plan& plan) : texts_(*plan.texts) {
    for (const simulator::MountDescription& mount : plan.cluster.mounts) plugins_[mount.path.id()] = mount.plugin;
    for (const PlannedStep& planned : plan.steps) {
      if (const auto* enable = std::get_if<simulator::Enable>(&planned.step.action)) {
        plugins_.try_emplace(full(planned.step, enable->path).id(), enable->plugin);
      }
    }
  }
  [[nodiscard]] Text full(const simulator::Step& step, Text path) const {
    return step.name_space.empty() ? path : texts_.find(fmt::format("{}{}", step.name_space.view(), path.view()));
  }
  [[nodiscard]] Text plugin(Text path) const {
    const auto found = plugins_.find(path.id());
    return found == plugins_.end() ? Text{} : found->second;
  }

 private:
  const simulator::Texts& texts_;
  std::unordered_map<std::uint32_t, Text> plugins_;
};

class Reader {
 public:
  Reader(const simulator::Step& step, const Mounted& mounted) : step_(step), mounted_(mounted) {}

  Concerns read() {
    std::visit([this](const auto& action) { read(action); }, step_.action);
    return std::move(concerns_);
  }

  [[nodiscard]] bool concerns_everything() const { return leads_; }

 private:
  void add(std::string what, Role role) { concerns_.push_back({std::move(what), role}); }
  void catalog(Text name, Role role) {
    if (!name.empty()) add(fmt::format("the catalog entries of {}", shown(name)), role);
  }
  void load(Text name, Role role) {
    if (!name.empty()) add(fmt::format("what {} is configured to", shown(name)), role);
  }
  void mount(Text path, Role role) {
    const Text there = mounted_.full(step_, path);
    add(shown(there), role);
    catalog(mounted_.plugin(there), Role::reads);
    load(mounted_.plugin(there), role == Role::writes ? Role::configures : Role::loads);
  }
  void entry(Text type, Text name, const std::optional<Text>& version) {
    add(fmt::format("the entry {} {} {}", shown(type), shown(name), version_words(version.value_or(Text{}))),
        Role::writes);
    catalog(name, Role::registers);
  }

  void read(const simulator::Install& step) { add(fmt::format("the file {}", shown(step.file)), Role::installs); }
  void read(const simulator::Uninstall& step) { add(fmt::format("the file {}", shown(step.file)), Role::removes); }
  void read(const simulator::Register& step) {
    entry(step.type, step.name, step.version);
    add(fmt::format("the file {}", shown(step.command.value_or(step.name))), Role::reads);
  }
  void read(const simulator::Deregister& step) { entry(step.type, step.name, step.version); }
  void read(const simulator::Pin& step) {
    catalog(step.name, Role::pins);
    add(fmt::format("the pin of {}", shown(step.name)), Role::writes);
  }
  void read(const simulator::Unpin& step) {
    catalog(step.name, Role::pins);
    add(fmt::format("the pin of {}", shown(step.name)), Role::writes);
  }
  void read(const simulator::Enable& step) {
    mount(step.path, Role::writes);
    catalog(step.plugin, Role::reads);
  }
  void read(const simulator::Tune& step) {
    for (const Text path : step.path) mount(path, Role::writes);
  }
  void read(const simulator::Disable& step) { mount(step.path, Role::writes); }
  void read(const simulator::Move& step) {
    mount(step.from, Role::writes);
    mount(step.to, Role::writes);
  }
  void read(const simulator::Reload& step) {
    for (const Text path : step.mounts.value_or(std::vector<Text>{})) mount(path, Role::loads);
    if (!step.plugin) return;
    catalog(*step.plugin, Role::reads);
    load(*step.plugin, Role::loads);
  }
  void read(const simulator::ConfigureDatabase& step) {
    add(fmt::format("{}{}", shown(mounted_.full(step_, step.mount)), shown(step.connection)), Role::writes);
    catalog(step.plugin_name.value_or(Text{}), Role::reads);
    load(step.plugin_name.value_or(Text{}), Role::configures);
  }
  void read(const simulator::ResetDatabase& step) {
    add(fmt::format("{}{}", shown(mounted_.full(step_, step.mount)), shown(step.connection)), Role::reads);
  }
  void read(const simulator::RotateRoot& step) {
    add(fmt::format("{}{}", shown(mounted_.full(step_, step.mount)), shown(step.connection)), Role::reads);
  }
  void read(const simulator::RevokeLeases& step) { add(shown(mounted_.full(step_, step.prefix)), Role::writes); }
  void read(const simulator::ReloadDatabase& step) {
    catalog(step.plugin, Role::reads);
    load(step.plugin, Role::loads);
  }
  template <simulator::AnyOf<simulator::Request, simulator::Crash, simulator::Restart, simulator::Seal,
                             simulator::Unseal, simulator::StepDown, simulator::UpgradeServer, simulator::Backup,
                             simulator::Restore, simulator::Check, simulator::Confirm>
                Action>
  void read(const Action& /*step*/) {
    simulator::Accesses accesses;
    simulator::accesses(Action{}, {}, accesses);
    const bool all = std::ranges::any_of(accesses, [](const simulator::Access& access) {
      return access.resource == simulator::Access::Resource::everything;
    });
    if (all) leads_ = true;
  }

  const simulator::Step& step_;
  const Mounted& mounted_;
  Concerns concerns_;
  bool leads_ = false;
};

// What both touch, so that their order matters; nothing where it does not.
std::optional<std::string> common(const simulator::Step& one, const simulator::Step& other, const Mounted& mounted) {
  Reader left(one, mounted);
  Reader right(other, mounted);
  const Concerns mine = left.read();
  const Concerns theirs = right.read();
  if (left.concerns_everything() || right.concerns_everything()) {
    const bool matters =
        !mine.empty() || !theirs.empty() || (left.concerns_everything() && right.concerns_everything());
    return matters ? std::optional<std::string>("the state of the whole cluster") : std::nullopt;
  }
  for (const Concern& each : mine) {
    for (const Concern& their : theirs) {
      if (each.what != their.what) continue;
      if (each.role != their.role || each.role == Role::writes) return each.what;
    }
  }
  return std::nullopt;
}

// `[a]` becomes `[a, b]`, where the list is written in that style.
std::optional<Edit> one_more_need(const Plan& plan, const PlannedStep& step, std::string_view id) {
  const Node::Entry* needs = step.node->find("needs");
  if (needs == nullptr || needs->value->kind() != Node::Kind::sequence) return std::nullopt;
  const planner::Span span = needs->value->span();
  const std::string_view text = plan.document().source().text().substr(span.begin, span.end - span.begin);
  if (!text.ends_with(']') || id.find_first_of(" #:,[]{}&*!|>'\"%@`") != std::string_view::npos) return std::nullopt;
  const planner::Place place{&plan.document().source(), {span.end - 1, span.end - 1}};
  return Edit{place, fmt::format("{}{}", needs->value->items().empty() ? "" : ", ", id)};
}

void tell(const Plan& plan, std::size_t earlier, std::size_t later, const std::string& what, Report& report) {
  const PlannedStep& planned = plan.steps[later];
  const std::string first = shown(plan.steps[earlier].step.id);
  const std::string second = shown(planned.step.id);
  Finding& finding = report.finding(
      plan.where(planned, "needs"),
      fmt::format("{} and {} may happen in either order, and it matters: both concern {}.", first, second, what),
      fmt::format(
          "Let one need the other, for example {} `needs` {}. The forecast takes the order of the file, which the "
          "plan does not promise.",
          second, first));
  finding.subject = fmt::format("{} {} {}", simulator::action_name(plan.steps[earlier].step.action),
                                simulator::action_name(planned.step.action), what);
  finding.step = later;
  if (auto edit = one_more_need(plan, planned, plan.steps[earlier].step.id.view())) {
    finding.fix = Fix{fmt::format("Let {} need {}", second, first), false, {*edit}};
  }
  finding.related.push_back({"the other step", plan.where(plan.steps[earlier])});
}

void check(const Plan& plan, Report& report) {
  constexpr std::size_t enough = 10'000;
  bool complete = true;
  const auto pairs = planner::unordered_conflicts(plan, enough, &complete);
  if (!complete) report.not_checked("there are too many unordered steps to compare all of them with each other.");
  if (pairs.empty()) return;
  const Mounted mounted(plan);
  std::vector<bool> told(plan.steps.size());
  for (const auto& [earlier, later] : pairs) {
    if (told[later] || plan.steps[earlier].step.fails || plan.steps[later].step.fails) continue;
    const auto what = common(plan.steps[earlier].step, plan.steps[later].step, mounted);
    if (!what) continue;
    told[later] = true;
    tell(plan, earlier, later, *what, report);
  }
}

}  // namespace

extern const Rule unordered_conflict;
constinit const Rule unordered_conflict = {
    .id = "unordered-conflict",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "plan",
    .summary = "Two steps may happen in either order although it matters which is first",
    .why =
        "Steps that `needs` leaves unordered may be carried out in any order, by several people at once perhaps. Where "
        "one "
        "writes what the other goes by, a reload before the tune for example, the cluster ends in different states, "
        "and "
        "the forecast shows only one of them.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = PlanCheck{check},
};

}  // namespace replug::rules
