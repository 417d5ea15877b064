#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "planner/reading/read.h"

namespace replug::planner {

/// Files by the path that names them, for a reader without a disk.
using NamedFiles = std::map<std::string, std::string>;

inline Reading read_text(std::string_view text, const NamedFiles& files = {}) {
  const FileReader reader = [&](const std::string& /*from*/, const std::string& path) -> FileAnswer {
    const auto found = files.find(path);
    if (found == files.end()) return {std::nullopt, path, "no such file"};
    return {found->second, path, ""};
  };
  return read_plan(std::make_shared<const Source>("plan.yaml", std::string(text)), reader);
}

/// Problems as a person reads them, one a line: `4:5 What is wrong. What to do.`, with places of other files and what
/// is related.
inline std::string told(const Problems& problems) {
  std::string text;
  for (const auto& problem : problems) {
    const auto begin = problem.place.begin();
    const std::string& file = problem.place.source->name();
    text += fmt::format("{}{}:{} {}", file == "plan.yaml" ? "" : file + ":", begin.line, begin.column, problem.message);
    if (!problem.help.empty()) text += ' ' + problem.help;
    for (const auto& related : problem.related) {
      text += fmt::format(" [{}:{} {}]", related.place.begin().line, related.place.begin().column, related.message);
    }
    text += '\n';
  }
  return text;
}

inline std::string problems_of(std::string_view text, const NamedFiles& files = {}) {
  return told(read_text(text, files).problems);
}

/// A plan of the steps on a cluster of three nodes; the steps begin at line 4.
inline std::string with_steps(std::string_view steps) {
  return fmt::format(
      "replug: 1\n"
      "cluster: {{server: {{product: vault, version: 1.16.3}}, nodes: {{vault-0: {{role: active}}, vault-1: {{role: "
      "standby}}, "
      "vault-2: {{role: standby}}}}}}\n"
      "steps:\n{}",
      steps);
}

/// A plan without steps on the cluster, whose keys begin at line 4 and are indented by two.
inline std::string with_cluster(std::string_view cluster) {
  return fmt::format("replug: 1\nsteps: []\ncluster:\n{}", cluster);
}

}  // namespace replug::planner
