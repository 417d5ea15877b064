#include "cli/plans.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "cli/files.h"
#include "cli/trouble.h"
#include "planner/reading/document.h"
#include "planner/reading/read.h"
#include "planner/reading/shape.h"
#include "text/printable.h"

namespace replug::cli {
namespace {

namespace fs = std::filesystem;
using SourcePtr = std::shared_ptr<const planner::Source>;

bool has_line_with(std::string_view text, std::string_view beginning) {
  return text.starts_with(beginning) || text.find("\n" + std::string(beginning)) != std::string_view::npos;
}

/// Whether a file of a searched folder is a plan. One that is broken YAML counts too, if it looks like a plan: to leave
/// it out would be to call it clean.
bool is_plan(const planner::Source& source) {
  const auto text = source.text();
  if (text.find("replug") == std::string_view::npos || text.find("steps") == std::string_view::npos) return false;
  planner::Problems problems;
  const auto document = planner::Document::parse(source, problems);
  if (planner::kind_of(document) == planner::FileKind::plan) return true;
  return !problems.empty() && has_line_with(text, "replug:") && has_line_with(text, "steps:");
}

bool begins_as_plan(const planner::Source& source) {
  planner::Problems ignored;
  return planner::begins_as("steps", planner::Document::parse(source, ignored));
}

/// A plan, or why there is none.
struct ReadPlan {
  SourcePtr source;
  std::string reason;
  std::string hint;
};

ReadPlan read_plan_file(const std::string& path, const Reach& reach) {
  auto bytes = read_file(path);
  if (!bytes.text) return {nullptr, std::move(bytes.reason), ""};
  if (!reach.holds(path)) return {nullptr, "it is a link that leads outside its repository", reach_help};
  auto source = std::make_shared<planner::Source>(path, std::move(*bytes.text));
  std::error_code ignored;
  // Of a file that lies elsewhere nothing is told unless it is a plan.
  if (fs::is_symlink(path, ignored) && !begins_as_plan(*source))
    return {nullptr, "it is a link to a file that is no plan", ""};
  return {std::move(source), "", ""};
}

bool may_be_plan(const fs::path& path) {
  const auto extension = path.extension();
  return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

bool is_hidden(const fs::path& path) { return path.filename().native().starts_with('.'); }

/// A search of one folder and all below, for files that can be plans by their names. Links to folders are not followed,
/// hidden folders (.git) not entered.
class FolderSearch {
 public:
  explicit FolderSearch(const std::string& folder) : left_{folder} {
    while (!left_.empty()) {
      const auto next = std::move(left_.back());
      left_.pop_back();
      search(next);
    }
    std::ranges::sort(files);
  }

  std::vector<std::string> files;
  std::vector<std::pair<std::string, std::string>> failures;  ///< what cannot be looked at, and why

 private:
  void search(const fs::path& folder) {
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) look_at(*entry);
    if (error) fail(folder, error);
  }

  void look_at(const fs::directory_entry& entry) {
    std::error_code error;
    const bool link = entry.is_symlink(error);
    if (!error && !link && entry.is_directory(error)) {
      if (!is_hidden(entry.path())) left_.push_back(entry.path());
      return;
    }
    if (!may_be_plan(entry.path())) return;
    error.clear();
    if (entry.is_regular_file(error)) {
      files.push_back(entry.path().lexically_normal().string());
    } else if (error && error != std::errc::no_such_file_or_directory) {
      fail(entry.path(), error);  // a link to itself
    }
  }

  void fail(const fs::path& path, std::error_code error) {
    failures.emplace_back(path.lexically_normal().string(), error.message());
  }

  std::vector<fs::path> left_;
};

/// A file without text, whose only problem is that it cannot be read.
analysis::Analysis unreadable(const std::string& file, const std::string& reason, const std::string& hint) {
  analysis::Analysis analysis;
  analysis.file = file;
  const auto source = std::make_shared<const planner::Source>(file, "");
  analysis.reading.sources = {source};
  analysis.reading.problems.push_back({{source.get(), {}}, fmt::format("It cannot be read: {}.", reason), hint, {}});
  return analysis;
}

FoundPlans search_folder(const std::string& folder, const Reach& reach) {
  const FolderSearch search(folder);
  FoundPlans found;
  for (const auto& [path, reason] : search.failures) found.unreadable.push_back(unreadable(path, reason, ""));
  for (const auto& file : search.files) {
    auto [source, reason, hint] = read_plan_file(file, reach);
    if (source == nullptr) {
      found.unreadable.push_back(unreadable(file, reason, hint));
    } else if (is_plan(*source)) {
      found.plans.push_back(std::move(source));
    }
  }
  if (found.plans.empty() && found.unreadable.empty()) {
    throw Trouble(ExitCode::unreadable, fmt::format("there is no plan in {}.", text::printable(folder, 1000)),
                  "A plan is a .yaml, .yml or .json file that has `replug` and `steps` at its top level.");
  }
  return found;
}

SourcePtr read_named_plan(const std::string& path, const Reach& reach) {
  if (path == "-") {
    auto bytes = read_standard_input();
    if (!bytes.text) cannot_read(standard_input, bytes.reason);
    return std::make_shared<planner::Source>(standard_input, std::move(*bytes.text));
  }
  auto [source, reason, hint] = read_plan_file(path, reach);
  if (source == nullptr) cannot_read(path, reason, hint);
  return std::move(source);
}

FoundPlans plans_of(const std::string& argument, const Reach& reach) {
  std::error_code ignored;  // what cannot be looked at is told by the attempt to read it
  if (argument != "-" && fs::is_directory(argument, ignored)) return search_folder(argument, reach);
  return {{read_named_plan(argument, reach)}, {}};
}

}  // namespace

FoundPlans find_plans(const std::vector<std::string>& arguments, const Reach& reach) {
  FoundPlans all;
  std::set<std::string> seen;  // the same file, named twice, is checked once
  const auto is_new = [&](const std::string& name) {
    return seen.insert(fs::path(name).lexically_normal().string()).second;
  };
  for (const auto& argument : arguments) {
    auto found = plans_of(argument, reach);
    for (auto& source : found.plans) {
      if (is_new(source->name())) all.plans.push_back(std::move(source));
    }
    for (auto& file : found.unreadable) {
      if (is_new(file.file)) all.unreadable.push_back(std::move(file));
    }
  }
  return all;
}

}  // namespace replug::cli
