#include "simulator/medium/version.h"

#include <compare>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace replug::simulator {
namespace {

/// The canonical text, or `malformed`.
std::string read(std::string_view text, Strictness strictness) {
  const auto version = parse_version(text, strictness);
  return version ? version->canonical() : "malformed";
}

Version version(std::string_view text) {
  const auto parsed = parse_version(text, Strictness::semver);
  if (!parsed) ADD_FAILURE() << text << " is malformed";
  return parsed.value_or(Version{});
}

struct Reading {
  std::string_view text;
  std::string_view semver;
  std::string_view lax;
};

TEST(Version, AVIsOptionalShortVersionsArePaddedLongOnesKeptAndLeadingZerosDropped) {
  for (const std::string_view text : {"1.2.3", "v1.2.3", "01.002.3", "v1.2.03"}) {
    EXPECT_EQ(read(text, Strictness::semver), "v1.2.3") << text;
    EXPECT_EQ(read(text, Strictness::lax), "v1.2.3") << text;
  }
  const Reading readings[] = {
      {"1", "v1.0.0", "v1.0.0"},
      {"v1.2", "v1.2.0", "v1.2.0"},
      {"1.2.3.4.5", "v1.2.3.4.5", "v1.2.3.4.5"},
      {"0", "v0.0.0", "v0.0.0"},
      {"1.0.0-rc1", "v1.0.0-rc1", "v1.0.0-rc1"},
      {"1.0-rc.1+ent.hsm", "v1.0.0-rc.1+ent.hsm", "v1.0.0-rc.1+ent.hsm"},
      {"1.0.0+ent", "v1.0.0+ent", "v1.0.0+ent"},
      {"1.0.0-007", "v1.0.0-007", "v1.0.0-007"},
      {"1.0.0-5x~-.y", "v1.0.0-5x~-.y", "v1.0.0-5x~-.y"},
      {"1.0.0--5", "v1.0.0--5", "v1.0.0--5"},
      {"1.0.0-a-b+c-d", "v1.0.0-a-b+c-d", "v1.0.0-a-b+c-d"},
  };
  for (const Reading& reading : readings) {
    EXPECT_EQ(read(reading.text, Strictness::semver), reading.semver) << reading.text;
    EXPECT_EQ(read(reading.text, Strictness::lax), reading.lax) << reading.text;
  }
}

TEST(Version, OnlyTheLaxReadingDoesWithoutTheHyphen) {
  const Reading readings[] = {
      {"1.0.0rc1", "malformed", "v1.0.0-rc1"},     {"v2beta.1+x", "malformed", "v2.0.0-beta.1+x"},
      {"1.0.0~1", "malformed", "v1.0.0-~1"},       {"1.0.0-", "malformed", "v1.0.0--"},
      {"1.0.0-.a", "malformed", "v1.0.0--.a"},     {"1.0.0rc1-2", "malformed", "v1.0.0-rc1-2"},
      {"1.0.0.rc1", "malformed", "malformed"},     {"1.0.0rc..1", "malformed", "malformed"},
      {"1.0.0-+ent", "malformed", "v1.0.0--+ent"},
  };
  for (const Reading& reading : readings) {
    EXPECT_EQ(read(reading.text, Strictness::semver), reading.semver) << reading.text;
    EXPECT_EQ(read(reading.text, Strictness::lax), reading.lax) << reading.text;
  }
}

TEST(Version, WhatIsNoVersionIsMalformed) {
  const std::string_view texts[] = {"",        "v",        "vv1.0.0",    "V1.0.0",    "one",           ".1",
                                    "1.",      "1..2",     " 1.0.0",     "1.0.0 ",    "1.0.0\n",       "1,0",
                                    "-1.0.0",  "+ent",     "1.0.0+",     "1.0.0+a+b", "1.0.0+a..b",    "1.0.0-a_b",
                                    "1.0.0-é", "1.0.0-a.", "1.0.0-a+.b", "latest",    "1.0.0+builtin "};
  for (const std::string_view text : texts) {
    EXPECT_EQ(read(text, Strictness::semver), "malformed") << text;
    EXPECT_EQ(read(text, Strictness::lax), "malformed") << text;
  }
  EXPECT_EQ(read(std::string_view("1.0.0\0", 6), Strictness::lax), "malformed");
}

TEST(Version, ASegmentThatIsTooLargeForGoIsMalformed) {
  EXPECT_EQ(read("1.9223372036854775807.0", Strictness::semver), "v1.9223372036854775807.0");
  EXPECT_EQ(read("0000000000000000000000000000001", Strictness::semver), "v1.0.0");
  EXPECT_EQ(read("1.9223372036854775808.0", Strictness::semver), "malformed");
  EXPECT_EQ(read("99999999999999999999999999999999", Strictness::lax), "malformed");
}

TEST(Version, AVeryLongTextIsReadInPassing) {
  const std::string dots = "1." + std::string(1'000'000, '.');
  EXPECT_EQ(read(dots, Strictness::lax), "malformed");
  const std::string identifier = "1.0.0-" + std::string(1'000'000, 'a');
  EXPECT_EQ(read(identifier, Strictness::semver), "v" + identifier);
  EXPECT_EQ(read(identifier + "_", Strictness::semver), "malformed");
}

TEST(Version, TheCanonicalTextOfACanonicalTextIsItself) {
  for (const std::string_view text : {"1", "1.0.0rc1", "v01.2-a.b+c", "1.0.0-", "1.0.0--5", "1.2.3.4+x"}) {
    const std::string once = read(text, Strictness::lax);
    EXPECT_EQ(read(once, Strictness::lax), once) << text;
  }
}

TEST(Version, AVersionIsABuiltinsIfAnIdentifierOfItsMetadataIsBuiltin) {
  for (const std::string_view text :
       {"v1.14.9+builtin.vault", "v0.17.0+builtin", "v2.0.0+builtin.bao", "1.0.0+x.builtin"}) {
    EXPECT_TRUE(version(text).is_builtin()) << text;
  }
  for (const std::string_view text :
       {"v1.0.0", "v1.0.0-builtin", "v1.0.0+ent", "v1.0.0+builtins", "v1.0.0+not-builtin"}) {
    EXPECT_FALSE(version(text).is_builtin()) << text;
  }
}

struct Comparison {
  std::string_view left;
  char order;
  std::string_view right;
};

char order_of(std::string_view left, std::string_view right) {
  const std::weak_ordering order = compare(version(left), version(right));
  if (order == std::weak_ordering::equivalent) return '=';
  return order == std::weak_ordering::less ? '<' : '>';
}

TEST(Version, SegmentsDecideThenAReleaseIsAboveItsPrereleases) {
  const Comparison comparisons[] = {
      {"1.0.0", '<', "1.0.1"},          {"1.2.0", '<', "1.10.0"},           {"1.9.9", '<', "2.0.0"},
      {"1.0.0.1", '>', "1.0.0"},        {"1.0.0.0", '=', "1.0.0"},          {"1.0.0-rc1", '<', "1.0.0"},
      {"1.0.1-rc1", '>', "1.0.0"},      {"1.0.0-alpha", '<', "1.0.0-beta"}, {"1.0.0-2", '<', "1.0.0-10"},
      {"1.0.0-10", '<', "1.0.0-alpha"}, {"1.0.0-a.2", '<', "1.0.0-a.10"},   {"1.0.0-a.9", '<', "1.0.0-a.b"},
      {"1.0.0-rc10", '<', "1.0.0-rc9"},
  };
  for (const auto& [left, order, right] : comparisons) {
    EXPECT_EQ(order_of(left, right), order) << left << ' ' << right;
    EXPECT_EQ(order_of(right, left), order == '<' ? '>' : order == '>' ? '<' : '=') << right << ' ' << left;
  }
}

TEST(Version, MetadataDoesNotCount) {
  EXPECT_EQ(order_of("1.0.0", "1.0.0+ent"), '=');
  EXPECT_EQ(order_of("1.0.0-rc1+a", "1.0.0-rc1+b"), '=');
  EXPECT_EQ(order_of("1.0.0+z", "1.0.1+a"), '<');
}

TEST(Version, AMissingPartOfAPrereleaseIsBelowANumberAndAboveAWord) {
  EXPECT_EQ(order_of("1.0.0-alpha", "1.0.0-alpha.1"), '<');
  EXPECT_EQ(order_of("1.0.0-alpha.1", "1.0.0-alpha"), '>');
  EXPECT_EQ(order_of("1.0.0-alpha", "1.0.0-alpha.beta"), '>');
  EXPECT_EQ(order_of("1.0.0-alpha.beta", "1.0.0-alpha"), '<');
}

TEST(Version, PrereleasesAreNotComparedBetweenDifferentNumbersOfSegments) {
  EXPECT_EQ(order_of("1.0.0-rc1", "1.0.0.0"), '=');
  EXPECT_EQ(order_of("1.0.0.0-rc1", "1.0.0-rc2"), '=');
}

TEST(Version, DifferentTextsOfOneNumberAreEachBelowTheOther) {
  EXPECT_EQ(order_of("1.0.0-1", "1.0.0-01"), '<');
  EXPECT_EQ(order_of("1.0.0-01", "1.0.0-1"), '<');
}

TEST(Version, ANumberTooLargeForGoIsAWordAndEachIsAboveTheOther) {
  EXPECT_EQ(order_of("1.0.0-9223372036854775807", "1.0.0-alpha"), '<');
  EXPECT_EQ(order_of("1.0.0-9223372036854775808", "1.0.0-alpha"), '>');
  EXPECT_EQ(order_of("1.0.0-alpha", "1.0.0-9223372036854775808"), '>');
}

TEST(Version, APartThatBeginsWithAHyphenIsANegativeNumber) {
  EXPECT_EQ(order_of("1.0.0--1", "1.0.0-0"), '<');
  EXPECT_EQ(order_of("1.0.0--2", "1.0.0--1"), '<');
}

TEST(Version, TextsAreComparedWhereBothAreVersions) {
  EXPECT_TRUE(is_newer("v1.10.0", "1.9.0"));
  EXPECT_FALSE(is_newer("v1.0.0", "v1.0.0+ent"));
  EXPECT_FALSE(is_newer("v1.0.0", "v1.0.1"));
  EXPECT_FALSE(is_newer("v1.0.0", "")) << "an unversioned plugin is neither older nor newer";
  EXPECT_FALSE(is_newer("", "v1.0.0"));
  EXPECT_EQ(compare("newest", "v1.0.0"), std::partial_ordering::unordered);
  EXPECT_EQ(compare("1.0", "v1.0.0"), std::partial_ordering::equivalent);
}

}  // namespace
}  // namespace replug::simulator
