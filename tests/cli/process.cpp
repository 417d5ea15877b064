#include "process.h"

#include <array>
#include <cstdio>
#include <stdexcept>

#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

/// A file without a name; what is written into it can be read back.
class Scratch {
 public:
  explicit Scratch(const std::string& text = {}) : file_(std::tmpfile()) {
    if (file_ == nullptr) throw std::runtime_error("no temporary file");
    std::fwrite(text.data(), 1, text.size(), file_);
    std::rewind(file_);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { std::fclose(file_); }

  [[nodiscard]] int descriptor() const { return fileno(file_); }
  [[nodiscard]] std::string text() const {
    std::rewind(file_);
    std::string result;
    std::array<char, 4096> block{};
    for (std::size_t got = 0; (got = std::fread(block.data(), 1, block.size(), file_)) > 0;)
      result.append(block.data(), got);
    return result;
  }

 private:
  std::FILE* file_;
};

constexpr int not_started = 127;

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (const auto& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

/// Becomes the program; only between fork and exec, so nothing here allocates.
[[noreturn]] void become(char* const* arguments, char* const* environment, const char* folder, int in, int out,
                         int err) {
  const bool ready = ::dup2(in, 0) >= 0 && ::dup2(out, 1) >= 0 && ::dup2(err, 2) >= 0 && ::chdir(folder) == 0;
  if (ready) ::execve(arguments[0], arguments, environment);
  ::_exit(not_started);
}

/// Its exit code. A program that could not be started is no outcome: a test that expects silence must not be content
/// with it.
int wait_for(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status)) return 128 + WTERMSIG(status);
  if (WEXITSTATUS(status) == not_started) throw std::runtime_error("cannot run " REPLUG_BINARY);
  return WEXITSTATUS(status);
}

/// A terminal's two ends.
struct Terminal {
  int screen = -1;
  int program = -1;
};

Terminal open_terminal() {
  Terminal terminal;
  if (::openpty(&terminal.screen, &terminal.program, nullptr, nullptr, nullptr) != 0)
    throw std::runtime_error("no terminal");
  return terminal;
}

/// What was shown until the program's end of the terminal closed.
std::string read_screen(int screen) {
  std::string text;
  std::array<char, 4096> block{};
  for (ssize_t got = 0; (got = ::read(screen, block.data(), block.size())) > 0;) {
    text.append(block.data(), static_cast<std::size_t>(got));
  }
  ::close(screen);
  return text;
}

/// The writing end of a pipe without a reader.
int pipe_to_nobody() {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
  ::close(ends[0]);
  return ends[1];
}

}  // namespace

Outcome run_replug(const std::vector<std::string>& arguments, const Surroundings& surroundings) {
  const Scratch in(surroundings.input);
  const Scratch out;
  const Scratch err;
  std::vector<std::string> all = {REPLUG_BINARY};
  all.insert(all.end(), arguments.begin(), arguments.end());
  const auto argv = pointers(all);
  const auto environment = pointers(surroundings.environment);
  const Terminal terminal = surroundings.terminal ? open_terminal() : Terminal{};
  const int result = surroundings.terminal         ? terminal.program
                     : surroundings.reader_is_gone ? pipe_to_nobody()
                                                   : out.descriptor();

  const pid_t child = ::fork();
  if (child == 0) {
    become(argv.data(), environment.data(), surroundings.folder.c_str(), in.descriptor(), result, err.descriptor());
  }
  if (!surroundings.terminal) {
    const int code = wait_for(child);
    if (surroundings.reader_is_gone) ::close(result);
    return {code, out.text(), err.text()};
  }
  ::close(terminal.program);
  const auto screen = read_screen(terminal.screen);
  return {wait_for(child), screen, err.text()};
}
