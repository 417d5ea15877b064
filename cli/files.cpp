#include "cli/files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/trouble.h"
#include "planner/reading/document.h"
#include "text/printable.h"

namespace replug::cli {
namespace {

namespace fs = std::filesystem;
using SourcePtr = std::shared_ptr<const planner::Source>;

/// A file descriptor that is closed when it goes out of scope. Closes no standard stream.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ > STDERR_FILENO) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

/// A file's bytes, or the reason why there are none.
struct Bytes {
  std::optional<std::string> text;
  std::string reason;
};

std::string last_error() { return std::generic_category().message(errno); }

/// Reads to the end, but not further than anything that can be a plan.
Bytes read_all(int descriptor) {
  constexpr auto most = planner::DocumentLimits{}.bytes;
  std::string text;
  std::array<char, 65536> block{};
  while (true) {
    const auto got = ::read(descriptor, block.data(), block.size());
    if (got == 0) return {std::move(text), ""};
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return {{}, last_error()};
    text.append(block.data(), static_cast<std::size_t>(got));
    if (text.size() > most) return {{}, fmt::format("it has more than {} MiB", most >> 20U)};
  }
}

/// `regular`: nothing but a regular file. A pipe that the user names is read; one that a plan names could wait for
/// ever.
Bytes read_file(const std::string& path, bool regular) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | (regular ? O_NONBLOCK : 0)));
  if (file.number() < 0) return {{}, last_error()};
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) return {{}, last_error()};
  if (S_ISDIR(status.st_mode)) return {{}, "it is a folder"};
  if (regular && !S_ISREG(status.st_mode)) return {{}, "it is no regular file"};
  return read_all(file.number());
}

[[noreturn]] void cannot_read(const std::string& name, const std::string& reason) {
  throw Trouble(ExitCode::unreadable, fmt::format("cannot read {}: {}.", text::printable(name, 1000), reason));
}

[[noreturn]] void cannot_write(const std::string& name, const std::string& reason) {
  throw Trouble(ExitCode::unreadable, fmt::format("cannot write {}: {}.", text::printable(name, 1000), reason));
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// The mode of the file that is there, or that of a new one.
mode_t mode_for(const fs::path& path, const std::string& name) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return 0666 & ~mask;
  }
  if (!S_ISREG(status.st_mode)) cannot_write(name, "it is no regular file");
  return status.st_mode & 07777;
}

SourcePtr read_source(const std::string& path) {
  const bool standard_input = path == "-";
  auto bytes = standard_input ? read_all(STDIN_FILENO) : read_file(path, false);
  const std::string name = standard_input ? "<stdin>" : path;
  if (!bytes.text) cannot_read(name, bytes.reason);
  return std::make_shared<planner::Source>(name, std::move(*bytes.text));
}

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

bool may_be_plan(const fs::directory_entry& entry) {
  const auto extension = entry.path().extension();
  return (extension == ".yaml" || extension == ".yml" || extension == ".json") && entry.is_regular_file();
}

bool is_hidden(const fs::path& path) { return path.filename().native().starts_with('.'); }

/// The files below a folder that can be plans by their names, in the order of their paths on every machine. Links to
/// folders are not followed, hidden folders (.git) not entered.
std::vector<std::string> files_below(const std::string& folder) {
  std::vector<std::string> files;
  try {
    for (auto entry = fs::recursive_directory_iterator(folder); entry != fs::recursive_directory_iterator(); ++entry) {
      if (entry->is_directory()) {
        if (is_hidden(entry->path())) entry.disable_recursion_pending();
      } else if (may_be_plan(*entry)) {
        files.push_back(entry->path().lexically_normal().string());
      }
    }
  } catch (const fs::filesystem_error& error) {
    cannot_read(error.path1().string(), error.code().message());
  }
  std::ranges::sort(files);
  return files;
}

std::vector<SourcePtr> read_folder(const std::string& folder) {
  std::vector<SourcePtr> plans;
  for (const auto& file : files_below(folder)) {
    auto source = read_source(file);
    if (is_plan(*source)) plans.push_back(std::move(source));
  }
  if (plans.empty()) {
    throw Trouble(ExitCode::unreadable, fmt::format("there is no plan in {}.", text::printable(folder, 1000)),
                  "A plan is a .yaml, .yml or .json file that has `replug` and `steps` at its top level.");
  }
  return plans;
}

}  // namespace

std::vector<SourcePtr> read_plans(const std::vector<std::string>& arguments) {
  std::vector<SourcePtr> plans;
  std::set<std::string> seen;  // the same file, named twice, is checked once
  for (const auto& argument : arguments) {
    std::error_code ignored;  // what cannot be looked at is told by the attempt to read it
    const bool folder = argument != "-" && fs::is_directory(argument, ignored);
    for (auto& source : folder ? read_folder(argument) : std::vector{read_source(argument)}) {
      if (seen.insert(fs::path(source->name()).lexically_normal().string()).second) plans.push_back(std::move(source));
    }
  }
  return plans;
}

std::string read_regular_file(const std::string& path, const std::string& name) {
  auto bytes = read_file(path, true);
  if (!bytes.text) cannot_read(name, bytes.reason);
  return std::move(*bytes.text);
}

void replace_file(const std::string& path, std::string_view text) {
  std::error_code error;
  const auto target = fs::exists(path, error) ? fs::canonical(path, error) : fs::path(path);
  if (error) cannot_write(path, error.message());
  const auto mode = mode_for(target, path);
  auto temporary = (target.parent_path() / ("." + target.filename().string() + ".XXXXXX")).string();
  const Descriptor file(::mkstemp(temporary.data()));
  if (file.number() < 0) cannot_write(path, last_error());
  const bool written = write_all(file.number(), text) && ::fchmod(file.number(), mode) == 0 &&
                       ::fsync(file.number()) == 0 && ::rename(temporary.c_str(), target.c_str()) == 0;
  if (written) return;
  const auto reason = last_error();
  ::unlink(temporary.c_str());
  cannot_write(path, reason);
}

planner::FileAnswer read_named_file(const std::string& from, const std::string& path) {
  const auto file = (fs::path(from).parent_path() / path).lexically_normal().string();
  auto bytes = read_file(file, true);
  return {std::move(bytes.text), file, std::move(bytes.reason)};
}

}  // namespace replug::cli
