#include <vector>

#include <fmt/format.h>

#include "rules/judging/rule.h"
#include "rules/judging/suppression.h"
#include "text/printable.h"
#include "text/suggest.h"

namespace replug::rules {

namespace {

std::string help_for(const std::string& name) {
  std::vector<std::string_view> ids;
  for (const Rule* rule : catalogue()) ids.push_back(rule->id);
  const auto near = text::nearest(name, ids);
  return near ? fmt::format("Did you mean {}?", *near)
              : "`replug rules` lists the rules; findings tell theirs in brackets.";
}

void check(const Suppressions& suppressions, Report& report) {
  for (const Suppression& one : suppressions.all) {
    if (one.rule != nullptr) continue;
    const std::string message =
        one.name.empty() ? "This allows no rule by name, so it allows nothing."
                         : fmt::format("There is no rule {}, so nothing is allowed here.", text::printable(one.name));
    report.finding(one.place, message, help_for(one.name)).subject = one.name.empty() ? "no name" : one.name;
  }
}

}  // namespace

extern const Rule suppression_of_unknown_rule;
constinit const Rule suppression_of_unknown_rule = {
    .id = "suppression-of-unknown-rule",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "plan",
    .summary = "Findings of a rule that does not exist are allowed",
    .why =
        "A slip in the rule's name leaves the finding as it was, and a rule that is gone leaves words that nobody "
        "dares to remove.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = SuppressionCheck{check},
};

}  // namespace replug::rules
