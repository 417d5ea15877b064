#include "planner/reading/yaml/characters.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "planner/reading/yaml/places.h"
#include "text/printable.h"

namespace replug::planner::yaml {
namespace {

bool is_utf16_or_utf32(std::string_view text) {
  if (text.starts_with("\xFE\xFF") || text.starts_with("\xFF\xFE")) return true;
  // Without a mark: the first character of a YAML file is ASCII, so its other bytes are zero.
  return text.size() >= 2 && ((text[0] == '\0') || (text[1] == '\0'));
}

/// Bytes that need no second look: printable ASCII and the white space that YAML knows.
bool is_harmless(char byte) { return (byte >= ' ' && byte <= '~') || byte == '\n' || byte == '\t'; }

struct Flaw {
  std::string message;
  std::string_view help;
  bool hopeless = false;  ///< the rest of the file is likely to have it too
};

std::optional<Flaw> flaw_of(const text::Character& character, bool before_line_feed) {
  const auto value = static_cast<unsigned>(character.value);
  if (!character.valid) {
    return Flaw{fmt::format("The byte 0x{:02X} is not valid UTF-8.", value), "Save the file as UTF-8.", true};
  }
  if (value == '\r') {
    if (before_line_feed) return std::nullopt;
    // YAML would take it for a line end, yaml-cpp and most editors do not: the lines they count would differ.
    return Flaw{"A carriage return (U+000D) without a line feed is not a line end here.",
                "Save the file with LF or CRLF line ends.", true};
  }
  if (value < 0x20 || (value >= 0x7F && value <= 0x9F) || value == 0xFFFE || value == 0xFFFF) {
    return Flaw{fmt::format("The control character U+{:04X} is not allowed in YAML.", value),
                "Remove it; in a text in double quotes it can be written as an escape."};
  }
  if (value == 0xFEFF) {
    return Flaw{"A byte order mark (U+FEFF) stands in the middle of the file.",
                "Remove this invisible character; it is often left behind where two files were joined."};
  }
  return std::nullopt;
}

bool has_readable_characters(std::string_view text, DocumentProblems& problems) {
  bool readable = true;
  for (std::size_t at = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0; at < text.size();) {
    if (is_harmless(text[at])) {
      ++at;
      continue;
    }
    const text::Character character = text::first_character(text.substr(at));
    if (const auto flaw = flaw_of(character, text.substr(at + 1).starts_with('\n'))) {
      readable = false;
      problems.add(make_span(at, at + character.bytes), flaw->message, std::string(flaw->help));
      if (flaw->hopeless) break;
    }
    at += character.bytes;
  }
  return readable;
}

}  // namespace

bool is_readable(std::string_view text, const DocumentLimits& limits, DocumentProblems& problems) {
  // yaml-cpp counts bytes in an int, places have 32 bits.
  const std::size_t most = std::min<std::size_t>(limits.bytes, std::numeric_limits<int>::max() - 4096);
  if (text.size() > most) {
    problems.add({}, fmt::format("The file has {} bytes; at most {} are read.", text.size(), most),
                 "Split it into several files.");
    return false;
  }
  if (is_utf16_or_utf32(text)) {
    problems.add({}, "The file is written in UTF-16 or UTF-32.", "Save it as UTF-8.");
    return false;
  }
  return has_readable_characters(text, problems);
}

}  // namespace replug::planner::yaml
