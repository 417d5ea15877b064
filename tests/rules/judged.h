#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "analysis/analysis.h"
#include "analysis/pipeline.h"
#include "rules/judging/rule.h"

namespace replug::tests {

/// Files by the path that names them.
using NamedFiles = std::map<std::string, std::string>;

/// A plan that is written into the test, judged.
inline analysis::Analysis judged(std::string text, const rules::Settings& settings = {}, const NamedFiles& files = {},
                                 std::string name = "plan.yaml") {
  const planner::FileReader reader = [&](const std::string&, const std::string& path) -> planner::FileAnswer {
    const auto found = files.find(path);
    if (found == files.end()) return {std::nullopt, path, "no such file"};
    return {found->second, path, ""};
  };
  return analysis::analyse(std::make_shared<planner::Source>(std::move(name), std::move(text)), reader, settings,
                           analysis::Question::check);
}

/// A plan that disables mounts, which is an error of disable-wipes-data at each; its steps begin at line 6.
inline std::string wiping_plan(std::string_view steps, std::string_view name = "Wipe") {
  return fmt::format(
      "replug: 1\n"
      "name: {}\n"
      "cluster: {{server: {{product: vault, version: 1.16.3}}, nodes: {{v0: {{role: active}}}},\n"
      "  catalog: [{{type: secret, name: p, version: v1.0.0, sha256: 5b6d, command: p}}],\n"
      "  secrets: {{a/: {{type: p, plugin_version: v1.0.0}}, b/: {{type: p, plugin_version: v1.0.0}}}}}}\n"
      "{}",
      name, steps);
}

/// The findings of those rules, one a line: `7 disable-wipes-data a/ (why it is suppressed)`.
inline std::string findings_of(const analysis::Analysis& analysis, std::string_view part) {
  std::string text;
  for (const auto& problem : analysis.reading.problems) text += fmt::format("problem: {}\n", problem.message);
  if (!analysis.judgement) return text;
  for (const auto& finding : analysis.judgement->findings) {
    if (finding.rule->id.find(part) == std::string_view::npos) continue;
    text += fmt::format("{} {}{}\n", finding.place.begin().line, finding.rule->id,
                        finding.suppressed ? fmt::format(" ({})", finding.suppression_reason) : "");
  }
  return text;
}

}  // namespace replug::tests
