#include "analysis/fixes.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "analysis/pipeline.h"
#include "analysis/summary.h"
#include "planner/reading/planned_step.h"

namespace replug::analysis {
namespace {

using rules::Finding;

std::size_t findings_of(const Analysis& analysis, const rules::Rule* rule) {
  return static_cast<std::size_t>(std::ranges::count(analysis.judgement->findings, rule, &Finding::rule));
}

/// How bad a verdict is.
int badness(simulator::Verdict verdict) {
  switch (verdict) {
    case simulator::Verdict::ok:
      return 0;
    case simulator::Verdict::unexpected:
      return 1;
    case simulator::Verdict::refused:
      return 2;
  }
  return 2;
}

/// Whether the plan with the finding's fix is without the finding, and no worse.
bool helps(const Analysis& analysis, const Finding& finding, const planner::FileReader& files,
           const rules::Settings& settings) {
  const auto& source = *analysis.reading.sources.front();
  EditSet edits(source);
  if (!edits.add(finding.fix->edits) || edits.empty()) return false;
  const auto edited = std::make_shared<planner::Source>(source.name(), edits.applied());
  const auto after = analyse_once(edited, files, settings, Question::lint);
  return is_no_worse(analysis, after) && findings_of(after, finding.rule) < findings_of(analysis, finding.rule);
}

void offer_as_unsafe(rules::Fix& fix, std::string_view why) {
  fix.safe = false;
  fix.title += fmt::format(" (not tried out: {})", why);
}

}  // namespace

bool is_no_worse(const Analysis& before, const Analysis& after) {
  if (!after.reading.problems.empty() || !after.judgement || !after.forecast || !before.forecast) return false;
  if (badness(after.forecast->verdict) > badness(before.forecast->verdict)) return false;
  const auto was = summarize({&before, 1});
  const auto is = summarize({&after, 1});
  return std::pair(is.errors, is.warnings) <= std::pair(was.errors, was.warnings);
}

void try_fixes(Analysis& analysis, const planner::FileReader& files, const rules::Settings& settings) {
  if (!analysis.judgement) return;
  std::size_t trials = 0;
  std::vector<Finding*> useless;  // taken away in the end: until then the findings are those of the plan
  for (Finding& finding : analysis.judgement->findings) {
    if (!finding.fix) continue;
    if (finding.suppressed) {
      useless.push_back(&finding);
    } else if (analysis.plan().steps.size() > FixLimits::steps) {
      offer_as_unsafe(*finding.fix, fmt::format("the plan has more than {} steps", FixLimits::steps));
    } else if (++trials > FixLimits::trials) {
      offer_as_unsafe(*finding.fix, fmt::format("{} others were", FixLimits::trials));
    } else if (!helps(analysis, finding, files, settings)) {
      useless.push_back(&finding);
    }
  }
  for (Finding* finding : useless) finding->fix.reset();
}

bool EditSet::fits(const rules::Edit& edit) const {
  const auto span = edit.place.span;
  if (edit.place.source != &source_ || span.begin > span.end || span.end > source_.text().size()) return false;
  return std::ranges::none_of(edits_, [&](const rules::Edit& other) {
    const auto there = other.place.span;
    const bool insertion = span.begin == span.end || there.begin == there.end;
    // Two insertions in one place have no order, and one beside a replacement may be meant for what is replaced.
    return insertion ? span.begin <= there.end && there.begin <= span.end
                     : span.begin < there.end && there.begin < span.end;
  });
}

bool EditSet::add(std::span<const rules::Edit> edits) {
  const std::size_t before = edits_.size();
  for (const rules::Edit& edit : edits) {
    if (!fits(edit)) {
      edits_.resize(before);
      return false;
    }
    edits_.push_back(edit);
  }
  return true;
}

std::string EditSet::applied() const {
  auto sorted = edits_;
  std::ranges::sort(sorted, {}, [](const rules::Edit& edit) { return edit.place.span.begin; });
  std::string text;
  std::size_t read = 0;
  for (const rules::Edit& edit : sorted) {
    text += source_.text().substr(read, edit.place.span.begin - read);
    text += edit.text;
    read = edit.place.span.end;
  }
  return text.append(source_.text().substr(read));
}

}  // namespace replug::analysis
