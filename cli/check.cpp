#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "analysis/pipeline.h"
#include "analysis/summary.h"
#include "cli/baseline.h"
#include "cli/commands.h"
#include "cli/configuration.h"
#include "cli/files.h"
#include "cli/terminal.h"
#include "report/formats.h"

namespace replug::cli {
namespace {

using analysis::Question;

Question question(Command command) {
  if (command == Command::lint) return Question::lint;
  return command == Command::simulate ? Question::simulate : Question::check;
}

/// The plans, and before them the configuration files that have problems.
std::vector<analysis::Analysis> analyse_plans(const CommandLine& line, Question question) {
  Configurations configurations(line.rules);
  std::vector<analysis::Analysis> plans;
  for (auto& source : read_plans(line.plans)) {
    const auto settings = configurations.of_plan(source->name()).settings();
    plans.push_back(analyse(std::move(source), read_named_file, settings, question));
  }
  auto all = configurations.problems();
  std::ranges::move(plans, std::back_inserter(all));
  return all;
}

void accept_known(std::vector<analysis::Analysis>& analyses, const CommandLine& line) {
  auto baseline = line.baseline.empty() ? Baseline() : Baseline::read(line.baseline);
  if (!line.write_baseline.empty()) {
    replace_file(line.write_baseline, Baseline::text(analyses));
    baseline = Baseline::of(analyses);
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
  const auto asked = question(line.command);
  report::Options options;
  options.every_state = line.every_state;
  options.color = wants_color(line.color);
  options.quiet = line.quiet;
  options.show_suppressed = line.show_suppressed;

  auto analyses = analyse_plans(line, asked);
  accept_known(analyses, line);
  const auto account = report::account_of(analyses, asked);
  write_result(line.format->write(account, options));

  const auto& summary = account.summary;
  if (summary.unreadable > 0) return ExitCode::unreadable;
  if (fails(summary, line, asked)) return ExitCode::findings;
  return summary.incomplete > 0 ? ExitCode::incomplete : ExitCode::clean;
}

}  // namespace replug::cli
