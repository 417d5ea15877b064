#include <fmt/format.h>

#include "rules/judging/rule.h"
#include "rules/judging/suppression.h"

namespace replug::rules {

namespace {

void check(const Suppressions& suppressions, Report& report) {
  for (const Suppression& one : suppressions.all) {
    if (!one.reason.empty() || one.rule == nullptr) continue;
    const std::string help = one.line ? fmt::format("Write why behind a colon: `# replug: allow {}: …`.", one.rule->id)
                                      : fmt::format("Write why: `{{rule: {}, reason: …}}`.", one.rule->id);
    Finding& finding =
        report.finding(one.place, fmt::format("{} is allowed without a reason, so it is not.", one.rule->id), help);
    finding.subject = one.name;
  }
}

}  // namespace

extern const Rule suppression_without_reason;
constinit const Rule suppression_without_reason = {
    .id = "suppression-without-reason",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "plan",
    .summary = "A finding is allowed without a reason",
    .why =
        "Whoever reviews the plan has to know why a finding is accepted, and whoever copies it whether that still "
        "holds. What is allowed "
        "without a reason is reported as before.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = SuppressionCheck{check},
};

}  // namespace replug::rules
