#include "text/suggest.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace replug::text {
namespace {

std::string suggested(std::string_view word, const std::vector<std::string_view>& candidates) {
  return std::string(nearest(word, candidates).value_or("nothing"));
}

TEST(Nearest, FindsEveryKindOfSlip) {
  const std::vector<std::string_view> kinds = {"register", "reload", "pin", "step-down"};
  EXPECT_EQ(suggested("regster", kinds), "register") << "a letter left out";
  EXPECT_EQ(suggested("registerr", kinds), "register") << "a letter too many";
  EXPECT_EQ(suggested("rekister", kinds), "register") << "another letter";
  EXPECT_EQ(suggested("relaod", kinds), "reload") << "two letters swapped";
  EXPECT_EQ(suggested("pni", kinds), "pin") << "two letters swapped count once";
}

TEST(Nearest, TakesCaseDashAndUnderscoreForTheSame) {
  EXPECT_EQ(suggested("Plugin-Version", {"plugin_name", "plugin_version"}), "plugin_version");
  EXPECT_EQ(suggested("SHA256", {"sha256"}), "sha256");
}

TEST(Nearest, AllowsAThirdOfTheWord) {
  EXPECT_EQ(suggested("abcdef", {"abcdxy"}), "abcdxy");
  EXPECT_EQ(suggested("abcdef", {"abcxyz"}), "nothing");
  EXPECT_EQ(suggested("abcde", {"abcxy"}), "nothing");
}

TEST(Nearest, AllowsOneSlipInAShortWord) {
  EXPECT_EQ(suggested("pn", {"pin"}), "pin");
  EXPECT_EQ(suggested("ab", {"ax"}), "ax");
}

TEST(Nearest, FindsNothingWhereNothingOfTheWordIsLeft) {
  EXPECT_EQ(suggested("a", {"b"}), "nothing");
  EXPECT_EQ(suggested("", {"a", ""}), "nothing");
  EXPECT_EQ(suggested("a", {"A"}), "A");
  EXPECT_EQ(suggested("abc", {}), "nothing");
  EXPECT_EQ(suggested("abc", {""}), "nothing");
}

TEST(Nearest, PrefersTheNearestThenTheFirst) {
  EXPECT_EQ(suggested("mounts", {"mouses", "mount", "mounds"}), "mount");
  EXPECT_EQ(suggested("mounts", {"mounds", "mount"}), "mounds");
  EXPECT_EQ(suggested("same", {"Same", "same"}), "Same");
}

TEST(Nearest, ComparesTheBeginningsOfLongNames) {
  const std::string left(100'000, 'a');
  std::string right = left;
  right[70'000] = 'b';
  EXPECT_EQ(suggested(left, {right}), right);
  EXPECT_EQ(suggested(left, {std::string_view(left).substr(0, 64)}), "nothing") << "the lengths differ too much";
}

std::string certain(std::string_view word, const std::vector<std::string_view>& candidates) {
  return std::string(text::certain_slip(word, candidates).value_or("nothing"));
}

TEST(CertainSlip, IsOneSlipOrTwoInALongWord) {
  const std::vector<std::string_view> words = {"register", "reload", "plugin_version", "at"};
  EXPECT_EQ(certain("relaod", words), "reload");
  EXPECT_EQ(certain("plugin-versoin", words), "plugin_version");
  EXPECT_EQ(certain("plugin_verson_", words), "plugin_version");
  EXPECT_EQ(certain("reolda", words), "nothing");
  EXPECT_EQ(certain("ta", words), "nothing") << "too short to be sure";
  EXPECT_EQ(certain("AT", words), "at");
}

TEST(CertainSlip, IsNoneWhereAnotherWordIsNearly) {
  EXPECT_EQ(certain("dregister", {"register", "deregister"}), "nothing");
  EXPECT_EQ(certain("mount_", {"mounts", "mount"}), "nothing");
  EXPECT_EQ(certain("mountx", {"mount", "mount"}), "mount") << "the same word twice is one word";
}

}  // namespace
}  // namespace replug::text
