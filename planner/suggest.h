#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace replug::planner {

/// The candidate that `word` is most likely a slip of, for "did you mean": the nearest by insertions, deletions,
/// replacements and swaps of neighbours, where upper and lower case and "-" and "_" count as the same. Nothing if even
/// the nearest differs in more than a third of the word (but one slip is always allowed). The first of equals wins.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view word,
                                                      std::span<const std::string_view> candidates);

}  // namespace replug::planner
