#include "cli/files.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
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

/// A file descriptor that is closed when it goes out of scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

/// While it lives, signals that would end the program wait, so that no temporary file is left behind.
class SignalsWait {
 public:
  SignalsWait() {
    sigset_t ending;
    sigemptyset(&ending);
    for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM}) sigaddset(&ending, signal);
    ::sigprocmask(SIG_BLOCK, &ending, &before_);
  }
  SignalsWait(const SignalsWait&) = delete;
  SignalsWait& operator=(const SignalsWait&) = delete;
  ~SignalsWait() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
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

/// Why it cannot be a plan; empty for a regular file.
std::string_view other_than_file(const struct stat& status) {
  if (S_ISDIR(status.st_mode)) return "it is a folder";
  return S_ISREG(status.st_mode) ? "" : "it is no regular file";
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

/// What a file that takes another's place must be like.
struct Likeness {
  mode_t mode;
  uid_t owner;
  gid_t group;
};

Likeness of_new_file() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return {0666 & ~mask, ::geteuid(), ::getegid()};
}

/// That of the file that is there, or of a new one. Trouble where a new file would not do in its place.
Likeness likeness_of(const fs::path& path, const std::string& name) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return of_new_file();
  if (!S_ISREG(status.st_mode)) cannot_write(name, "it is no regular file");
  // To root the mode says nothing; but who took the right to write away meant it.
  const bool writable = (status.st_mode & 0222) != 0 && ::access(path.c_str(), W_OK) == 0;
  if (!writable) cannot_write(name, "it is read-only");
  if (status.st_nlink > 1) cannot_write(name, "it has further hard links, which would keep the old text");
  return {status.st_mode & 07777, status.st_uid, status.st_gid};
}

/// Gives the new file the owner and the mode; changing the owner takes bits of the mode away, so it comes first.
bool liken(int descriptor, const Likeness& likeness) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return false;
  const bool owned = status.st_uid == likeness.owner && status.st_gid == likeness.group;
  return (owned || ::fchown(descriptor, likeness.owner, likeness.group) == 0) &&
         ::fchmod(descriptor, likeness.mode) == 0;
}

/// The file that the path leads to through links.
fs::path target_of(const std::string& path) {
  std::error_code error;
  if (fs::exists(path, error)) {
    auto target = fs::canonical(path, error);
    if (error) cannot_write(path, error.message());
    return target;
  }
  if (error) cannot_write(path, error.message());
  if (fs::is_symlink(fs::symlink_status(path, error))) cannot_write(path, "it is a link to a file that is not there");
  return path;
}

}  // namespace

Bytes read_file(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {{}, last_error()};
  if (const auto other = other_than_file(status); !other.empty()) return {{}, std::string(other)};
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.number() < 0 || ::fstat(file.number(), &status) != 0) return {{}, last_error()};
  if (const auto other = other_than_file(status); !other.empty()) return {{}, std::string(other)};
  return read_all(file.number());
}

Bytes read_standard_input() { return read_all(STDIN_FILENO); }

std::string read_regular_file(const std::string& path, const std::string& name) {
  auto bytes = read_file(path);
  if (!bytes.text) cannot_read(name, bytes.reason);
  return std::move(*bytes.text);
}

void cannot_read(const std::string& name, const std::string& reason, const std::string& hint) {
  throw Trouble(ExitCode::unreadable, fmt::format("cannot read {}: {}.", text::printable(name, 1000), reason), hint);
}

void replace_file(const std::string& path, std::string_view text) {
  const auto target = target_of(path);
  const auto likeness = likeness_of(target, path);
  // Its name is short: that of the file may already be as long as names can be.
  auto temporary = (target.parent_path() / ".replug.XXXXXX").string();
  const SignalsWait wait;
  const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (file.number() < 0) cannot_write(path, last_error());
  const bool written = write_all(file.number(), text) && liken(file.number(), likeness) &&
                       ::fsync(file.number()) == 0 && ::rename(temporary.c_str(), target.c_str()) == 0;
  if (written) return;
  const auto reason = last_error();
  ::unlink(temporary.c_str());
  cannot_write(path, reason);
}

}  // namespace replug::cli
