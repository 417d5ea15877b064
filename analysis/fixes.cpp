#include "analysis/fixes.h"

#include <algorithm>
#include <array>
#include <deque>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "analysis/pipeline.h"
#include "analysis/summary.h"
#include "planner/reading/planned_step.h"

namespace replug::analysis {
namespace {

using rules::Finding;
using CountByRule = std::unordered_map<const rules::Rule*, std::size_t>;

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

CountByRule findings_by_rule(const Analysis& analysis) {
  CountByRule count;
  for (const Finding& finding : analysis.judgement->findings) ++count[finding.rule];
  return count;
}

std::size_t bytes_of(const planner::Reading& reading) {
  std::size_t bytes = 0;
  for (const auto& source : reading.sources) bytes += source->text().size();
  return bytes;
}

/// Findings that have the same fix, which is tried once.
using Candidate = std::vector<Finding*>;
using Batch = std::vector<Candidate>;

/// Whether the edits are the same. Their places are of one text, or they fit nowhere.
std::string identity(const rules::Fix& fix) {
  std::string text;
  for (const auto& edit : fix.edits) {
    text += fmt::format("{} {} {} {}", edit.place.span.begin, edit.place.span.end, edit.text.size(), edit.text);
  }
  return text;
}

/// The trials of one plan's fixes.
class Trials {
 public:
  Trials(Analysis& analysis, const planner::FileReader& files, const rules::Settings& settings)
      : analysis_(analysis),
        files_(files),
        settings_(settings),
        left_(trials_for(bytes_of(analysis.reading))),
        before_(findings_by_rule(analysis)),
        summary_(summarize({&analysis, 1})) {}

  void run() {
    waiting_.push_back(candidates(true));
    waiting_.push_back(candidates(false));
    for (; !waiting_.empty(); waiting_.pop_front()) {
      if (waiting_.front().empty()) continue;
      if (left_ == 0) {
        offer_as_unsafe(waiting_.front());
      } else {
        try_out(without_touching(waiting_.front()));
      }
    }
    for (Finding* finding : useless_) finding->fix.reset();
  }

 private:
  /// The fixes of findings that count; the others are nobody's business.
  Batch candidates(bool safe) {
    Batch batch;
    std::unordered_map<std::string, std::size_t> known;
    for (Finding& finding : analysis_.judgement->findings) {
      if (!finding.fix || finding.fix->safe != safe) continue;
      if (finding.suppressed) {
        useless_.push_back(&finding);
        continue;
      }
      const auto [place, first] = known.emplace(identity(*finding.fix), batch.size());
      if (first) batch.emplace_back();
      batch[place->second].push_back(&finding);
    }
    return batch;
  }

  /// As many of them as do not touch each other; the others are put off.
  Batch without_touching(const Batch& batch) {
    EditSet edits(source());
    Batch chosen;
    Batch others;
    for (const Candidate& candidate : batch) {
      const bool fits = edits.add(candidate.front()->fix->edits);
      (fits ? chosen : others).push_back(candidate);
    }
    if (chosen.empty()) {  // each of them touches itself, or another text
      for (const Candidate& candidate : others) discard(candidate);
      return {};
    }
    waiting_.push_back(std::move(others));
    return chosen;
  }

  void try_out(const Batch& batch) {
    if (batch.empty()) return;
    EditSet edits(source());
    for (const Candidate& candidate : batch) edits.add(candidate.front()->fix->edits);
    --left_;
    const auto edited = std::make_shared<planner::Source>(source().name(), edits.applied());
    const auto after =
        edited->text() == source().text() ? Analysis{} : analyse_once(edited, files_, settings_, Question::lint);
    if (keep_promises(batch, after)) return;
    if (batch.size() == 1) return discard(batch.front());
    const auto middle = batch.begin() + static_cast<std::ptrdiff_t>(batch.size() / 2);
    waiting_.emplace_back(batch.begin(), middle);
    waiting_.emplace_back(middle, batch.end());
  }

  /// Whether the plan with the fixes is without their findings and no worse. Of several fixes each must have taken away
  /// what it was offered for: one that does harm must not hide behind one that does good.
  [[nodiscard]] bool keep_promises(const Batch& batch, const Analysis& after) const {
    if (!is_no_worse(analysis_, after)) return false;
    auto now = findings_by_rule(after);
    CountByRule promised;
    std::array<std::size_t, 3> of_severity{};
    for (const Candidate& candidate : batch) {
      for (const Finding* finding : candidate) {
        ++promised[finding->rule];
        ++of_severity[static_cast<std::size_t>(finding->severity)];
      }
    }
    const auto kept = [&](const auto& one) { return now[one.first] + one.second <= before_.at(one.first); };
    if (batch.size() == 1) {
      return std::ranges::all_of(promised, [&](const auto& one) { return now[one.first] < before_.at(one.first); });
    }
    const auto is = summarize({&after, 1});
    const auto errors = is.errors + of_severity[static_cast<std::size_t>(rules::Severity::error)];
    const auto warnings = is.warnings + of_severity[static_cast<std::size_t>(rules::Severity::warning)];
    return std::pair(errors, warnings) <= std::pair(summary_.errors, summary_.warnings) &&
           std::ranges::all_of(promised, kept);
  }

  void discard(const Candidate& candidate) { std::ranges::copy(candidate, std::back_inserter(useless_)); }

  static void offer_as_unsafe(const Batch& batch) {
    for (const Candidate& candidate : batch) {
      for (Finding* finding : candidate) {
        finding->fix->safe = false;
        finding->fix->title += " (not tried out: there are too many for a plan of this size)";
      }
    }
  }

  [[nodiscard]] const planner::Source& source() const { return *analysis_.reading.sources.front(); }

  Analysis& analysis_;
  const planner::FileReader& files_;
  const rules::Settings& settings_;
  std::size_t left_;
  const CountByRule before_;
  const Summary summary_;
  std::deque<Batch> waiting_;
  std::vector<Finding*> useless_;  ///< their fixes go in the end: until then the findings are those of the plan
};

}  // namespace

std::size_t trials_for(std::size_t bytes) {
  return std::max(FixLimits::trials, FixLimits::bytes / std::max<std::size_t>(bytes, 1));
}

bool is_no_worse(const Analysis& before, const Analysis& after) {
  if (!after.reading.problems.empty() || !after.judgement || !after.forecast || !before.forecast) return false;
  if (badness(after.forecast->verdict) > badness(before.forecast->verdict)) return false;
  const auto was = summarize({&before, 1});
  const auto is = summarize({&after, 1});
  return std::pair(is.errors, is.warnings) <= std::pair(was.errors, was.warnings);
}

void try_fixes(Analysis& analysis, const planner::FileReader& files, const rules::Settings& settings) {
  if (analysis.judgement) Trials(analysis, files, settings).run();
}

bool EditSet::fits(const rules::Edit& edit) const {
  const auto span = edit.place.span;
  if (edit.place.source != &source_ || span.begin > span.end || span.end > source_.text().size()) return false;
  const auto touches = [span](const rules::Edit& other) {
    const auto there = other.place.span;
    const bool insertion = span.begin == span.end || there.begin == there.end;
    // Two insertions in one place have no order, and one beside a replacement may be meant for what is replaced.
    return insertion ? span.begin <= there.end && there.begin <= span.end
                     : span.begin < there.end && there.begin < span.end;
  };
  // They do not touch each other, so only the neighbours can be touched.
  const auto next = edits_.lower_bound(span.begin);
  return (next == edits_.end() || !touches(next->second)) &&
         (next == edits_.begin() || !touches(std::prev(next)->second));
}

bool EditSet::add(std::span<const rules::Edit> edits) {
  for (std::size_t i = 0; i < edits.size(); ++i) {
    if (fits(edits[i])) {
      edits_.emplace(edits[i].place.span.begin, edits[i]);
      continue;
    }
    for (const rules::Edit& added : edits.first(i)) edits_.erase(added.place.span.begin);
    return false;
  }
  return true;
}

std::string EditSet::applied() const {
  std::string text;
  std::size_t read = 0;
  for (const auto& [begin, edit] : edits_) {
    text += source_.text().substr(read, begin - read);
    text += edit.text;
    read = edit.place.span.end;
  }
  return text.append(source_.text().substr(read));
}

}  // namespace replug::analysis
