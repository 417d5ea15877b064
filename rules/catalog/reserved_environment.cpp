#include <array>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/judging/rule.h"
#include "text/printable.h"

namespace replug::rules {

namespace {

using simulator::Register;

// What the server sets or reads itself when it starts a plugin.
std::string_view trouble_with(std::string_view variable) {
  constexpr std::array<std::string_view, 9> own = {
      "VAULT_UNWRAP_TOKEN",       "VAULT_PLUGIN_METADATA_MODE", "VAULT_VERSION",   "BAO_VERSION",
      "PLUGIN_PROTOCOL_VERSIONS", "PLUGIN_MULTIPLEX_GRPC",      "PLUGIN_MIN_PORT", "PLUGIN_MAX_PORT",
      "PLUGIN_CLIENT_CERT"};
  for (const std::string_view name : own) {
    if (variable == name)
      return "is set by the server for every plugin that it starts; another value can break the handshake";
  }
  if (variable == "LD_LIBRARY_PATH" || variable == "LD_PRELOAD")
    return "changes which libraries the plugin loads, and they have to lie in the same place on every node";
  return {};
}

// The item of a list in the step, or the whole value where it is no list.
planner::Place place_of(const planner::Plan& plan, const planner::PlannedStep& planned, std::string_view key,
                        std::size_t item) {
  const auto* entry = planned.action_value->find(key);
  if (entry == nullptr || item >= entry->value->items().size()) return plan.where(planned, key);
  return plan.place(*entry->value->items()[item]);
}

void judge_variable(const planner::Plan& plan, const planner::PlannedStep& planned, const Register& step,
                    std::size_t number, Report& report) {
  const std::string_view item = step.env[number].view();
  const std::size_t equals = item.find('=');
  const std::string_view name = item.substr(0, equals);
  const bool is_variable = equals != std::string_view::npos && equals != 0;
  const std::string_view trouble = is_variable ? trouble_with(name) : std::string_view{};
  if (is_variable && trouble.empty()) return;
  Finding& finding = report.finding(
      place_of(plan, planned, "env", number),
      is_variable ? fmt::format("{} {}.", text::printable(name, 60), trouble)
                  : fmt::format("“{}” sets no variable: an env is written NAME=value.", text::printable(item, 60)),
      is_variable ? "Leave the variable out unless the plugin cannot do without it." : "Write it as NAME=value.");
  finding.subject = fmt::format("{} {}", step.name.view(), name);
  finding.step = static_cast<std::size_t>(&planned - plan.steps.data());
}

// `-args="a,b"` on the command line is one argument.
void judge_argument(const planner::Plan& plan, const planner::PlannedStep& planned, const Register& step,
                    std::size_t number, Report& report) {
  const std::string_view item = step.args[number].view();
  if (item.find(",-") == std::string_view::npos) return;
  Finding& finding = report.finding(
      place_of(plan, planned, "args", number),
      fmt::format("“{}” is handed over as one argument: Vault does not split at commas.", text::printable(item, 80)),
      "Write each argument as an item of its own.");
  finding.subject = fmt::format("{} args", step.name.view());
  finding.step = static_cast<std::size_t>(&planned - plan.steps.data());
}

void check(const planner::Plan& plan, Report& report) {
  for (const planner::PlannedStep& planned : plan.steps) {
    const auto* step = std::get_if<Register>(&planned.step.action);
    if (step == nullptr || planned.step.fails) continue;
    for (std::size_t i = 0; i < step->env.size(); ++i) judge_variable(plan, planned, *step, i, report);
    for (std::size_t i = 0; i < step->args.size(); ++i) judge_argument(plan, planned, *step, i, report);
  }
}

}  // namespace

extern const Rule reserved_environment;
constinit const Rule reserved_environment = {
    .id = "reserved-environment",
    .severity = Severity::note,
    .profile = Profile::standard,
    .family = "catalog",
    .summary = "An env or an argument of a registration does not mean what it seems to",
    .why =
        "The server starts a plugin with variables of its own, and a registered one of the same name is in their way: "
        "the plugin does not "
        "answer the handshake, and the error names neither. What is written in the wrong form is handed over as it is.",
    .url = "https://developer.hashicorp.com/vault/api-docs/system/plugins-catalog",
    .check = PlanCheck{check},
    .incident = "https://github.com/hashicorp/docker-vault/issues/140",
};

}  // namespace replug::rules
