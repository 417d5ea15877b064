#include "cli/commands.h"
#include "cli/plans.h"
#include "cli/reach.h"
#include "cli/terminal.h"
#include "cli/trouble.h"
#include "planner/reading/read.h"
#include "report/text/text.h"

namespace replug::cli {

ExitCode graph(const CommandLine& line) {
  const Reach reach(line.include_roots);
  auto [sources, unreadable] = find_plans(line.plans, reach);
  if (!unreadable.empty()) write_message(write_text(report::account_of(unreadable, analysis::Question::check), {}));
  if (sources.empty()) return ExitCode::unreadable;
  if (sources.size() > 1) throw Trouble(ExitCode::usage, "graph draws one plan at a time; the folder has several.");
  std::vector<analysis::Analysis> analyses(1);
  analyses.front().file = sources.front()->name();
  const auto files = reach.reader_for(sources.front()->name());
  analyses.front().reading = planner::read_plan(std::move(sources.front()), files);
  const auto account = report::account_of(analyses, analysis::Question::check);
  if (!analyses.front().reading.plan) {
    write_message(write_text(account, {}));
    return ExitCode::unreadable;
  }
  write_result(line.format->write(account, {}));
  return ExitCode::clean;
}

}  // namespace replug::cli
