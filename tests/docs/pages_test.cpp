// The examples of docs/configuration.md are run, in a folder of their own: a block ```yaml FILE is written to that
// file, and the commands of a block ```console files print what stands under them. `[3]` under a command is its exit
// code, if that is not 0. (A block that says only `console` is run where the project lies; see tests/examples.)

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "tests/cli/scratch_folder.h"

namespace {

const std::filesystem::path source_dir = REPLUG_SOURCE_DIR;

struct Block {
  std::string info;  ///< behind the three signs that open it
  std::string text;
};

std::vector<Block> blocks_of(const std::filesystem::path& page) {
  std::vector<Block> blocks;
  std::ifstream file(page);
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("```")) {
      inside = !inside;
      if (inside) blocks.push_back({line.substr(3), ""});
    } else if (inside) {
      blocks.back().text += line + "\n";
    }
  }
  return blocks;
}

/// The program is found by its name, as a user would call it.
std::string in_folder(const ScratchFolder& folder, const std::string& command) {
  const auto binary = std::filesystem::path(REPLUG_BINARY).parent_path().string();
  return "cd '" + folder.path().string() + "' && export PATH='" + binary + "':\"$PATH\" && (" + command + ") 2>&1";
}

/// What the command prints, and `[n]` if its exit code is not 0.
std::string output_of(const ScratchFolder& folder, const std::string& command) {
  std::FILE* pipe = ::popen(in_folder(folder, command).c_str(), "r");
  if (pipe == nullptr) return "cannot run it";
  std::string text;
  std::array<char, 4096> block{};
  for (std::size_t got = 0; (got = std::fread(block.data(), 1, block.size(), pipe)) > 0;)
    text.append(block.data(), got);
  const int status = WEXITSTATUS(::pclose(pipe));
  return status == 0 ? text : text + "[" + std::to_string(status) + "]\n";
}

void run_console(const ScratchFolder& folder, const std::string& text) {
  std::istringstream lines(text);
  std::string shown;
  std::string real;
  for (std::string line; std::getline(lines, line);) {
    shown += line + "\n";
    if (line.starts_with("$ ")) real += line + "\n" + output_of(folder, line.substr(2));
  }
  EXPECT_EQ(shown, real);
}

TEST(Docs, EveryExampleOfTheConfigurationPageIsWhatHappens) {
  const ScratchFolder folder;
  std::size_t run = 0;
  for (const auto& block : blocks_of(source_dir / "docs/configuration.md")) {
    if (block.info.starts_with("yaml ")) {
      folder.write(block.info.substr(5), block.text);
    } else {
      ASSERT_EQ(block.info, "console files") << "a block that is not run:\n" << block.text;
      run_console(folder, block.text);
      ++run;
    }
  }
  EXPECT_GT(run, 5U);
}

}  // namespace
