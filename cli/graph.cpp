#include "cli/commands.h"
#include "cli/plans.h"
#include "cli/reach.h"
#include "cli/terminal.h"
#include "cli/trouble.h"
#include "planner/ordering/order.h"
#include "report/report.h"

namespace replug::cli {

ExitCode graph(const CommandLine& line) {
  const Reach reach(line.include_roots);
  auto [sources, unreadable] = find_plans(line.plans, reach);
  if (!unreadable.empty()) write_message(report::write_text(unreadable, {}));
  if (sources.empty()) return ExitCode::unreadable;
  if (sources.size() > 1) throw Trouble(ExitCode::usage, "graph draws one plan at a time; the folder has several.");
  std::vector<analysis::Analysis> analyses(1);
  analyses.front().file = sources.front()->name();
  const auto files = reach.reader_for(sources.front()->name());
  analyses.front().reading = planner::read_plan(std::move(sources.front()), files);
  if (!analyses.front().reading.plan) {
    write_message(report::write_text(analyses, {}));
    return ExitCode::unreadable;
  }
  const auto& plan = analyses.front().plan();
  write_result(line.graph_format == GraphFormat::dot ? to_dot(plan) : to_mermaid(plan));
  return ExitCode::clean;
}

}  // namespace replug::cli
