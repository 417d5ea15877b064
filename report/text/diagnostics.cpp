#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "planner/reading/planned_step.h"
#include "report/telling/columns.h"
#include "report/telling/excerpt.h"
#include "report/telling/words.h"
#include "report/text/parts.h"
#include "rules/judging/rule.h"

namespace replug::report {
namespace {

Ink ink_of(const Diagnostic& diagnostic) {
  if (diagnostic.suppressed()) return Ink::faint;
  switch (diagnostic.kind) {
    case Diagnostic::Kind::problem:
    case Diagnostic::Kind::error:
      return Ink::bad;
    case Diagnostic::Kind::warning:
      return Ink::careful;
    case Diagnostic::Kind::note:
      return Ink::place;
  }
  return Ink::plain;
}

void write_headline(Page& page, const Diagnostic& diagnostic) {
  std::string label = diagnostic.suppressed() ? "suppressed " : "";
  label += kind_word(diagnostic.kind);
  if (diagnostic.rule() != nullptr) label += fmt::format("[{}]", diagnostic.rule()->id);
  page.paragraph(page.painted(ink_of(diagnostic), label + ": "), one_line(diagnostic.said->message), Ink::strong, 4);
}

/// Places in the primary one's file go into one excerpt with it, the others get one of their own.
void write_places(Page& page, const planner::Diagnostic& said, const std::string& file) {
  std::vector<Mark> marks{{said.place, "", true}};
  std::vector<Mark> elsewhere;
  for (const auto& one : said.related) {
    const bool same = one.place.known() && one.place.source == said.place.source;
    (same ? marks : elsewhere).push_back({one.place, one.message, false});
  }
  if (said.place.known()) {
    write_excerpt(page, marks);
  } else {
    page.line("  " + page.painted(Ink::place, "--> ") + one_line(file));
  }
  for (const auto& mark : elsewhere) {
    page.paragraph("  note: ", one_line(mark.label));
    if (mark.place.known()) write_excerpt(page, {{{mark.place, "", false}}});
  }
}

void write_remark(Page& page, std::string_view word, std::string_view text) {
  if (text.empty()) return;
  page.paragraph("   " + page.painted(Ink::strong, fmt::format("= {}: ", word)), one_line(text));
}

std::string story_of(const planner::Diagnostic& said) {
  std::vector<std::string_view> events;
  for (const auto& event : said.story) events.emplace_back(event.text);
  return fmt::format("{}", fmt::join(events, " -> "));
}

/// What only a finding has beside its help. `explained`: the rules whose reason was told already; once is enough.
void write_finding(Page& page, const rules::Finding& finding, std::set<const rules::Rule*>& explained) {
  write_remark(page, "suppressed", finding.suppression_reason);
  const bool first = explained.insert(finding.rule).second;
  if (first) write_remark(page, "why", finding.rule->why);
  write_remark(page, "help", finding.help);
  if (finding.fix) write_remark(page, "fix", finding.fix->title);
  write_remark(page, "story", story_of(finding));
  if (first) write_remark(page, "see", finding.rule->url);
}

}  // namespace

void write_problems(Page& page, const PlanAccount& plan) {
  for (const auto& diagnostic : plan.diagnostics) {
    if (diagnostic.kind != Diagnostic::Kind::problem) continue;
    page.gap();
    write_headline(page, diagnostic);
    write_places(page, *diagnostic.said, plan.file());
    write_remark(page, "help", diagnostic.said->help);  // it names the fix, too
  }
}

void write_findings(Page& page, const PlanAccount& plan, bool suppressed) {
  std::set<const rules::Rule*> explained;
  for (const auto& diagnostic : plan.diagnostics) {
    if (diagnostic.finding == nullptr || (diagnostic.suppressed() && !suppressed)) continue;
    page.gap();
    write_headline(page, diagnostic);
    write_places(page, *diagnostic.said, plan.file());
    write_finding(page, *diagnostic.finding, explained);
  }
}

}  // namespace replug::report
