#include "cli/configuration.h"

#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "cli/files.h"
#include "planner/reading/document.h"

namespace replug::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* file_name = ".replug.yaml";

fs::path absolute(const fs::path& path) { return fs::absolute(path).lexically_normal(); }

/// As a user would write it: from the current folder, if that is not longer.
std::string shown(const fs::path& path) {
  const auto relative = path.lexically_proximate(fs::current_path()).string();
  return relative.size() <= path.string().size() ? relative : path.string();
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

/// Whether it begins as a configuration. Of a file that does not, and lies elsewhere, nothing is told.
bool is_configuration(const planner::Source& source) {
  planner::Problems ignored;
  const auto document = planner::Document::parse(source, ignored);
  if (document.root() == nullptr || document.root()->entries().empty()) return false;
  const auto first = document.root()->entries().front().key->text();
  return first == "profile" || first == "rules" || first == "paths";
}

}  // namespace

std::shared_ptr<const ConfigurationFile> Configurations::read(const fs::path& folder) const {
  auto file = std::make_shared<ConfigurationFile>();
  file->folder = folder;
  const auto path = folder / file_name;
  auto text = read_regular_file(path.string(), shown(path));
  if (!reach_.holds(path)) cannot_read(shown(path), "it is a link that leads outside its repository", reach_help);
  file->source = std::make_shared<planner::Source>(shown(path), std::move(text));
  if (fs::is_symlink(path) && !is_configuration(*file->source)) {
    cannot_read(shown(path), "it is a link to a file that is no configuration");
  }
  file->configuration = rules::read_configuration(*file->source, file->problems);
  return file;
}

std::shared_ptr<const ConfigurationFile> Configurations::find(const fs::path& folder) {
  if (const auto known = by_folder_.find(folder); known != by_folder_.end()) return known->second;
  std::shared_ptr<const ConfigurationFile> file;
  if (is_there(folder / file_name)) {
    file = read(folder);
  } else if (!is_there(folder / ".git") && folder.has_relative_path()) {
    file = find(folder.parent_path());
  }
  by_folder_[folder] = file;
  return file;
}

const ConfigurationFile* Configurations::file_for(const fs::path& folder) { return find(folder).get(); }

rules::Effective Configurations::of_plan(const std::string& name) {
  const auto* file = file_for(folder_of(name));
  if (file == nullptr) return effective({}, "", flags_);
  const bool has_path = name != standard_input;
  const auto path = has_path ? absolute(name).lexically_relative(file->folder).generic_string() : "";
  return effective(file->configuration, path, flags_);
}

rules::Effective Configurations::of_folder(const fs::path& folder) {
  const auto* file = file_for(folder);
  return effective(file == nullptr ? rules::Configuration{} : file->configuration, "", flags_);
}

std::vector<analysis::Analysis> Configurations::problems() const {
  std::vector<analysis::Analysis> result;
  std::set<const ConfigurationFile*> seen;
  for (const auto& [folder, file] : by_folder_) {
    if (file == nullptr || file->problems.empty() || !seen.insert(file.get()).second) continue;
    auto& analysis = result.emplace_back();
    analysis.file = file->source->name();
    analysis.reading.problems = file->problems;
    analysis.reading.sources = {file->source};
  }
  return result;
}

}  // namespace replug::cli
