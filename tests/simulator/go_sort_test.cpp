// The sort that Vault's catalog is listed with, and what it does with an order that is none.

#include "simulator/medium/go_sort.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace replug::simulator {
namespace {

/// 0, 37, 74, … below `size`, each once.
std::vector<int> mixed(int size) {
  std::vector<int> items(static_cast<std::size_t>(size));
  for (int next = 0; int& item : items) item = next++ * 37 % size;
  return items;
}

/// No order at all: neither transitive nor asymmetric.
bool is_less_somehow(int left, int right) { return (left * 31 + right * 17 + left * right) % 7 < 3; }

TEST(GoStableSort, SortsAsTheStandardLibraryDoesWhereTheOrderIsOne) {
  std::mt19937 random(7);
  for (std::size_t size = 0; size < 200; ++size) {
    std::vector<std::pair<std::uint32_t, std::size_t>> items;
    for (std::size_t i = 0; i < size; ++i) items.emplace_back(random() % 20, i);  // many are equivalent
    auto expected = items;
    const auto by_first = [](const auto& left, const auto& right) { return left.first < right.first; };
    std::ranges::stable_sort(expected, by_first);
    go_stable_sort(std::span(items), by_first);
    ASSERT_EQ(items, expected) << size;
  }
}

// What `sort.SliceStable` of Go 1.26 made of the same items, asked in the same way.
TEST(GoStableSort, GivesWhatGoGivesWhereTheOrderIsNone) {
  std::size_t asked = 0;
  const auto less = [&](int left, int right) {
    ++asked;
    return is_less_somehow(left, right);
  };
  auto few = mixed(15);
  go_stable_sort(std::span(few), less);
  EXPECT_EQ(few, (std::vector<int>{5, 12, 14, 7, 0, 13, 6, 4, 11, 9, 2, 8, 1, 3, 10}));
  EXPECT_EQ(asked, 35U);

  asked = 0;
  auto many = mixed(100);
  go_stable_sort(std::span(many), less);
  EXPECT_EQ(many, (std::vector<int>{0,  37, 74, 11, 28, 91, 80, 17, 20, 54, 2,  65, 39, 13, 76, 87, 24, 61, 48, 94,
                                    14, 77, 40, 51, 88, 25, 62, 73, 10, 47, 31, 68, 5,  50, 36, 35, 57, 99, 42, 98,
                                    21, 84, 58, 59, 96, 33, 22, 85, 7,  70, 95, 32, 16, 60, 34, 97, 79, 6,  44, 81,
                                    18, 53, 27, 90, 38, 9,  72, 55, 46, 75, 12, 45, 82, 19, 83, 1,  64, 66, 3,  29,
                                    69, 43, 92, 49, 23, 86, 8,  71, 56, 30, 93, 67, 4,  41, 52, 89, 26, 15, 78, 63}));
  EXPECT_EQ(asked, 287U);
}

}  // namespace
}  // namespace replug::simulator
