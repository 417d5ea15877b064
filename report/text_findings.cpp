#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/columns.h"
#include "report/excerpt.h"
#include "report/text.h"
#include "rules/judging/rule.h"

namespace replug::report {
namespace {

/// What problems and findings have in common: a headline, places, and remarks below them.
class Told {
 public:
  Told(Page& page, const planner::Place& place) : page_(page), marks_{{place, "", true}} {}

  void headline(Ink ink, const std::string& word, const std::string& rule, const std::string& message) {
    const auto label = rule.empty() ? word + ": " : word + "[" + rule + "]: ";
    page_.paragraph(page_.painted(ink, label), one_line(message), Ink::strong, 4);
  }

  /// Places in the primary one's file go into one excerpt with it, the others get one of their own.
  void places(const std::vector<planner::Related>& related) {
    std::vector<Mark> elsewhere;
    for (const auto& one : related) {
      const bool same = one.place.known() && one.place.source == marks_.front().place.source;
      (same ? marks_ : elsewhere).push_back({one.place, one.message, false});
    }
    if (marks_.front().place.known()) write_excerpt(page_, marks_);
    for (const auto& mark : elsewhere) {
      page_.paragraph("  note: ", one_line(mark.label));
      if (mark.place.known()) write_excerpt(page_, {{{mark.place, "", false}}});
    }
  }

  void remark(std::string_view word, const std::string& text) {
    if (text.empty()) return;
    page_.paragraph("   " + page_.painted(Ink::strong, fmt::format("= {}: ", word)), one_line(text));
  }

 private:
  Page& page_;
  std::vector<Mark> marks_;
};

Ink ink_of(rules::Severity severity) {
  switch (severity) {
    case rules::Severity::error:
      return Ink::bad;
    case rules::Severity::warning:
      return Ink::careful;
    case rules::Severity::note:
      return Ink::place;
  }
  return Ink::plain;
}

/// `explained`: the rules whose reason was told already; once is enough.
void write_finding(Page& page, const rules::Finding& finding, std::set<const rules::Rule*>& explained) {
  page.gap();
  Told told(page, finding.place);
  const auto word = std::string(finding.suppressed ? "suppressed " : "") + std::string(to_string(finding.severity));
  told.headline(finding.suppressed ? Ink::faint : ink_of(finding.severity), word, std::string(finding.rule->id),
                finding.message);
  told.places(finding.related);
  told.remark("suppressed", finding.suppression_reason);
  const bool first = explained.insert(finding.rule).second;
  if (first) told.remark("why", std::string(finding.rule->why));
  told.remark("help", finding.help);
  if (finding.fix) told.remark("fix", finding.fix->title);
  told.remark("story", fmt::format("{}", fmt::join(finding.story, " -> ")));
  if (first) told.remark("see", std::string(finding.rule->url));
}

}  // namespace

void write_problems(Page& page, const Analysis& analysis) {
  for (const auto& problem : analysis.reading.problems) {
    page.gap();
    Told told(page, problem.place);
    told.headline(Ink::bad, "problem", "", problem.message);
    if (!problem.place.known()) page.line("  " + page.painted(Ink::place, "--> ") + one_line(analysis.file));
    told.places(problem.related);
    told.remark("help", problem.help);
  }
}

void write_findings(Page& page, const Analysis& analysis, bool suppressed) {
  std::set<const rules::Rule*> explained;
  for (const auto& finding : analysis.judgement->findings) {
    if (suppressed || !finding.suppressed) write_finding(page, finding, explained);
  }
}

}  // namespace replug::report
