#include "text/diff.h"

#include <cstdint>
#include <cstdio>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tests/cli/scratch_folder.h"

namespace replug::text {
namespace {

TEST(Diff, ShowsThreeLinesAroundAChange) {
  EXPECT_EQ(unified_diff("p.yaml", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"),
            "--- p.yaml\n+++ p.yaml\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST(Diff, OfEqualTextsIsEmpty) { EXPECT_EQ(unified_diff("p.yaml", "1\n", "1\n"), ""); }

TEST(Diff, TellsAMissingLineEnd) {
  EXPECT_EQ(unified_diff("p", "1\n2", "1\n2\n3\n"),
            "--- p\n+++ p\n@@ -1,2 +1,3 @@\n 1\n-2\n\\ No newline at end of file\n+2\n+3\n");
}

TEST(Diff, OfAnEmptyTextBeginsAtLineNone) {
  EXPECT_EQ(unified_diff("p", "", "1\n"), "--- p\n+++ p\n@@ -0,0 +1,1 @@\n+1\n");
}

TEST(Diff, OfFarAwayChangesHasAHunkForEach) {
  std::string before;
  for (int i = 0; i < 40; ++i) before += std::to_string(i) + "\n";
  std::string after = before;
  after.replace(after.find("5\n"), 2, "");
  after += "40\n";
  EXPECT_EQ(unified_diff("p", before, after),
            "--- p\n+++ p\n@@ -3,7 +3,6 @@\n 2\n 3\n 4\n-5\n 6\n 7\n 8\n@@ -38,3 +37,4 @@\n 37\n 38\n 39\n+40\n");
}

TEST(Diff, OfManyChangesIsStillRight) {
  std::string before;
  std::string after;
  for (int i = 0; i < 3000; ++i) {
    before += "old " + std::to_string(i) + "\n";
    after += "new " + std::to_string(i) + "\n";
  }
  const auto diff = unified_diff("p", before, after);
  EXPECT_TRUE(diff.starts_with("--- p\n+++ p\n@@ -1,3000 +1,3000 @@\n-old 0\n-old 1\n"));
}

/// What `patch` would do: takes a diff back to the second text.
std::string patched(const std::string& before, const std::string& diff) {
  const ScratchFolder folder;
  folder.write("p", before);
  folder.write("d", diff);
  const std::string command = "cd '" + folder.path().string() + "' && patch --silent p d";
  EXPECT_EQ(std::system(command.c_str()), 0) << diff;
  return folder.read("p");
}

TEST(Diff, IsWhatPatchReads) {
  if (std::system("command -v patch > /dev/null 2>&1") != 0) GTEST_SKIP() << "there is no patch here";
  std::mt19937 random(7);
  for (int round = 0; round < 30; ++round) {
    std::string before;
    std::string after;
    for (int i = 0; i < 40; ++i) {
      const std::string line = std::to_string(random() % 5) + "\n";
      const auto what = random() % 8;
      if (what != 0) before += line;
      if (what != 1) after += line;
    }
    if (before == after) continue;
    EXPECT_EQ(patched(before, unified_diff("p", before, after)), after);
  }
}

}  // namespace
}  // namespace replug::text
