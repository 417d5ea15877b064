#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "analysis/baseline.h"
#include "analysis/pipeline.h"
#include "analysis/summary.h"
#include "cli/commands.h"
#include "cli/configuration.h"
#include "cli/files.h"
#include "cli/plans.h"
#include "cli/reach.h"
#include "cli/terminal.h"
#include "cli/trouble.h"
#include "report/baseline_json.h"
#include "report/report.h"
#include "text/printable.h"

namespace replug::cli {
namespace {

using analysis::Question;

Question question(Command command) {
  if (command == Command::lint) return Question::lint;
  return command == Command::simulate ? Question::simulate : Question::check;
}

std::string written(const std::vector<analysis::Analysis>& analyses, const CommandLine& line,
                    const report::Options& options) {
  if (line.format == Format::text) return write_text(analyses, options);
  return options.question == Question::simulate ? write_forecast_json(analyses, options)
                                                : write_findings_json(analyses, options);
}

/// The plans, and before them the configuration files that have problems and the files that cannot be read.
std::vector<analysis::Analysis> analyse_plans(const CommandLine& line, Question question) {
  const Reach reach(line.include_roots);
  Configurations configurations(line.rules, reach);
  std::vector<analysis::Analysis> plans;
  auto found = find_plans(line.plans, reach);
  for (auto& source : found.plans) {
    const auto settings = configurations.of_plan(source->name()).settings();
    const auto files = reach.reader_for(source->name());
    plans.push_back(analyse(std::move(source), files, settings, question));
  }
  auto all = configurations.problems();
  std::ranges::move(found.unreadable, std::back_inserter(all));
  std::ranges::move(plans, std::back_inserter(all));
  return all;
}

analysis::Baseline baseline_in(const std::string& file) {
  auto read = report::read_baseline(read_regular_file(file, file));
  if (!read.baseline) {
    throw Trouble(ExitCode::usage, fmt::format("{} is no baseline: {}.", text::printable(file, 1000), read.reason),
                  "A baseline is what --write-baseline or \"replug lint --format json\" wrote.");
  }
  return std::move(*read.baseline);
}

void accept_known(std::vector<analysis::Analysis>& analyses, const CommandLine& line) {
  auto baseline = line.baseline.empty() ? analysis::Baseline() : baseline_in(line.baseline);
  if (!line.write_baseline.empty()) {
    replace_file(line.write_baseline, report::write_baseline(analyses));
    baseline = analysis::Baseline::of(analyses);
  }
  baseline.accept(analyses);
}

/// Whether what was found is a reason to fail: findings where they were asked for, verdicts where there are forecasts.
bool fails(const analysis::Summary& summary, const CommandLine& line, Question question) {
  if (!line.fail_on) return false;
  if (question != Question::simulate && summary.findings_from(*line.fail_on) > 0) return true;
  return question != Question::lint && summary.refused + summary.unexpected > 0;
}

}  // namespace

ExitCode check(const CommandLine& line) {
  report::Options options;
  options.question = question(line.command);
  options.every_state = line.every_state;
  options.color = wants_color(line.color);
  options.quiet = line.quiet;
  options.show_suppressed = line.show_suppressed;

  auto analyses = analyse_plans(line, options.question);
  accept_known(analyses, line);
  write_result(written(analyses, line, options));

  const auto summary = analysis::summarize(analyses);
  if (summary.unreadable > 0) return ExitCode::unreadable;
  if (fails(summary, line, options.question)) return ExitCode::findings;
  return summary.incomplete > 0 ? ExitCode::incomplete : ExitCode::clean;
}

}  // namespace replug::cli
