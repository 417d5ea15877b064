#include "simulator/medium/go_text.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace replug::simulator {

std::string go_quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        quoted += "\\\"";
        break;
      case '\\':
        quoted += "\\\\";
        break;
      case '\n':
        quoted += "\\n";
        break;
      case '\t':
        quoted += "\\t";
        break;
      case '\r':
        quoted += "\\r";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          quoted += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
        } else {
          quoted += c;
        }
    }
  }
  return quoted + "\"";
}

bool is_hex(std::string_view text) {
  return text.size() % 2 == 0 &&
         std::ranges::all_of(text, [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; });
}

std::string hex_error(std::string_view text) {
  for (const char c : text) {
    if (std::isxdigit(static_cast<unsigned char>(c)) != 0) continue;
    // Go's %#U of a single byte: the code point of that number, and behind it the character if it can be printed.
    const auto code = static_cast<unsigned>(static_cast<unsigned char>(c));
    if (code < 0x20 || (code >= 0x7f && code <= 0xa0) || code == 0xad)
      return fmt::format("encoding/hex: invalid byte: U+{:04X}", code);
    const std::string character =
        code < 0x80 ? std::string(1, c)
                    : std::string{static_cast<char>(0xc0 | (code >> 6)), static_cast<char>(0x80 | (code & 0x3f))};
    return fmt::format("encoding/hex: invalid byte: U+{:04X} '{}'", code, character);
  }
  return text.size() % 2 == 0 ? "" : "encoding/hex: odd length hex string";
}

}  // namespace replug::simulator
