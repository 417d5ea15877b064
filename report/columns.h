#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace replug::report {

/// How many columns of a terminal a printable text takes: two for a wide character, none for a combining one or for the
/// colours that Paint adds.
[[nodiscard]] std::size_t columns(std::string_view text);

/// The text with spaces behind it up to that many columns.
[[nodiscard]] std::string padded(std::string_view text, std::size_t width);
/// As much of the text as fits into that many columns; the last is "…" where it was cut.
[[nodiscard]] std::string cut(std::string_view text, std::size_t width);
/// Where a text is broken to fit into lines.
struct Break {
  std::string line;
  std::string_view rest;
};
/// As many of the text's words as fit into that many columns, and what is left. At least one word: what is longer than
/// a line (paths, commands) is there to be copied, so it is not torn.
[[nodiscard]] Break first_line(std::string_view text, std::size_t width);
/// The whole text in lines; at least one.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t width);

/// Text from a plan or a server on one line: white space squeezed, everything a terminal would act on made visible.
[[nodiscard]] std::string one_line(std::string_view text,
                                   std::size_t max_characters = std::numeric_limits<std::size_t>::max());
/// One line in which every sha256 is shortened to its beginning: `1c02f3a9…`.
[[nodiscard]] std::string short_line(std::string_view text);
/// The beginning of a sha256 by which people tell builds apart.
[[nodiscard]] std::string short_sha256(std::string_view sha256);

/// `1 step`, `3 steps`, `10,000 steps`.
[[nodiscard]] std::string count(std::size_t number, std::string_view noun);
[[nodiscard]] std::string with_thousands(std::size_t number);

}  // namespace replug::report
