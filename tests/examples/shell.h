#pragma once

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include <sys/wait.h>

namespace replug::tests {

inline const std::filesystem::path source_dir = REPLUG_SOURCE_DIR;

struct Finished {
  int exit_code = -1;
  std::string output;  ///< stdout
};

/// Runs a line in a shell in the project's folder. Only for lines that stand in our own documents and tests.
inline Finished shell(const std::string& line) {
  const std::string command = "cd '" + source_dir.string() + "' && " + line + " 2>/dev/null";
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("popen: " + command);
  Finished finished;
  std::array<char, 65536> buffer{};
  for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    finished.output.append(buffer.data(), got);
  finished.exit_code = WEXITSTATUS(pclose(pipe));
  return finished;
}

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// REPLUG_UPDATE=1 writes what is compared with anew; read the difference before you commit it.
inline bool updates() {
  const char* value = std::getenv("REPLUG_UPDATE");
  return value != nullptr && std::string_view(value) == "1";
}

}  // namespace replug::tests
