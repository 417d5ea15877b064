#include "tests/generated/played.h"

#include <memory>
#include <span>

#include <fmt/format.h>

#include "analysis/pipeline.h"
#include "planner/ordering/order.h"
#include "report/report.h"

namespace replug::generated {

namespace {

planner::FileReader reader_of(const Files& files) {
  return [&files](const std::string& /*from*/, const std::string& path) -> planner::FileAnswer {
    const auto found = files.find(path);
    if (found == files.end()) return {{}, path, "no such file"};
    return {found->second, path, ""};
  };
}

std::shared_ptr<const planner::Source> source_of(const Files& files) {
  return std::make_shared<const planner::Source>("plan.yaml", files.at("plan.yaml"));
}

}  // namespace

planner::Reading read(const Files& files) { return planner::read_plan(source_of(files), reader_of(files)); }

analysis::Analysis analysed(const Files& files) {
  rules::Settings settings;
  settings.profile = rules::Profile::all;
  return analysis::analyse(source_of(files), reader_of(files), settings, analysis::Question::check);
}

std::vector<std::string> told(const analysis::Analysis& analysis) {
  const std::span one(&analysis, 1);
  std::vector<std::string> all;
  all.push_back(report::write_text(one, {}));
  all.push_back(report::write_text(one, {.color = true, .show_suppressed = true, .width = 40}));
  all.push_back(report::write_text(one, {.question = report::Question::lint, .quiet = true}));
  all.push_back(report::write_forecast_json(one, {.question = report::Question::simulate, .every_state = true}));
  all.push_back(report::write_findings_json(one, {}));
  if (!analysis.reading.plan) return all;
  all.push_back(planner::to_dot(analysis.plan()));
  all.push_back(planner::to_mermaid(analysis.plan()));
  return all;
}

std::string shown(const Files& files) {
  std::string text;
  for (const auto& [name, content] : files) text += fmt::format("--- {}\n{}\n", name, content);
  return text;
}

}  // namespace replug::generated
