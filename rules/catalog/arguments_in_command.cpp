#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/judging/rule.h"
#include "text/printable.h"

namespace replug::rules {

namespace {

void check(const planner::Plan& plan, Report& report) {
  for (const planner::PlannedStep& planned : plan.steps) {
    const auto* step = std::get_if<simulator::Register>(&planned.step.action);
    if (step == nullptr || planned.step.fails || !step->command || !step->args.empty()) continue;
    const std::string_view command = step->command->view();
    const std::string_view file = simulator::command_file(command);
    if (file.size() == command.size() || file.empty()) continue;
    Finding& finding = report.finding(plan.where(planned, "command"),
                                      fmt::format("Arguments stand inside the command. Vault cuts it at every space, "
                                                  "so no argument can contain one, and giving `args` too would be "
                                                  "refused; the file is {}.",
                                                  text::printable(file)),
                                      "Write the file name as `command` and the rest as a list under `args`.");
    finding.subject = step->name.str();
    finding.step = static_cast<std::size_t>(&planned - plan.steps.data());
  }
}

}  // namespace

extern const Rule arguments_in_command;
constinit const Rule arguments_in_command = {
    .id = "arguments-in-command",
    .severity = Severity::note,
    .profile = Profile::strict,
    .family = "catalog",
    .summary = "Arguments stand inside a command instead of in args",
    .why =
        "Vault takes what stands before the first space as the file and the rest as arguments. It works, but quotes "
        "are not understood, and an "
        "entry with `args` beside it is refused.",
    .url = "https://developer.hashicorp.com/vault/api-docs/system/plugins-catalog",
    .check = PlanCheck{check},
};

}  // namespace replug::rules
