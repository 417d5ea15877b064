#pragma once

#include <memory>
#include <string>

#include "analysis/analysis.h"
#include "analysis/pipeline.h"
#include "report/telling/account.h"

namespace replug::report {

/// The plan with everything that is known of it. It names no other files.
inline Analysis analysed(const std::string& text, const std::string& name = "plan.yaml") {
  const auto no_files = [](const std::string&, const std::string& path) {
    return planner::FileAnswer{{}, path, "there are no files here"};
  };
  return analysis::analyse(std::make_shared<planner::Source>(name, text), no_files, {}, Question::check);
}

/// A cluster of one active node and two standbys with v1.0.0 and v1.0.1 of my-plugin in its catalog, and `mounts` in
/// its secrets; the plan's other keys follow.
inline std::string plan_over(const std::string& mounts, const std::string& rest) {
  const auto entry = [](const std::string& version, char digit) {
    return "    - {type: secret, name: my-plugin, version: " + version + ", sha256: " + std::string(64, digit) +
           ", command: my-plugin-" + version + "}\n";
  };
  return "replug: 1\n"
         "name: Upgrade my-plugin\n"
         "cluster:\n"
         "  server: {product: vault, version: 1.16.3}\n"
         "  nodes: {vault-0: {role: active}, vault-1: {role: standby}, vault-2: {role: standby}}\n"
         "  catalog:\n" +
         entry("v1.0.0", 'a') + entry("v1.0.1", 'b') + "  secrets:\n" + mounts + rest;
}

inline std::string mount(const std::string& path) {
  return "    " + path + ": {type: my-plugin, plugin_version: v1.0.0}\n";
}

}  // namespace replug::report
