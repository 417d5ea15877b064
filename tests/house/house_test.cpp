// The house rules that a compiler does not hold: they read our own sources.

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

/// Lowest first: a room includes itself and what stands before it.
constexpr std::array<std::string_view, 7> rooms = {"text",     "simulator", "planner", "rules",
                                                   "analysis", "report",    "cli"};

struct SourceFile {
  std::string path;  ///< from the repository's root: "planner/reading/document.cpp"
  std::vector<std::string> lines;
};

struct Include {
  std::string from;    ///< the file that includes
  std::size_t line;    ///< counted from 1
  std::string header;  ///< between the quotes or the angle brackets
};

SourceFile read_source(const fs::path& file) {
  SourceFile source{fs::relative(file, REPLUG_SOURCE_DIR).generic_string(), {}};
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) source.lines.push_back(line);
  return source;
}

std::vector<SourceFile> sources_of(std::string_view folder) {
  std::vector<SourceFile> sources;
  const fs::path root = fs::path(REPLUG_SOURCE_DIR) / folder;
  if (!fs::exists(root)) return sources;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const auto extension = entry.path().extension();
    if (extension == ".h" || extension == ".cpp" || extension == ".def") sources.push_back(read_source(entry.path()));
  }
  std::ranges::sort(sources, {}, &SourceFile::path);
  return sources;
}

std::vector<Include> includes_of(const SourceFile& source) {
  std::vector<Include> includes;
  for (std::size_t i = 0; i < source.lines.size(); ++i) {
    const std::string_view line = source.lines[i];
    if (!line.starts_with("#include ")) continue;
    const auto open = line.find_first_of("\"<");
    const auto close = line.find_first_of("\">", open + 1);
    if (close != std::string_view::npos)
      includes.push_back({source.path, i + 1, std::string(line.substr(open + 1, close - open - 1))});
  }
  return includes;
}

std::vector<Include> all_includes() {
  std::vector<Include> includes;
  for (const auto folder : {"text", "simulator", "planner", "rules", "analysis", "report", "cli", "tests", "bench"}) {
    for (const auto& source : sources_of(folder)) {
      const auto found = includes_of(source);
      includes.insert(includes.end(), found.begin(), found.end());
    }
  }
  return includes;
}

/// The room of a path or a header; rooms.size() for what is in none.
std::size_t room_of(std::string_view path) {
  const auto room = std::ranges::find(rooms, path.substr(0, path.find('/')));
  return static_cast<std::size_t>(room - rooms.begin());
}

std::string told(const Include& include) {
  return fmt::format("{}:{} includes {}", include.from, include.line, include.header);
}

bool starts_with_any(std::string_view text, const std::vector<std::string_view>& prefixes) {
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return text.starts_with(prefix); });
}

struct Function {
  std::string header;  ///< its first line
  std::size_t first;   ///< that line's number
  std::size_t lines;   ///< to its closing brace, both counted
};

std::size_t indentation(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }

/// Whether a line, as clang-format leaves it, can be the first of a function: at column 0, or inside a class.
bool may_begin_function(std::string_view line) {
  static const std::vector<std::string_view> others = {"#",     "//",     "}",       ")",    ":",      "namespace ",
                                                       "enum ", "class ", "struct ", "if ",  "for ",   "while ",
                                                       "do ",   "else ",  "switch ", "try ", "return "};
  const auto text = line.substr(indentation(line));
  const auto parameters = text.find('(');
  const bool initializes = text.find(" = ") < parameters;  // a table, not a function
  return parameters != std::string_view::npos && !initializes && !starts_with_any(text, others);
}

/// Functions as clang-format lays them out: a header that ends with '{', a '}' at the header's indentation.
/// A class is looked into, a lambda in a function is part of it.
std::vector<Function> functions_of(const SourceFile& source) {
  std::vector<Function> functions;
  const auto& lines = source.lines;
  for (std::size_t first = 0; first < lines.size(); ++first) {
    if (!may_begin_function(lines[first])) continue;
    const auto column = indentation(lines[first]);
    // A long header goes on over lines further to the right.
    auto open = first;
    while (open + 1 < lines.size() && !lines[open].ends_with('{') && indentation(lines[open + 1]) > column) ++open;
    if (!lines[open].ends_with('{')) continue;
    auto close = open + 1;
    while (close < lines.size() && (lines[close].empty() || indentation(lines[close]) > column)) ++close;
    functions.push_back({lines[first], first + 1, close - first + 1});
    first = close;
  }
  return functions;
}

}  // namespace

TEST(House, IncludesGoOneWayOnly) {
  for (const auto& include : all_includes()) {
    const auto from = room_of(include.from);
    const auto to = room_of(include.header);
    if (from == rooms.size() || to == rooms.size()) continue;
    EXPECT_LE(to, from) << told(include) << ": a room includes only itself and lower ones";
  }
}

/// What decides and words an account, below the formats that are written from it.
constexpr std::string_view telling = "report/telling/";

/// The format that a source of report/ belongs to: its folder (`report/json/`), or its file (`report/concise.`).
std::string_view format_of(std::string_view path) {
  const auto name = std::string_view("report/").size();
  return path.substr(0, std::min(path.find_first_of("/.", name), path.size() - 1) + 1);
}

TEST(House, WhatIsToldKnowsNothingOfFormats) {
  for (const auto& include : all_includes()) {
    const bool inside = include.from.starts_with("report/") && include.header.starts_with("report/");
    if (!include.from.starts_with(telling) || !inside) continue;
    EXPECT_TRUE(include.header.starts_with(telling)) << told(include);
  }
}

TEST(House, AFormatKnowsNothingOfOtherFormats) {
  for (const auto& include : all_includes()) {
    const bool inside = include.from.starts_with("report/") && include.header.starts_with("report/");
    const bool is_table = format_of(include.from) == "report/formats.";  // the one place that knows them all
    if (!inside || is_table || include.header.starts_with(telling) || include.header == "report/options.h") continue;
    EXPECT_EQ(format_of(include.header), format_of(include.from)) << told(include);
  }
}

TEST(House, AFormatIsFoundByItsFolderOrItsFile) {
  EXPECT_EQ(format_of("report/json/state.cpp"), "report/json/");
  EXPECT_EQ(format_of("report/concise.cpp"), format_of("report/concise.h"));
  EXPECT_NE(format_of("report/concise.cpp"), format_of("report/text/text.h"));
}

namespace {

/// The floors of a room, lowest first; folders on one floor may include each other. A folder that stands on no floor is
/// above them all, beside the others like it, which it may not include: so are the families of rules.
struct Floors {
  std::string_view room;
  std::vector<std::vector<std::string_view>> folders;
  bool has_folders_above;
};
const std::vector<Floors>& floors_of_rooms() {
  static const std::vector<Floors> floors = {
      {"simulator", {{"medium"}, {"vault"}, {"steps"}, {"run"}}, false},
      {"planner", {{"reading"}, {"ordering"}}, false},
      {"rules", {{"judging", "evidence"}}, true},
  };
  return floors;
}

/// Still the other way round, and to be mended: nothing is added here. (The file that includes, the header.)
const std::set<std::pair<std::string, std::string>>& still_upwards() {
  static const std::set<std::pair<std::string, std::string>> includes = {
      {"simulator/medium/world.cpp", "simulator/steps/register.h"},
      {"simulator/medium/world_builder.cpp", "simulator/steps/step.h"},
      {"simulator/medium/world_builder.cpp", "simulator/vault/high_availability.h"},
      {"simulator/medium/world_builder.cpp", "simulator/vault/processes.h"},
      {"simulator/medium/world_builder.h", "simulator/steps/register.h"},
      {"simulator/vault/catalog.cpp", "simulator/steps/register.h"},
      {"simulator/vault/database.cpp", "simulator/steps/configure_database.h"},
      {"simulator/vault/reload.cpp", "simulator/steps/reload.h"},
  };
  return includes;
}

/// `medium` of `simulator/medium/world.h`; empty for what lies in the room itself.
std::string_view folder_in_room(std::string_view path) {
  path.remove_prefix(std::min(path.find('/') + 1, path.size()));
  return path.find('/') == std::string_view::npos ? std::string_view() : path.substr(0, path.find('/'));
}

std::size_t floor_of(const Floors& floors, std::string_view folder) {
  const auto floor = std::ranges::find_if(
      floors.folders, [&](const auto& folders) { return std::ranges::find(folders, folder) != folders.end(); });
  return static_cast<std::size_t>(floor - floors.folders.begin());
}

/// Whether it leads to a higher floor, or from one of the folders above them to another.
bool leads_upwards(const Floors& floors, const Include& include) {
  const auto from = folder_in_room(include.from);
  const auto to = folder_in_room(include.header);
  if (from == to || from.empty() || to.empty()) return false;
  const auto lower = floor_of(floors, from);
  const auto higher = floor_of(floors, to);
  return higher > lower || (higher == lower && lower == floors.folders.size());
}

}  // namespace

TEST(House, IncludesInsideARoomGoOneWayToo) {
  std::set<std::pair<std::string, std::string>> upwards;
  for (const auto& include : all_includes()) {
    for (const auto& floors : floors_of_rooms()) {
      const std::string room = fmt::format("{}/", floors.room);
      if (!include.from.starts_with(room) || !include.header.starts_with(room)) continue;
      if (!leads_upwards(floors, include)) continue;
      upwards.emplace(include.from, include.header);
      EXPECT_TRUE(still_upwards().contains({include.from, include.header}))
          << told(include) << ": inside a room includes go down only (`floors_of_rooms`)";
    }
  }
  for (const auto& exception : still_upwards()) {
    EXPECT_TRUE(upwards.contains(exception))
        << exception.first << " no longer includes " << exception.second << ": take it out of `still_upwards`";
  }
}

TEST(House, EveryFolderOfARoomStandsOnAFloor) {
  for (const auto& floors : floors_of_rooms()) {
    if (floors.has_folders_above) continue;
    for (const auto& source : sources_of(floors.room)) {
      const auto folder = folder_in_room(source.path);
      EXPECT_TRUE(folder.empty() || floor_of(floors, folder) < floors.folders.size())
          << source.path << ": say in `floors_of_rooms` what may include " << floors.room << "/" << folder;
    }
  }
}

TEST(House, HeavyHeadersHaveOneHome) {
  struct Home {
    std::string_view header;
    std::vector<std::string_view> allowed;
  };
  const std::vector<Home> homes = {
      {"yaml-cpp/", {"planner/reading/yaml/events.cpp"}},
      {"boost/", {"planner/ordering/"}},
      {"CLI/", {"cli/"}},
      {"nlohmann/", {"report/", "cli/", "tests/", "bench/"}},
      {"benchmark/", {"bench/"}},
      {"utf8proc.h", {"text/width.cpp"}},
  };
  for (const auto& include : all_includes()) {
    for (const auto& home : homes) {
      if (!include.header.starts_with(home.header)) continue;
      EXPECT_TRUE(starts_with_any(include.from, home.allowed)) << told(include) << ": its home is " << home.allowed[0];
    }
  }
}

TEST(House, BoostGraphIsInOneSource) {
  std::vector<std::string> users;
  for (const auto& include : all_includes()) {
    if (include.header.starts_with("boost/graph/")) users.push_back(include.from);
  }
  users.erase(std::unique(users.begin(), users.end()), users.end());
  EXPECT_LE(users.size(), 1U) << fmt::format("{}", fmt::join(users, ", "));
  for (const auto& user : users) EXPECT_TRUE(user.ends_with(".cpp")) << user;
}

TEST(House, NoFunctionOfTheSimulatorIsLongerThan40Lines) {
  for (const auto& source : sources_of("simulator")) {
    for (const auto& function : functions_of(source)) {
      EXPECT_LE(function.lines, 40U) << fmt::format("{}:{} {}", source.path, function.first, function.header);
    }
  }
}

TEST(House, FunctionsAreFoundAsTheyAreLaidOut) {
  const SourceFile source{"example.cpp",
                          {
                              "namespace replug {",
                              "int one() { return 1; }",
                              "int two(int a,",
                              "        int b) {",
                              "  if (a == b) {",
                              "    return f([&] {",
                              "    });",
                              "  }",
                              "",
                              "  return 2;",
                              "}",
                              "int declared(int a);",
                              "class Three {",
                              " public:",
                              "  Three(int a)",
                              "      : a_(a) {",
                              "  }",
                              "};",
                              "}  // namespace replug",
                          }};
  const auto functions = functions_of(source);
  ASSERT_EQ(functions.size(), 2U);
  EXPECT_EQ(functions[0].first, 3U);
  EXPECT_EQ(functions[0].lines, 9U);
  EXPECT_EQ(functions[1].first, 15U);
  EXPECT_EQ(functions[1].lines, 3U);
}

/// The numbers of the lines that fit the pattern, which has the number in its first group.
std::set<int> numbers_in(const fs::path& file, const std::regex& pattern) {
  std::set<int> numbers;
  for (const auto& line : read_source(fs::path(REPLUG_SOURCE_DIR) / file).lines) {
    std::smatch match;
    if (std::regex_search(line, match, pattern)) numbers.insert(std::stoi(match[1]));
  }
  return numbers;
}

TEST(House, ExitCodesAreTheSameInTheReadmeTheHelpAndTheProgram) {
  const auto program = numbers_in("cli/exit_code.h", std::regex(R"(^  \w+ = (\d+),)"));
  EXPECT_EQ(program.size(), 6U);
  EXPECT_EQ(numbers_in("README.md", std::regex(R"(^\| (\d+) \|)")), program);
  EXPECT_EQ(numbers_in("cli/command_line.cpp", std::regex(R"(^ {2,3}(\d+)  \w)")), program);
}
