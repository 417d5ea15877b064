#include "text/printable.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace replug::text {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

/// Characters a reader cannot see, or that change how the text around them is shown.
constexpr std::array<Range, 12> unseen = {{
    {0x00, 0x1F},        // control characters: ESC begins a terminal command
    {0x7F, 0x9F},        // DEL and the C1 controls: U+009B begins a terminal command too
    {0x61C, 0x61C},      // Arabic letter mark
    {0x200B, 0x200B},    // zero width space
    {0x200E, 0x200F},    // left-to-right and right-to-left mark
    {0x2028, 0x202E},    // line and paragraph separator, bidi embeddings and overrides
    {0x2060, 0x2069},    // word joiner, invisible operators, bidi isolates
    {0xFEFF, 0xFEFF},    // byte order mark
    {0xFFF9, 0xFFFB},    // interlinear annotation
    {0xFFFE, 0xFFFF},    // no characters
    {0xE0000, 0xE007F},  // tags: invisible copies of ASCII
    {0x10FFFE, 0x10FFFF},
}};

bool is_unseen(char32_t value) {
  return std::any_of(unseen.begin(), unseen.end(),
                     [value](const Range& range) { return range.first <= value && value <= range.last; });
}

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

/// How many bytes a character with this first byte has; 0 for a byte that begins none.
std::size_t length_from(unsigned char first) {
  if (first < 0x80) return 1;
  if (first < 0xC2) return 0;  // a continuation byte, or an overlong form of ASCII
  if (first < 0xE0) return 2;
  if (first < 0xF0) return 3;
  return first < 0xF5 ? 4 : 0;
}

std::string escaped(const Character& character) {
  if (!character.valid) return fmt::format("\\x{:02x}", static_cast<unsigned>(character.value));
  if (character.value == '\n') return "\\n";
  if (character.value == '\t') return "\\t";
  if (character.value == '\r') return "\\r";
  if (character.value > 0xFFFF) return fmt::format("\\U{:08x}", static_cast<unsigned>(character.value));
  return fmt::format("\\u{:04x}", static_cast<unsigned>(character.value));
}

}  // namespace

Character first_character(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const Character broken{first, 1, false};
  const std::size_t length = length_from(first);
  if (length == 1) return {first, 1, true};
  if (length == 0 || text.size() < length) return broken;
  char32_t value = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(text[i])) return broken;
    value = (value << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (overlong || surrogate || value > 0x10FFFF) return broken;
  return {value, length, true};
}

std::string printable(std::string_view text, std::size_t max_characters) {
  std::string result;
  std::size_t characters = 0;
  std::size_t cut = 0;  // where "…" goes if the text turns out too long: the last place with room for it
  while (!text.empty()) {
    const Character character = first_character(text);
    const bool plain = character.valid && !is_unseen(character.value);
    const std::string piece = plain ? std::string(text.substr(0, character.bytes)) : escaped(character);
    characters += plain ? 1 : piece.size();
    if (characters > max_characters) {
      result.resize(cut);
      return max_characters == 0 ? result : result + "…";
    }
    result += piece;
    if (characters < max_characters) cut = result.size();
    text.remove_prefix(character.bytes);
  }
  return result;
}

}  // namespace replug::text
