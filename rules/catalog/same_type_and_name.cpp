#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/judging/rule.h"
#include "simulator/steps/kinds.h"
#include "text/printable.h"
#include "text/suggest.h"

namespace replug::rules {

namespace {

using simulator::PluginType;
using simulator::Register;
using simulator::Text;

// A plugin that something of the plan uses, and one example of what.
struct Use {
  PluginType type;
  std::string user;
};

std::string_view words(PluginType type) {
  switch (type) {
    case PluginType::auth:
      return "an auth method";
    case PluginType::database:
      return "a database plugin";
    case PluginType::secret:
      return "a secrets engine";
  }
  return "";
}

// Every plugin name that a mount, a connection or a pin of the plan has at some time.
class Uses {
 public:
  explicit Uses(const planner::Plan& plan) {
    for (const simulator::MountDescription& mount : plan.cluster.mounts) {
      add(mount.plugin, mount.auth ? PluginType::auth : PluginType::secret, mount.path);
    }
    for (const simulator::ConnectionDescription& connection : plan.cluster.connections) {
      add(connection.plugin, PluginType::database, connection.mount);
    }
    for (const planner::PlannedStep& planned : plan.steps) {
      std::visit([&](const auto& step) { add(step); }, planned.step.action);
    }
  }

  [[nodiscard]] bool has(Text name, PluginType type) const {
    const auto range = by_name_.equal_range(name.id());
    return std::any_of(range.first, range.second, [type](const auto& one) { return one.second.type == type; });
  }
  [[nodiscard]] const Use* any(Text name) const {
    const auto found = by_name_.find(name.id());
    return found == by_name_.end() ? nullptr : &found->second;
  }
  /// The used name of that type that this one is most likely meant to be: a slip of the pen, or the name with a version
  /// in it.
  [[nodiscard]] std::optional<std::string_view> meant_by(Text name, PluginType type) const {
    const auto& candidates = names_[static_cast<std::size_t>(type)];
    for (const std::string_view candidate : candidates) {
      const std::string_view longer =
          std::max(candidate, name.view(), [](auto left, auto right) { return left.size() < right.size(); });
      const std::string_view shorter = longer == candidate ? name.view() : candidate;
      if (longer.starts_with(shorter) && is_version_suffix(longer.substr(shorter.size()))) return candidate;
    }
    return text::nearest(name.view(), candidates);
  }

 private:
  static bool is_version_suffix(std::string_view rest) {
    if (rest.size() < 2 || (rest[0] != '-' && rest[0] != '_' && rest[0] != '@')) return false;
    rest.remove_prefix(rest[1] == 'v' || rest[1] == 'V' ? 2 : 1);
    return !rest.empty() && rest.find_first_not_of("0123456789.") == std::string_view::npos;
  }

  void add(const simulator::Enable& step) {
    const std::string_view path = step.path.view();
    const bool auth = path.starts_with("auth/") || path.find("/auth/") != std::string_view::npos;
    add(step.plugin, auth ? PluginType::auth : PluginType::secret, step.path);
  }
  void add(const simulator::ConfigureDatabase& step) {
    if (step.plugin_name) add(*step.plugin_name, PluginType::database, step.mount);
  }
  void add(const simulator::Pin& step) {
    if (const auto type = simulator::parse_plugin_type(step.type.view())) add(step.name, *type, step.name);
  }
  /// These take nothing into use.
  template <simulator::AnyOf<simulator::Install, simulator::Uninstall, simulator::Register, simulator::Deregister,
                             simulator::Tune, simulator::Disable, simulator::Move, simulator::Reload, simulator::Unpin,
                             simulator::ResetDatabase, simulator::RotateRoot, simulator::RevokeLeases,
                             simulator::ReloadDatabase, simulator::Request, simulator::Crash, simulator::Restart,
                             simulator::Seal, simulator::Unseal, simulator::StepDown, simulator::UpgradeServer,
                             simulator::Backup, simulator::Restore, simulator::Check, simulator::Confirm>
                Kind>
  void add(const Kind& /*step*/) {}

  void add(Text name, PluginType type, Text user) {
    if (has(name, type)) return;
    by_name_.emplace(name.id(), Use{type, shown(user)});
    names_[static_cast<std::size_t>(type)].push_back(name.view());
  }

  std::unordered_multimap<std::uint32_t, Use> by_name_;
  std::array<std::vector<std::string_view>, simulator::plugin_types> names_;
};

void report_type(const planner::Plan& plan, const planner::PlannedStep& planned, const Register& step,
                 std::string_view types, Report& report) {
  Finding& finding =
      report.finding(plan.where(planned, "type"),
                     fmt::format("{} is no plugin type. The server takes it for a part of the name and registers "
                                 "“{}/{}”, which no mount uses.",
                                 shown(step.type), shown(step.type), shown(step.name)),
                     fmt::format("Write one of {}. (The command is `vault secrets …`, the type is `secret`.)", types));
  finding.subject = step.name.str();
  finding.step = static_cast<std::size_t>(&planned - plan.steps.data());
}

void judge_registration(const planner::Plan& plan, const planner::PlannedStep& planned, const Register& step,
                        const Uses& uses, Report& report) {
  const auto type = simulator::parse_plugin_type(step.type.view());
  if (!type) {
    report_type(plan, planned, step, "auth, database, secret", report);
    return;
  }
  if (uses.has(step.name, *type)) return;
  const auto number = static_cast<std::size_t>(&planned - plan.steps.data());
  if (const Use* use = uses.any(step.name)) {
    Finding& finding = report.finding(
        plan.where(planned, "type"),
        fmt::format("{} is registered as {}, but {} uses it as {}: a tune or reload would not find this version.",
                    shown(step.name), words(*type), use->user, words(use->type)),
        fmt::format("Register it with `type: {}`.", simulator::to_string(use->type)));
    finding.subject = step.name.str();
    finding.step = number;
    return;
  }
  const auto meant = uses.meant_by(step.name, *type);
  if (!meant) return;
  const Use* use = uses.any(plan.texts->find(*meant));
  Finding& finding = report.finding(
      plan.where(planned, "name"),
      fmt::format("Nothing uses {} {}; {} runs {}. An upgrade has to be registered under the very name of the plugin "
                  "that is mounted, else tune and "
                  "reload do not find it.",
                  simulator::to_string(*type), shown(step.name), use->user, text::printable(*meant)),
      fmt::format("Register it as `name: {}`, and tell the versions apart by `version`.", text::printable(*meant)));
  finding.subject = step.name.str();
  finding.step = number;
}

void check(const planner::Plan& plan, Report& report) {
  const Uses uses(plan);
  std::set<std::pair<std::uint32_t, std::uint32_t>>
      judged;  // by type and name: one finding for each, at its first registration
  for (const planner::PlannedStep& planned : plan.steps) {
    const auto* step = std::get_if<Register>(&planned.step.action);
    if (step != nullptr && judged.emplace(step->type.id(), step->name.id()).second)
      judge_registration(plan, planned, *step, uses, report);
  }
}

}  // namespace

extern const Rule same_type_and_name;
constinit const Rule same_type_and_name = {
    .id = "same-type-and-name",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "catalog",
    .summary = "A version is registered under another type or name than the plugin that is mounted",
    .why =
        "A mount finds its versions in the catalog by type and name. A version under a near name or another type is a "
        "different plugin to "
        "Vault: tuning the mount to it is refused, and a reload loads the old one again.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = PlanCheck{check},
};

}  // namespace replug::rules
