#include "report/telling/columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace replug::report {
namespace {

using testing::ElementsAre;

TEST(Columns, WideCharactersTakeTwoAndCombiningOnesNone) {
  EXPECT_EQ(columns("vault"), 5U);
  EXPECT_EQ(columns("本番"), 4U);
  EXPECT_EQ(columns("e\u0301"), 1U);
  EXPECT_EQ(columns("\U0001F680"), 2U);
}

TEST(Columns, ColoursTakeNone) { EXPECT_EQ(columns("\x1b[1;31merror\x1b[0m"), 5U); }

TEST(Columns, PaddingCountsColumnsNotBytes) {
  EXPECT_EQ(padded("é", 3), "é  ");
  EXPECT_EQ(padded("too long", 3), "too long");
}

TEST(Columns, CutTextEndsInAnEllipsis) {
  EXPECT_EQ(cut("my-secret-plugin", 8), "my-secr…");
  EXPECT_EQ(cut("本番環境", 5), "本番…");
  EXPECT_EQ(cut("fits", 4), "fits");
}

TEST(Wrapped, BreaksAtSpacesOnly) {
  EXPECT_THAT(wrapped("the process ended and was started", 12), ElementsAre("the process", "ended and", "was started"));
}

TEST(Wrapped, DoesNotTearALongWord) {
  EXPECT_THAT(wrapped("see https://example.org/a/long/path now", 10),
              ElementsAre("see", "https://example.org/a/long/path", "now"));
}

TEST(Wrapped, NothingIsOneEmptyLine) { EXPECT_THAT(wrapped("", 10), ElementsAre("")); }

TEST(OneLine, SqueezesWhiteSpaceAndShowsWhatATerminalWouldActOn) {
  EXPECT_EQ(one_line("1 error occurred:\n\t* no such plugin\n\n"), "1 error occurred: * no such plugin");
  EXPECT_EQ(one_line("\x1b[31mred\x1b[0m"), "\\u001b[31mred\\u001b[0m");
  EXPECT_EQ(one_line("a\u202Eb"), "a\\u202eb");
}

TEST(ShortLine, ShortensEverySha256AndNothingElse) {
  const std::string sha256 = "1c02f3a9" + std::string(56, 'b');
  EXPECT_EQ(short_line("register -sha256=" + sha256 + " secret face"), "register -sha256=1c02f3a9… secret face");
  EXPECT_EQ(short_line("request deadbeefcafe"), "request deadbeefcafe");
}

TEST(Count, SaysHowMany) {
  EXPECT_EQ(count(0, "step"), "0 steps");
  EXPECT_EQ(count(1, "step"), "1 step");
  EXPECT_EQ(count(100000, "step"), "100,000 steps");
  EXPECT_EQ(with_thousands(1234567), "1,234,567");
}

}  // namespace
}  // namespace replug::report
