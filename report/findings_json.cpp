#include <string>
#include <utility>

#include "analysis/summary.h"
#include "planner/reading/planned_step.h"
#include "report/json.h"
#include "report/report.h"
#include "rules/judging/rule.h"

namespace replug::report {
namespace {

Json fix_json(const rules::Fix& fix, const std::string& file) {
  Json edits = Json::array();
  for (const auto& edit : fix.edits) edits.push_back({{"place", json(edit.place, file)}, {"text", edit.text}});
  return {{"title", fix.title}, {"safe", fix.safe}, {"edits", std::move(edits)}};
}

Json finding_json(const Analysis& analysis, const rules::Finding& finding) {
  Json result = {{"rule", finding.rule->id},
                 {"severity", to_string(finding.severity)},
                 {"fingerprint", finding.fingerprint},
                 {"message", finding.message},
                 {"help", finding.help},
                 {"url", finding.rule->url},
                 {"place", json(finding.place, analysis.file)}};
  if (finding.step) result["step"] = analysis.plan().steps[*finding.step].step.id.view();
  if (!finding.related.empty()) result["related"] = json(finding.related, analysis.file);
  if (!finding.story.empty()) result["story"] = finding.story;
  if (finding.fix) result["fix"] = fix_json(*finding.fix, analysis.file);
  return result;
}

void write_findings(std::span<const Analysis> analyses, ObjectText& out) {
  out.begin_list("findings");
  for (const auto& analysis : analyses) {
    if (!analysis.judgement) continue;
    for (const auto& finding : analysis.judgement->findings) {
      if (!finding.suppressed) out.element(compact(finding_json(analysis, finding)));
    }
  }
  out.end_list();
}

void write_problems(std::span<const Analysis> analyses, ObjectText& out) {
  out.begin_list("problems");
  for (const auto& analysis : analyses) {
    for (const auto& problem : analysis.reading.problems) {
      out.element(compact(json(problem, analysis.file)));
    }
  }
  out.end_list();
}

void write_not_checked(std::span<const Analysis> analyses, ObjectText& out) {
  out.begin_list("not_checked");
  for (const auto& analysis : analyses) {
    if (!analysis.judgement) continue;
    for (const auto& rule : analysis.judgement->not_checked) {
      out.element(compact({{"rule", rule.rule->id}, {"why", rule.why}, {"plan", analysis.file}}));
    }
  }
  out.end_list();
}

}  // namespace

std::string write_findings_json(std::span<const Analysis> analyses, const Options& options) {
  const auto summary = summarize(analyses);
  ObjectText out;
  out.member("replug", 1);
  out.member("verdict", to_string(overall(summary, options.question)));
  out.member("summary", {{"error", summary.errors},
                         {"warning", summary.warnings},
                         {"note", summary.notes},
                         {"suppressed", summary.suppressed}});
  write_findings(analyses, out);
  write_problems(analyses, out);
  write_not_checked(analyses, out);
  if (options.question == Question::check) {
    out.begin_list("forecasts");
    for (const auto& analysis : analyses) {
      if (analysis.forecast) out.element(forecast_text(analysis, options.every_state));
    }
    out.end_list();
  }
  return out.finish() + "\n";
}

}  // namespace replug::report
