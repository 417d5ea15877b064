#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/analysis.h"
#include "cli/reach.h"
#include "planner/reading/source.h"
#include "rules/judging/configuration.h"

namespace replug::cli {

/// A file `.replug.yaml` as it was read.
struct ConfigurationFile {
  std::filesystem::path folder;
  std::shared_ptr<const planner::Source> source;
  rules::Configuration configuration;
  planner::Problems problems;
};

/// The configurations of plans. A file counts for the plans in its folder and below; of several the nearest, and none
/// above the root of the repository (the folder with .git). Each file is read once.
class Configurations {
 public:
  /// The reach must outlive it.
  Configurations(rules::Flags flags, const Reach& reach) : flags_(std::move(flags)), reach_(reach) {}

  /// What counts for the plan of that name.
  rules::Effective of_plan(const std::string& name);
  /// What counts for a folder.
  rules::Effective of_folder(const std::filesystem::path& folder);
  /// The file for the plans in a folder; nullptr if there is none. Trouble where it cannot be read.
  const ConfigurationFile* file_for(const std::filesystem::path& folder);
  /// The files that were met and have problems, in the shape in which plans with problems are reported.
  [[nodiscard]] std::vector<analysis::Analysis> problems() const;

 private:
  std::shared_ptr<const ConfigurationFile> find(const std::filesystem::path& folder);

  [[nodiscard]] std::shared_ptr<const ConfigurationFile> read(const std::filesystem::path& folder) const;

  rules::Flags flags_;
  const Reach& reach_;
  std::map<std::filesystem::path, std::shared_ptr<const ConfigurationFile>> by_folder_;
};

}  // namespace replug::cli
