#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

namespace replug::simulator {

/// The parts of `go_stable_sort`.
namespace go_sort {

inline constexpr std::size_t block = 20;

template <class Item, class Less>
void insertion_sort(std::span<Item> items, const Less& less) {
  for (std::size_t i = 1; i < items.size(); ++i) {
    for (std::size_t k = i; k > 0 && less(items[k], items[k - 1]); --k) std::swap(items[k], items[k - 1]);
  }
}

/// The first place in [first, last) for which `is_before` is false, by halving.
template <class IsBefore>
std::size_t search(std::size_t first, std::size_t last, const IsBefore& is_before) {
  while (first < last) {
    const std::size_t half = first + (last - first) / 2;
    if (is_before(half)) {
      first = half + 1;
    } else {
      last = half;
    }
  }
  return first;
}

template <class Item>
void rotate(std::span<Item> items, std::size_t first, std::size_t middle, std::size_t last) {
  const auto at = [&](std::size_t place) { return items.begin() + static_cast<std::ptrdiff_t>(place); };
  std::rotate(at(first), at(middle), at(last));
}

/// Merges the first `middle` items, which are sorted, with the others, which are too: SymMerge (Kim and Kutzner 2004)
/// as Go has it.
template <class Item, class Less>
void merge(std::span<Item> items, std::size_t middle, const Less& less) {
  const std::size_t size = items.size();
  if (middle == 1) {
    const std::size_t place = search(1, size, [&](std::size_t at) { return less(items[at], items[0]); });
    return rotate(items, 0, 1, place);
  }
  if (size - middle == 1) {
    const std::size_t place = search(0, middle, [&](std::size_t at) { return !less(items[middle], items[at]); });
    return rotate(items, place, middle, size);
  }
  const std::size_t half = size / 2;
  const std::size_t sum = half + middle;
  const bool is_long = middle > half;
  const std::size_t start = search(is_long ? sum - size : 0, is_long ? half : middle,
                                   [&](std::size_t at) { return !less(items[sum - 1 - at], items[at]); });
  const std::size_t end = sum - start;
  if (start < middle && middle < end) rotate(items, start, middle, end);
  if (0 < start && start < half) merge(items.first(half), start, less);
  if (half < end && end < size) merge(items.subspan(half), end - half, less);
}

}  // namespace go_sort

/// Go's `sort.Stable` (package sort, zsortfunc.go): insertion sort over blocks of 20, then the blocks merged in place.
/// It asks `less` in the same order as Go does, and nothing about `less` has to be true for it to end with every item
/// in its place once. So it is what to use with an order that is not transitive, as go-version's (`compare` in
/// version.h), where `std::stable_sort` is undefined and another algorithm gives another result.
template <class Item, class Less>
void go_stable_sort(std::span<Item> items, const Less& less) {
  const std::size_t size = items.size();
  for (std::size_t first = 0; first < size; first += go_sort::block)
    go_sort::insertion_sort(items.subspan(first, std::min(go_sort::block, size - first)), less);
  for (std::size_t sorted = go_sort::block; sorted < size; sorted *= 2) {
    for (std::size_t first = 0; first + sorted < size; first += 2 * sorted)
      go_sort::merge(items.subspan(first, std::min(2 * sorted, size - first)), sorted, less);
  }
}

}  // namespace replug::simulator
