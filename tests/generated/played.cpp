#include "tests/generated/played.h"

#include <algorithm>
#include <memory>
#include <span>

#include <fmt/format.h>

#include "analysis/pipeline.h"
#include "report/formats.h"
#include "report/telling/account.h"

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

std::vector<Told> told(const analysis::Analysis& analysis) {
  using analysis::Question;
  std::vector<Told> all;
  const report::Options other{.every_state = true, .color = true, .show_suppressed = true, .quiet = true, .width = 40};
  for (const auto& [command, question] :
       {std::pair("check", Question::check), std::pair("lint", Question::lint),
        std::pair("simulate", Question::simulate), std::pair("graph", Question::check)}) {
    if (std::string_view(command) == "graph" && !analysis.reading.plan) continue;
    const report::Account account = report::account_of(std::span(&analysis, 1), question);
    for (const report::Format* format : report::formats_of(command)) {
      all.push_back({std::string(format->name), format->write(account, {}), false});
      if (std::string_view(command) == "check")
        all.push_back({std::string(format->name), format->write(account, other), true});
    }
  }
  return all;
}

std::string shown(const Files& files) {
  std::string text;
  for (const auto& [name, content] : files) text += fmt::format("--- {}\n{}\n", name, content);
  return text;
}

}  // namespace replug::generated
