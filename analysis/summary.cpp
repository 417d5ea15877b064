#include "analysis/summary.h"

#include <algorithm>

#include "planner/reading/planned_step.h"

namespace replug::analysis {
namespace {

void count_findings(const rules::Judgement& judgement, Summary& summary) {
  for (const auto& finding : judgement.findings) {
    if (finding.suppressed) {
      ++summary.suppressed;
      continue;
    }
    switch (finding.severity) {
      case rules::Severity::error:
        ++summary.errors;
        break;
      case rules::Severity::warning:
        ++summary.warnings;
        break;
      case rules::Severity::note:
        ++summary.notes;
        break;
    }
  }
}

void count_forecast(const simulator::Forecast& forecast, Summary& summary) {
  switch (forecast.verdict) {
    case simulator::Verdict::ok:
      ++summary.ok;
      break;
    case simulator::Verdict::refused:
      ++summary.refused;
      break;
    case simulator::Verdict::unexpected:
      ++summary.unexpected;
      break;
  }
  if (is_incomplete(forecast)) ++summary.incomplete;
}

}  // namespace

std::size_t Summary::findings_from(rules::Severity severity) const {
  switch (severity) {
    case rules::Severity::error:
      return errors;
    case rules::Severity::warning:
      return errors + warnings;
    case rules::Severity::note:
      return findings();
  }
  return findings();
}

Summary summarize(std::span<const Analysis> analyses) {
  Summary summary;
  for (const auto& analysis : analyses) {
    ++summary.files;
    if (!analysis.reading.problems.empty()) ++summary.unreadable;
    summary.problems += analysis.reading.problems.size();
    if (analysis.reading.plan) summary.steps += analysis.plan().steps.size();
    if (analysis.judgement) count_findings(*analysis.judgement, summary);
    if (analysis.forecast) count_forecast(*analysis.forecast, summary);
  }
  return summary;
}

std::string_view to_string(Overall overall) {
  switch (overall) {
    case Overall::problems:
      return "problems";
    case Overall::findings:
      return "findings";
    case Overall::incomplete:
      return "incomplete";
    case Overall::clean:
      return "clean";
  }
  return "";
}

Overall overall(const Summary& summary, Question question) {
  if (summary.unreadable > 0) return Overall::problems;
  const bool not_ok = question != Question::lint && summary.refused + summary.unexpected > 0;
  if (summary.findings() > 0 || not_ok) return Overall::findings;
  return summary.incomplete > 0 ? Overall::incomplete : Overall::clean;
}

bool is_incomplete(const simulator::Forecast& forecast) {
  return std::ranges::any_of(forecast.steps, [](const auto& step) { return !step.not_modelled.empty(); });
}

}  // namespace replug::analysis
