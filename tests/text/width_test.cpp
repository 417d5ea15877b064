// How many columns of a terminal characters take.

#include "text/width.h"

#include <gtest/gtest.h>

namespace replug::text {
namespace {

TEST(Width, OfAsciiAndLettersIsOne) {
  EXPECT_EQ(width("vault"), 5U);
  EXPECT_EQ(width("é…Ж"), 3U);
}

TEST(Width, OfWideCharactersIsTwo) {
  EXPECT_EQ(width("本番"), 4U);
  EXPECT_EQ(width("한"), 2U);
  EXPECT_EQ(width("Ａ"), 2U) << "full-width";
  EXPECT_EQ(width("ｱ"), 1U) << "half-width";
  EXPECT_EQ(width("\U00020000"), 2U) << "beyond the first plane";
}

TEST(Width, OfWhatIsDrawnOntoAnotherCharacterIsNone) {
  EXPECT_EQ(width("e\u0301"), 1U);
  EXPECT_EQ(width("\u05D0\u05B0"), 1U) << "a Hebrew point";
  EXPECT_EQ(width("\u0E01\u0E34"), 1U) << "a Thai vowel";
}

TEST(Width, OfWhatIsNotSeenIsNone) {
  EXPECT_EQ(width("\u200B"), 0U);
  EXPECT_EQ(width("\u200D"), 0U);
  EXPECT_EQ(width("\uFE0F"), 0U);
}

TEST(Width, OfEmojiIsTwo) {
  EXPECT_EQ(width("\U0001F680"), 2U);
  EXPECT_EQ(width("\U0001F6D1"), 2U);
  EXPECT_EQ(width("\u26A1"), 2U);
  EXPECT_EQ(width("\U0001FAE0"), 2U);
}

TEST(Width, OfControlCharactersIsNone) {
  EXPECT_EQ(width("\n"), 0U);
  EXPECT_EQ(width("\x1b"), 0U);
  EXPECT_EQ(width("\u009B"), 0U);
}

TEST(Width, OfAByteThatIsNoUtf8IsThatOfTheCharacter) { EXPECT_EQ(width("\xff"), 1U); }

}  // namespace
}  // namespace replug::text
