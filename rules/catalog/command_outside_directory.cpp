#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/judging/rule.h"
#include "text/printable.h"

namespace replug::rules {

namespace {

using simulator::Register;

// What the command leads to within the plugin directory: what stands behind the last slash, arguments included.
std::string_view last_part(std::string_view command) {
  const std::string_view file = simulator::command_file(command);
  const std::size_t slash = file.rfind('/');
  return slash == std::string_view::npos ? file : file.substr(slash + 1);
}

void check(const planner::Plan& plan, Report& report) {
  for (const planner::PlannedStep& planned : plan.steps) {
    const auto* step = std::get_if<Register>(&planned.step.action);
    if (step == nullptr || planned.step.fails || !step->command || step->oci_image) continue;
    const std::string_view file = simulator::command_file(step->command->view());
    const bool parent = file.find("..") != std::string_view::npos;
    if (!parent && file.find('/') == std::string_view::npos) continue;
    const std::string name(last_part(step->command->view()));
    Finding& finding = report.finding(
        plan.where(planned, "command"),
        parent ? "A command may not contain `..`: Vault starts files of its plugin directory only."
               : "A command is the name of a file directly in the plugin directory, not a path: Vault refuses folders "
                 "below it, absolute paths and "
                 "links that lead out of it.",
        name.empty() || name.find("..") != std::string::npos
            ? "Put the binary directly into the plugin directory of every node and name it here without any folder."
            : fmt::format("Put the binary directly into the plugin directory of every node and write `command: {}`.",
                          text::printable(name)));
    finding.subject = step->name.str();
    finding.step = static_cast<std::size_t>(&planned - plan.steps.data());
  }
}

}  // namespace

extern const Rule command_outside_directory;
constinit const Rule command_outside_directory = {
    .id = "command-outside-directory",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "catalog",
    .summary = "A command leads out of the plugin directory or into a folder of it",
    .why =
        "Vault follows links and then wants the file to lie directly in the configured plugin directory. What it says "
        "of a path that does not "
        "exist there (“no such file or directory”) sends people looking for the wrong thing.",
    .url = "https://developer.hashicorp.com/vault/docs/plugins/register",
    .check = PlanCheck{check},
    .incident = "https://github.com/hashicorp/vault/issues/7584",
};

}  // namespace replug::rules
