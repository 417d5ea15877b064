#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace replug::text {

/// The candidate that `word` is most likely a slip of, for "did you mean": the nearest by insertions, deletions,
/// replacements and swaps of neighbours, where upper and lower case and "-" and "_" count as the same. Nothing if even
/// the nearest differs in more than a third of the word (but one slip is always allowed). The first of equals wins.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view word,
                                                      std::span<const std::string_view> candidates);

/// The candidate that `word` is certainly a slip of, so that it may be put right without asking: one slip, or two in a
/// word of eight letters or more, and no other candidate comes even nearly as close.
[[nodiscard]] std::optional<std::string_view> certain_slip(std::string_view word,
                                                           std::span<const std::string_view> candidates);

}  // namespace replug::text
