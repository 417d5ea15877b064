#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "analysis/fixes.h"
#include "analysis/pipeline.h"
#include "cli/commands.h"
#include "cli/configuration.h"
#include "cli/files.h"
#include "cli/plans.h"
#include "cli/reach.h"
#include "cli/terminal.h"
#include "cli/trouble.h"
#include "report/columns.h"
#include "report/excerpt.h"
#include "report/report.h"
#include "rules/judging/rule.h"
#include "text/diff.h"
#include "text/printable.h"

namespace replug::cli {
namespace {

using SourcePtr = std::shared_ptr<const planner::Source>;

/// A repair of a plan, and what it is told as.
struct Repair {
  std::string told;
  std::vector<rules::Edit> edits;
};

/// Repairs one plan in rounds: what is repaired can uncover something else, and repairs that touch each other wait for
/// the next round.
class Repairs {
 public:
  Repairs(SourcePtr source, planner::FileReader files, const rules::Settings& settings, bool unsafe)
      : source_(std::move(source)), files_(std::move(files)), settings_(settings), unsafe_(unsafe) {}

  void run() {
    constexpr int most_rounds = 10;
    analysis_ = analyse(source_, files_, settings_, analysis::Question::lint);
    for (int round = 0; round < most_rounds; ++round) {
      const auto open = open_repairs();
      if (open.empty() || !apply(open)) return;
    }
  }

  [[nodiscard]] const planner::Source& source() const { return *source_; }
  [[nodiscard]] const analysis::Analysis& analysis() const { return analysis_; }
  [[nodiscard]] const std::vector<std::string>& done() const { return done_; }
  /// Fixes that were not asked for.
  [[nodiscard]] std::size_t unsafe_left() const {
    if (!analysis_.judgement || unsafe_) return 0;
    return static_cast<std::size_t>(std::ranges::count_if(
        analysis_.judgement->findings,
        [](const rules::Finding& finding) { return !finding.suppressed && finding.fix && !finding.fix->safe; }));
  }

 private:
  /// The slips of a file that is no plan; of a plan, the fixes of its findings.
  [[nodiscard]] std::vector<Repair> open_repairs() const {
    std::vector<Repair> open;
    const auto add = [&](const planner::Place& place, const std::string& what, std::vector<rules::Edit> edits) {
      open.push_back({fmt::format("{} {}", report::place_text(place), report::one_line(what)), std::move(edits)});
    };
    for (const auto& problem : analysis_.reading.problems) {
      if (!problem.correction) continue;
      add(problem.place, fmt::format("`{}` is what was meant", problem.correction->text),
          {{problem.correction->place, problem.correction->text}});
    }
    if (!analysis_.reading.problems.empty() || !analysis_.judgement) return open;
    for (const auto& finding : analysis_.judgement->findings) {
      if (finding.suppressed || !finding.fix || !(finding.fix->safe || unsafe_)) continue;
      add(finding.place, fmt::format("{} [{}]", finding.fix->title, finding.rule->id), finding.fix->edits);
    }
    return open;
  }

  /// All at once; if together they do harm, the first alone. False if nothing changed.
  bool apply(const std::vector<Repair>& open) {
    return apply_first(open, open.size()) || (open.size() > 1 && apply_first(open, 1));
  }

  bool apply_first(const std::vector<Repair>& open, std::size_t most) {
    analysis::EditSet edits(*source_);
    std::vector<std::string> told;
    for (std::size_t i = 0; i < most; ++i) {
      if (edits.add(open[i].edits)) told.push_back(open[i].told);
    }
    auto edited = std::make_shared<planner::Source>(source_->name(), edits.applied());
    if (edited->text() == source_->text()) return false;
    auto after = analyse(edited, files_, settings_, analysis::Question::lint);
    const bool was_plan = analysis_.reading.problems.empty();
    if (was_plan && !is_no_worse(analysis_, after)) return false;
    source_ = std::move(edited);
    analysis_ = std::move(after);
    std::ranges::move(told, std::back_inserter(done_));
    return true;
  }

  SourcePtr source_;
  planner::FileReader files_;
  const rules::Settings& settings_;
  bool unsafe_;
  analysis::Analysis analysis_;
  std::vector<std::string> done_;
};

/// A diff is meant for `patch`, byte by byte; on a terminal, nothing in it may act on the terminal.
std::string shown(const std::string& diff) {
  if (::isatty(STDOUT_FILENO) != 1) return diff;
  std::string text;
  for (std::string_view rest = diff; !rest.empty();) {
    const auto length = std::min(rest.find('\n'), rest.size());
    text += text::printable(rest.substr(0, length), length) + "\n";
    rest.remove_prefix(std::min(length + 1, rest.size()));
  }
  return text;
}

std::string told(const std::string& name, const Repairs& repairs, bool dry_run) {
  std::string text;
  for (const auto& one : repairs.done()) text += one + "\n";
  const auto count = repairs.done().size();
  text += fmt::format("{}: {} {}.", text::printable(name, 1000), report::count(count, "repair"),
                      dry_run ? "possible" : "made");
  if (const auto left = repairs.unsafe_left(); left > 0) text += fmt::format(" {} more with --unsafe.", left);
  if (const auto left = repairs.analysis().reading.problems.size(); left > 0) {
    text += fmt::format(" It is no plan yet: {} left.", report::count(left, "problem"));
  }
  return text + "\n";
}

}  // namespace

ExitCode fix(const CommandLine& line) {
  if (std::ranges::find(line.plans, "-") != line.plans.end() && !line.dry_run) {
    throw Trouble(ExitCode::usage, "fix cannot write to standard input.",
                  "\"replug fix --dry-run -\" shows what would change.");
  }
  const Reach reach(line.include_roots);
  Configurations configurations(line.rules, reach);
  auto found = find_plans(line.plans, reach);
  bool all_are_plans = found.unreadable.empty();
  for (const auto& source : found.plans) {
    const auto settings = configurations.of_plan(source->name()).settings();
    Repairs repairs(source, reach.reader_for(source->name()), settings, line.unsafe);
    repairs.run();
    all_are_plans = all_are_plans && repairs.analysis().reading.problems.empty();
    if (line.dry_run) {
      const auto name = text::printable(source->name(), 4096);
      write_result(shown(text::unified_diff(name, source->text(), repairs.source().text())));
      write_message(told(source->name(), repairs, true));
    } else {
      if (!repairs.done().empty()) replace_file(source->name(), repairs.source().text());
      write_result(told(source->name(), repairs, false));
    }
  }
  auto broken = configurations.problems();
  std::ranges::move(found.unreadable, std::back_inserter(broken));
  if (!broken.empty()) write_message(report::write_text(broken, {.question = analysis::Question::lint}));
  return all_are_plans && broken.empty() ? ExitCode::clean : ExitCode::unreadable;
}

}  // namespace replug::cli
