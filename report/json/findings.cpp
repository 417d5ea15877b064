#include <string>

#include "planner/reading/planned_step.h"
#include "report/json/json.h"
#include "report/telling/words.h"
#include "rules/judging/rule.h"

namespace replug::report {
namespace {

Json problem_json(const planner::Diagnostic& problem, const std::string& file) {
  Json result = {{"message", problem.message}, {"help", problem.help}, {"place", json(problem.place, file)}};
  if (!problem.related.empty()) result["related"] = json(problem.related, file);
  if (problem.fix) result["fix"] = json(*problem.fix, file);
  return result;
}

Json story_json(const std::vector<planner::Event>& story) {
  Json result = Json::array();
  for (const auto& event : story) result.push_back(event.text);
  return result;
}

/// What a finding follows from, if that is told too.
const rules::Finding* listed_cause(const PlanAccount& plan, const Diagnostic& diagnostic) {
  if (!diagnostic.cause || plan.diagnostics[*diagnostic.cause].suppressed()) return nullptr;
  return plan.diagnostics[*diagnostic.cause].finding;
}

Json finding_json(const PlanAccount& plan, const Diagnostic& diagnostic) {
  const auto& finding = *diagnostic.finding;
  Json result = {{"rule", finding.rule->id},
                 {"severity", kind_word(diagnostic.kind)},
                 {"fingerprint", finding.fingerprint},
                 {"message", finding.message},
                 {"help", finding.help},
                 {"url", finding.rule->url},
                 {"place", json(finding.place, plan.file())}};
  if (finding.step) result["step"] = plan.plan().steps[*finding.step].step.id.view();
  if (!finding.related.empty()) result["related"] = json(finding.related, plan.file());
  if (!finding.story.empty()) result["story"] = story_json(finding.story);
  if (const auto* cause = listed_cause(plan, diagnostic)) result["cause"] = cause->fingerprint;
  if (finding.fix) result["fix"] = json(*finding.fix, plan.file());
  return result;
}

void write_findings(const Account& account, ObjectText& out) {
  out.begin_list("findings");
  for (const auto& plan : account.plans) {
    for (const auto& diagnostic : plan.diagnostics) {
      const bool listed = diagnostic.finding != nullptr && !diagnostic.suppressed();
      if (listed) out.element(compact(finding_json(plan, diagnostic)));
    }
  }
  out.end_list();
}

void write_all_problems(const Account& account, ObjectText& out) {
  out.begin_list("problems");
  for (const auto& plan : account.plans) write_problems(plan, out);
  out.end_list();
}

void write_not_checked(const Account& account, ObjectText& out) {
  out.begin_list("not_checked");
  for (const auto& plan : account.plans) {
    for (const auto& rule : plan.not_checked()) {
      out.element(compact({{"rule", rule.rule->id}, {"why", rule.why}, {"plan", plan.file()}}));
    }
  }
  out.end_list();
}

std::string write_findings_json(const Account& account, const Options& options) {
  const auto& summary = account.summary;
  ObjectText out;
  out.member("replug", 1);
  out.member("verdict", to_string(account.overall));
  out.member("summary", {{"error", summary.errors},
                         {"warning", summary.warnings},
                         {"note", summary.notes},
                         {"suppressed", summary.suppressed}});
  write_findings(account, out);
  write_all_problems(account, out);
  write_not_checked(account, out);
  if (account.tells_forecasts()) {
    out.begin_list("forecasts");
    for (const auto& plan : account.plans) {
      if (plan.has_forecast()) out.element(forecast_text(plan, options.every_state));
    }
    out.end_list();
  }
  return out.finish() + "\n";
}

std::string write_forecast_json(const Account& account, const Options& options) {
  if (account.plans.size() == 1) return forecast_text(account.plans.front(), options.every_state) + "\n";
  ObjectText out;
  out.member("replug", 1);
  out.begin_list("forecasts");
  for (const auto& plan : account.plans) out.element(forecast_text(plan, options.every_state));
  out.end_list();
  return out.finish() + "\n";
}

}  // namespace

void write_problems(const PlanAccount& plan, ObjectText& out) {
  for (const auto& diagnostic : plan.diagnostics) {
    if (diagnostic.kind == Diagnostic::Kind::problem) out.element(compact(problem_json(*diagnostic.said, plan.file())));
  }
}

std::string write_json(const Account& account, const Options& options) {
  return account.tells_findings() ? write_findings_json(account, options) : write_forecast_json(account, options);
}

}  // namespace replug::report
