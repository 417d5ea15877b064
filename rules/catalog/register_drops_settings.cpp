#include <algorithm>

#include <fmt/format.h>

#include "rules/judging/moment.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

using simulator::Change;

// The same file under the same version: only args and env are gone.
std::vector<simulator::CellField> dropped(const simulator::StepForecast& step) {
  std::vector<simulator::CellField> fields;
  for (const Change& change : step.changes) {
    if (change.what != Change::What::catalog) continue;
    const bool gone = (change.field == simulator::CellField::args || change.field == simulator::CellField::env) &&
                      change.to.view().empty();
    if (!gone) return {};
    fields.push_back(change.field);
  }
  return fields;
}

void check(const Moment& moment, Report& report) {
  if (moment.as<simulator::Register>() == nullptr || !moment.forecast.reply.ok()) return;
  const std::vector<simulator::CellField> dropped_fields = dropped(moment.forecast);
  std::vector<std::string> fields;
  fields.reserve(dropped_fields.size());
  for (const simulator::CellField field : dropped_fields) fields.emplace_back(to_string(field));
  if (fields.empty()) return;
  const simulator::Text label = moment.forecast.changes.front().subject;
  const std::string what = listed(fields);
  Finding& finding =
      report.finding(moment.plan.where(moment.planned, "name"),
                     fmt::format("{} is registered again without the {} it had. A registration replaces the whole "
                                 "entry, so from its next start on the plugin runs "
                                 "without {}.",
                                 shown(label), what, fields.size() == 1 ? "it" : "them"),
                     fields.size() == 1 && fields.front() == "args"
                         ? "Give `args` here as before; `vault plugin info` shows what the entry has. If nothing else "
                           "is to change, leave the step out."
                         : fmt::format("Give `{}` here as before (Vault never shows the env of an entry, so take it "
                                       "from where it was first registered). If nothing "
                                       "else is to change, leave the step out.",
                                       fields.size() == 1 ? fields.front() : "args` and `env"));
  finding.subject = label.str();
  finding.step = moment.forecast.step;
  if (const ChangeAt* before =
          moment.facts.timeline().last_change(Change::What::catalog, label, dropped_fields.front(), moment.position)) {
    finding.related.push_back({"given here", moment.plan.where(moment.facts.step_at(before->position))});
  }
}

}  // namespace

extern const Rule register_drops_settings;
constinit const Rule register_drops_settings = {
    .id = "register-drops-settings",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "catalog",
    .summary = "An entry is registered again without the args or env it had",
    .why =
        "Registering an existing type, name and version replaces the entry as a whole; what is not given is emptied. "
        "Nothing that runs changes, "
        "so the loss shows at the next start of the plugin, when it finds its settings gone.",
    .url = "https://developer.hashicorp.com/vault/api-docs/system/plugins-catalog",
    .check = StepCheck{check},
};

}  // namespace replug::rules
