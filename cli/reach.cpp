#include "cli/reach.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "cli/files.h"
#include "cli/trouble.h"
#include "text/printable.h"

namespace replug::cli {
namespace {

namespace fs = std::filesystem;

/// With links resolved as far as the path is there; empty where that cannot be found out (a link to itself).
fs::path resolved(const fs::path& path) {
  std::error_code error;
  auto result = fs::weakly_canonical(path, error);
  return error ? fs::path() : result;
}

bool is_below(const fs::path& root, const fs::path& file) {
  const auto relative = file.lexically_relative(root);
  return !relative.empty() && *relative.begin() != "..";
}

/// Files that are none: what they show is the machine's.
bool is_of_the_system(const fs::path& file) {
  constexpr std::array<std::string_view, 3> folders = {"/proc", "/sys", "/dev"};
  return std::ranges::any_of(folders, [&](std::string_view folder) { return is_below(folder, file); });
}

/// The nearest folder with .git, from this one upwards. A folder that is a link is passed over: it could lead into a
/// repository that is not the plan's.
fs::path repository_of(const fs::path& folder) {
  std::error_code ignored;
  for (auto candidate = folder;; candidate = candidate.parent_path()) {
    if (fs::exists(candidate / ".git", ignored) && !fs::is_symlink(candidate, ignored)) return candidate;
    if (!candidate.has_relative_path()) return folder;
  }
}

fs::path root_for(const fs::path& folder) { return resolved(repository_of(folder)); }

}  // namespace

const std::string reach_help =
    "What a plan names is read only below the root of its repository. If you trust the plan with it, allow a further "
    "folder on the command line: --include-root DIR.";

fs::path folder_of(const std::string& plan) {
  if (plan == standard_input) return fs::current_path();
  return fs::absolute(plan).lexically_normal().parent_path();
}

Reach::Reach(const std::vector<std::string>& include_roots) {
  for (const auto& folder : include_roots) {
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) {
      throw Trouble(ExitCode::usage, fmt::format("--include-root: {} is no folder.", text::printable(folder, 1000)));
    }
    included_.push_back(resolved(fs::absolute(folder)));
  }
}

bool Reach::holds(const fs::path& root, const fs::path& resolved_file) const {
  if (resolved_file.empty() || is_of_the_system(resolved_file)) return false;
  const auto holds_it = [&](const fs::path& folder) { return !folder.empty() && is_below(folder, resolved_file); };
  return holds_it(root) || std::ranges::any_of(included_, holds_it);
}

bool Reach::holds(const fs::path& file) const {
  const auto absolute = fs::absolute(file).lexically_normal();
  return holds(root_for(absolute.parent_path()), resolved(absolute));
}

planner::FileReader Reach::reader_for(const std::string& plan) const {
  return [this, root = root_for(folder_of(plan))](const std::string& from, const std::string& path) {
    return read(root, from, path);
  };
}

planner::FileAnswer Reach::read(const fs::path& root, const std::string& from, const std::string& path) const {
  if (fs::path(path).is_absolute()) {
    return {{},
            path,
            "a plan names files by relative paths",
            "Write the path from the folder of this file. For a folder outside the repository, --include-root DIR is "
            "needed "
            "on the command line."};
  }
  const auto file = (fs::path(from).parent_path() / path).lexically_normal();
  if (!holds(root, resolved(fs::absolute(file)))) {
    return {{}, file.string(), "it lies outside the plan's repository", reach_help};
  }
  auto bytes = read_file(file.string());
  return {std::move(bytes.text), file.string(), std::move(bytes.reason)};
}

}  // namespace replug::cli
