#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace replug::text {

/// One character read from UTF-8 text. Bytes that are no UTF-8 come one at a time, with the byte as value.
struct Character {
  char32_t value = 0;
  std::size_t bytes = 0;
  bool valid = false;
};

/// The character that the text begins with; the text must not be empty.
[[nodiscard]] Character first_character(std::string_view text);

/// Hostile text made safe for a terminal and a log: characters that move the cursor, reorder or hide text, and bytes
/// that are no UTF-8, become escapes. At most `max_characters` characters are returned; the last is "…" where it was
/// cut.
[[nodiscard]] std::string printable(std::string_view text, std::size_t max_characters = 80);

}  // namespace replug::text
