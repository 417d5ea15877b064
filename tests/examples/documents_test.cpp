// What README.md and docs/ show is what happens: every console block is run, and every plan in a yaml block is read.

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "planner/reading/read.h"
#include "tests/examples/shell.h"

namespace replug::tests {
namespace {

// A fenced block: from the line behind its opening fence to its closing fence.
struct Block {
  std::string language;
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::vector<Block> blocks_of(const std::string& text) {
  std::vector<Block> blocks;
  for (std::size_t at = 0; (at = text.find("```", at)) != std::string::npos;) {
    const std::size_t line_end = text.find('\n', at);
    const std::size_t close = text.find("\n```", line_end == std::string::npos ? at : line_end - 1);
    if (line_end == std::string::npos || close == std::string::npos) break;
    blocks.push_back({text.substr(at + 3, line_end - at - 3), line_end + 1, close + 1});
    at = close + 4;
  }
  return blocks;
}

// The block as it would be if its commands were run now: `$ ` lines, each with the output behind it.
std::string played_block(const std::string& block) {
  std::istringstream lines(block);
  std::string played;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("$ ")) continue;
    played += line + "\n";
    std::string command = line.substr(2);
    if (command.starts_with("replug ")) command = "NO_COLOR=1 '" REPLUG_BINARY "' " + command.substr(7);
    // An installing command is run by .ci/run; here it would run itself.
    if (command.starts_with("scripts/")) return block;
    played += shell(command).output;
  }
  return played;
}

std::vector<std::string> documents() {
  std::vector<std::string> found = {"README.md"};
  for (const auto& entry : std::filesystem::directory_iterator(source_dir / "docs")) {
    if (entry.path().extension() == ".md") found.push_back("docs/" + entry.path().filename().string());
  }
  std::ranges::sort(found);
  return found;
}

class EachDocument : public testing::TestWithParam<std::string> {};

TEST_P(EachDocument, shows_what_its_commands_print) {
  const std::string text = slurp(source_dir / GetParam());
  std::string now;
  std::size_t copied = 0;
  for (const Block& block : blocks_of(text)) {
    now += text.substr(copied, block.begin - copied);
    const std::string body = text.substr(block.begin, block.end - block.begin);
    now += block.language == "console" ? played_block(body) : body;
    copied = block.end;
  }
  now += text.substr(copied);
  if (updates()) std::ofstream(source_dir / GetParam()) << now;
  EXPECT_EQ(now, text) << "REPLUG_UPDATE=1 writes it anew";
}

TEST_P(EachDocument, shows_only_plans_that_can_be_read) {
  const std::string text = slurp(source_dir / GetParam());
  for (const Block& block : blocks_of(text)) {
    const std::string body = text.substr(block.begin, block.end - block.begin);
    if (block.language != "yaml" || !body.starts_with("replug:") || body.find("\nsteps:") == std::string::npos)
      continue;
    const auto reading = planner::read_plan(std::make_shared<planner::Source>(GetParam(), body),
                                            [](const std::string&, const std::string& path) {
                                              return planner::FileAnswer{std::nullopt, path, "not here"};
                                            });
    for (const planner::Problem& problem : reading.problems) ADD_FAILURE() << problem.message << "\n" << body;
  }
}

INSTANTIATE_TEST_SUITE_P(Documents, EachDocument, testing::ValuesIn(documents()), [](const auto& document) {
  std::string name = document.param;
  std::ranges::replace_if(
      name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
});

}  // namespace
}  // namespace replug::tests
