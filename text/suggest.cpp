#include "text/suggest.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace replug::text {
namespace {

/// Longer names are compared by their beginning only, so that a hostile name costs no more than a long one.
constexpr std::size_t longest = 64;

char folded(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
  return c == '_' ? '-' : c;
}

using Row = std::array<std::size_t, longest + 1>;

/// The optimal string alignment distance: like Levenshtein's, and two swapped neighbours count as one slip.
std::size_t distance(std::string_view left, std::string_view right) {
  Row before_last{};
  Row last{};
  Row row{};
  for (std::size_t j = 0; j <= right.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const char a = folded(left[i - 1]);
      const char b = folded(right[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a == b ? 0U : 1U)});
      const bool swapped = i > 1 && j > 1 && a == folded(right[j - 2]) && folded(left[i - 2]) == b;
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = last;
    last = row;
  }
  return last[right.size()];
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> candidates) {
  const std::string_view start = word.substr(0, longest);
  const std::size_t allowed = std::max<std::size_t>(1, start.size() / 3);
  std::optional<std::string_view> best;
  // A distance as great as the word itself would mean that nothing of it is left.
  std::size_t bound = std::min(allowed + 1, start.size());
  for (const std::string_view candidate : candidates) {
    const std::size_t longer = std::max(word.size(), candidate.size());
    if (longer - std::min(word.size(), candidate.size()) >= bound) continue;
    const std::size_t slips = distance(start, candidate.substr(0, longest));
    if (slips >= bound) continue;
    best = candidate;
    bound = slips;
    if (slips == 0) break;
  }
  return best;
}

std::optional<std::string_view> certain_slip(std::string_view word, std::span<const std::string_view> candidates) {
  constexpr std::size_t shortest = 4;  // `ta` can be meant as anything
  constexpr std::size_t far = longest + 1;
  if (word.size() > longest) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t slips = far;
  std::size_t runner_up = far;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > longest || candidate == best) continue;
    const std::size_t these = distance(word, candidate);
    runner_up = std::min(runner_up, std::max(these, slips));
    if (these < slips) best = candidate;
    slips = std::min(slips, these);
  }
  const std::size_t allowed = word.size() >= 8 ? 2 : word.size() >= shortest ? 1 : 0;
  return slips <= allowed && runner_up > slips + 1 ? best : std::nullopt;
}

}  // namespace replug::text
