#include "text/printable.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace replug::text {
namespace {

using namespace std::string_view_literals;

TEST(Printable, LeavesReadableTextAlone) {
  EXPECT_EQ(printable("my-plugin v1.2 \\ \"x\""), "my-plugin v1.2 \\ \"x\"");
  EXPECT_EQ(printable("é日本語😀"), "é日本語😀");
  EXPECT_EQ(printable(""), "");
}

TEST(Printable, EscapesControlCharacters) {
  EXPECT_EQ(printable("a\nb\tc\rd"), "a\\nb\\tc\\rd");
  EXPECT_EQ(printable("\x1B[31m"), "\\u001b[31m");
  EXPECT_EQ(printable("\0\x7F"sv), "\\u0000\\u007f");
  EXPECT_EQ(printable("\xC2\x9B"
                      "0m"),
            "\\u009b0m")
      << "C1 control characters begin terminal commands, too";
}

TEST(Printable, EscapesWhatReordersOrHidesText) {
  EXPECT_EQ(printable("a\xE2\x80\xAE"
                      "b\xE2\x80\xAC"),
            "a\\u202eb\\u202c");
  EXPECT_EQ(printable("\xE2\x81\xA6\xE2\x81\xA9\xE2\x80\x8E\xE2\x80\x8F"), "\\u2066\\u2069\\u200e\\u200f");
  EXPECT_EQ(printable("\xE2\x80\xA8\xE2\x80\xA9\xEF\xBB\xBF\xE2\x80\x8B"), "\\u2028\\u2029\\ufeff\\u200b");
  EXPECT_EQ(printable("\xF3\xA0\x81\x81"), "\\U000e0041");
  EXPECT_EQ(printable("\xEF\xBF\xBF"), "\\uffff");
}

TEST(Printable, EscapesBytesThatAreNoUtf8) {
  EXPECT_EQ(printable("a\xFFz"), "a\\xffz");
  EXPECT_EQ(printable("\xC3"), "\\xc3");
  EXPECT_EQ(printable("\xE2\x82z"), "\\xe2\\x82z");
  EXPECT_EQ(printable("\xC0\x80"), "\\xc0\\x80") << "overlong";
  EXPECT_EQ(printable("\xED\xA0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
  EXPECT_EQ(printable("\xF4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "behind the last character";
}

TEST(Printable, CutsWithAnEllipsis) {
  EXPECT_EQ(printable("abcdef", 6), "abcdef");
  EXPECT_EQ(printable("abcdefg", 6), "abcde…");
  EXPECT_EQ(printable("ééééé", 4), "ééé…") << "characters count, not bytes";
  EXPECT_EQ(printable(std::string(100'000, 'x')), std::string(79, 'x') + "…");
  EXPECT_EQ(printable("abc", 1), "…");
  EXPECT_EQ(printable("abc", 0), "");
}

TEST(Printable, NeverCutsAnEscape) {
  EXPECT_EQ(printable("ab\x1B", 8), "ab\\u001b");
  EXPECT_EQ(printable("ab\x1B", 7), "ab…");
  EXPECT_EQ(printable("ab\x1B"
                      "c",
                      8),
            "ab…");
}

TEST(FirstCharacter, ReadsOneCharacter) {
  EXPECT_EQ(first_character("éx").value, U'é');
  EXPECT_EQ(first_character("éx").bytes, 2U);
  EXPECT_EQ(first_character("日").bytes, 3U);
  EXPECT_EQ(first_character("😀").value, U'😀');
  EXPECT_TRUE(first_character("\xF4\x8F\xBF\xBF").valid);
  EXPECT_FALSE(first_character("\x80").valid);
  EXPECT_EQ(first_character("\x80").bytes, 1U);
}

}  // namespace
}  // namespace replug::text
