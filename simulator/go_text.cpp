#include "simulator/go_text.h"

#include <fmt/format.h>

#include <cctype>

namespace replug::simulator {

std::string go_quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': quoted += "\\\""; break;
      case '\\': quoted += "\\\\"; break;
      case '\n': quoted += "\\n"; break;
      case '\t': quoted += "\\t"; break;
      case '\r': quoted += "\\r"; break;
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

std::string hex_error(std::string_view text) {
  for (const char c : text) {
    if (std::isxdigit(static_cast<unsigned char>(c)) != 0) continue;
    const auto code = static_cast<unsigned>(static_cast<unsigned char>(c));
    return fmt::format("encoding/hex: invalid byte: U+{:04X} {}", code, code < 0x80 ? fmt::format("'{}'", c) : "");
  }
  return text.size() % 2 == 0 ? "" : "encoding/hex: odd length hex string";
}

}  // namespace replug::simulator
