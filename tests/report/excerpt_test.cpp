#include "report/telling/excerpt.h"

#include <array>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace replug::report {
namespace {

planner::Place find(const planner::Source& source, std::string_view word) {
  const auto begin = static_cast<std::uint32_t>(source.text().find(word));
  return {&source, {begin, begin + static_cast<std::uint32_t>(word.size())}};
}

std::string excerpt(std::span<const Mark> marks, std::size_t width = 60) {
  Page page(width, false);
  write_excerpt(page, marks);
  return page.take();
}

std::string excerpt(const std::string& text, std::string_view word) {
  const planner::Source source("plan.yaml", text);
  return excerpt(std::array{Mark{find(source, word), "", true}});
}

TEST(Excerpt, PutsTheCaretsUnderTheWord) {
  EXPECT_EQ(excerpt("steps:\n  - tune: {path: my/, plugin_version: v2}\n", "v2"),
            "  --> plan.yaml:2:39\n"
            "   |\n"
            " 2 |   - tune: {path: my/, plugin_version: v2}\n"
            "   |                                       ^^\n");
}

TEST(Excerpt, WideCharactersAndCombiningOnesKeepTheCaretInPlace) {
  EXPECT_EQ(excerpt("note: 本番e\u0301 key\n", "key"),
            "  --> plan.yaml:1:12\n"
            "   |\n"
            " 1 | note: 本番e\u0301 key\n"
            "   |             ^^^\n");
}

TEST(Excerpt, TabsAndControlCharactersAreShown) {
  EXPECT_EQ(excerpt("a:\t\x1b[2J key\n", "key"),
            "  --> plan.yaml:1:9\n"
            "   |\n"
            " 1 | a:→\\u001b[2J key\n"
            "   |              ^^^\n");
}

TEST(Excerpt, BytesThatAreNoTextAreShown) {
  EXPECT_EQ(excerpt("a: \xff key\n", "key"),
            "  --> plan.yaml:1:6\n"
            "   |\n"
            " 1 | a: \\xff key\n"
            "   |         ^^^\n");
}

TEST(Excerpt, AnEmptyPlaceGetsOneCaret) {
  const planner::Source source("plan.yaml", "replug:\n");
  EXPECT_EQ(excerpt(std::array{Mark{{&source, {7, 7}}, "a value is missing", true}}),
            "  --> plan.yaml:1:8\n"
            "   |\n"
            " 1 | replug:\n"
            "   |        ^ a value is missing\n");
}

TEST(Excerpt, ARangeOverSeveralLinesIsMarkedOnItsFirst) {
  const planner::Source source("plan.yaml", "tune:\n  path: my/\n");
  EXPECT_EQ(excerpt(std::array{Mark{{&source, {0, 17}}, "", true}}),
            "  --> plan.yaml:1:1\n"
            "   |\n"
            " 1 | tune:\n"
            "   | ^^^^^\n");
}

TEST(Excerpt, PlacesOfOneFileShareAnExcerptInTheOrderOfItsLines) {
  std::string text = "a: 1\n";
  for (int i = 0; i < 8; ++i) text += "\n";
  text += "b: 2\nc: 3\n";
  const planner::Source source("plan.yaml", text);
  EXPECT_EQ(excerpt(std::array{Mark{find(source, "c"), "", true}, Mark{find(source, "a"), "registered here", false},
                               Mark{find(source, "b"), "and here", false}}),
            "  --> plan.yaml:11:1\n"
            "    |\n"
            "  1 | a: 1\n"
            "    | - registered here\n"
            "....\n"
            " 10 | b: 2\n"
            "    | - and here\n"
            " 11 | c: 3\n"
            "    | ^\n");
}

TEST(Excerpt, ALongLineIsShownAroundItsMark) {
  const auto shown = excerpt(std::string(500, 'x') + " key " + std::string(500, 'y'), "key");
  std::size_t begin = 0;
  std::string_view line;
  std::string_view carets;
  for (int i = 0; i < 4; ++i) {
    const auto end = shown.find('\n', begin);
    if (i == 2) line = std::string_view(shown).substr(begin, end - begin);
    if (i == 3) carets = std::string_view(shown).substr(begin, end - begin);
    begin = end + 1;
  }
  EXPECT_LT(line.size(), 70U);
  EXPECT_TRUE(line.ends_with("y…")) << line;
  EXPECT_NE(line.find("…x"), std::string_view::npos) << line;
  // "…" has three bytes and one column.
  EXPECT_EQ(line.find("key") - 2, carets.find("^^^")) << shown;
}

TEST(Excerpt, ALineOfManyMegabytesTakesNoLongerThanAShortOne) {
  const planner::Source source("plan.yaml", std::string(8'000'000, 'x') + " key");
  const std::array marks{Mark{find(source, "key"), "", true}};
  EXPECT_LT(excerpt(marks).size(), 400U);
}

TEST(Excerpt, ALabelThatDoesNotFitGoesBelow) {
  const planner::Source source("plan.yaml", std::string(40, 'x') + " key");
  EXPECT_EQ(excerpt(std::array{Mark{find(source, "key"), "the version was registered here before", true}}),
            "  --> plan.yaml:1:42\n"
            "   |\n"
            " 1 | xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx key\n"
            "   |                                          ^^^\n"
            "   |   the version was registered here before\n");
}

}  // namespace
}  // namespace replug::report
