#include "cli/commands.h"
#include "cli/files.h"
#include "cli/terminal.h"
#include "cli/trouble.h"
#include "planner/reading/read.h"
#include "report/text/text.h"

namespace replug::cli {

ExitCode graph(const CommandLine& line) {
  auto sources = read_plans(line.plans);
  if (sources.size() > 1) throw Trouble(ExitCode::usage, "graph draws one plan at a time; the folder has several.");
  std::vector<analysis::Analysis> analyses(1);
  analyses.front().file = sources.front()->name();
  analyses.front().reading = planner::read_plan(std::move(sources.front()), read_named_file);
  const auto account = report::account_of(analyses, analysis::Question::check);
  if (!analyses.front().reading.plan) {
    write_message(write_text(account, {}));
    return ExitCode::unreadable;
  }
  write_result(line.format->write(account, {}));
  return ExitCode::clean;
}

}  // namespace replug::cli
