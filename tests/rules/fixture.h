#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "analysis/analysis.h"
#include "analysis/pipeline.h"
#include "rules/judging/rule.h"

namespace replug::tests {

inline const std::filesystem::path source_dir = REPLUG_SOURCE_DIR;
inline const std::filesystem::path fixtures = source_dir / "tests/fixtures/rules";

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Files next to the plan, as the command line reads them.
inline planner::FileReader files_beside(const std::filesystem::path& plan) {
  return [folder = plan.parent_path()](const std::string& /*from*/, const std::string& path) {
    const std::filesystem::path there = folder / path;
    if (!std::filesystem::is_regular_file(there)) return planner::FileAnswer{std::nullopt, path, "no such file"};
    return planner::FileAnswer{slurp(there), path, ""};
  };
}

/// A plan under a name that does not hang on where the project lies, judged with every rule.
inline analysis::Analysis analysed(const std::filesystem::path& plan, std::string name) {
  rules::Settings settings;
  settings.profile = rules::Profile::all;
  return analysis::analyse(std::make_shared<planner::Source>(std::move(name), slurp(plan)), files_beside(plan),
                           settings, analysis::Question::check);
}

/// The fixtures of a rule that begin with `fires` or `quiet`, sorted.
inline std::vector<std::filesystem::path> fixtures_of(std::string_view rule, std::string_view kind) {
  std::vector<std::filesystem::path> found;
  const std::filesystem::path folder = fixtures / rule;
  if (!std::filesystem::is_directory(folder)) return found;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kind) && name.ends_with(".yaml")) found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

/// REPLUG_UPDATE=1 writes the expected files anew instead of comparing with them; read the difference before you commit
/// it.
inline bool updates() {
  const char* value = std::getenv("REPLUG_UPDATE");
  return value != nullptr && std::string_view(value) == "1";
}

}  // namespace replug::tests
