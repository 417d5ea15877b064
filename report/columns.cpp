#include "report/columns.h"

#include <algorithm>
#include <utility>

#include "text/printable.h"
#include "text/width.h"

namespace replug::report {
namespace {

/// The bytes of the colour that the text begins with (`ESC [ … m`), or 0.
std::size_t colour_at(std::string_view text) {
  if (!text.starts_with("\x1b[")) return 0;
  const auto end = text.find('m');
  return end == std::string_view::npos ? 0 : end + 1;
}

bool is_space(char character) { return character == ' ' || (character >= '\t' && character <= '\r'); }
bool is_hex(char character) {
  return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'f') ||
         (character >= 'A' && character <= 'F');
}

constexpr std::size_t sha256_digits = 64;
constexpr std::size_t shown_digits = 8;

}  // namespace

std::size_t columns(std::string_view text) {
  std::size_t sum = 0;
  for (std::size_t escape = 0; (escape = text.find('\x1b')) != std::string_view::npos;) {
    sum += text::width(text.substr(0, escape));
    text.remove_prefix(escape);
    text.remove_prefix(std::max<std::size_t>(colour_at(text), 1));
  }
  return sum + text::width(text);
}

std::string padded(std::string_view text, std::size_t width) {
  const auto taken = columns(text);
  return std::string(text) + std::string(taken < width ? width - taken : 0, ' ');
}

std::string cut(std::string_view text, std::size_t width) {
  if (columns(text) <= width) return std::string(text);
  std::string result;
  std::size_t taken = 0;
  while (!text.empty()) {
    const auto character = text::first_character(text);
    taken += text::width(character.value);
    if (taken + 1 > width) break;
    result += text.substr(0, character.bytes);
    text.remove_prefix(character.bytes);
  }
  return result + "…";
}

Break first_line(std::string_view text, std::size_t width) {
  Break result{"", text};
  std::size_t taken = 0;
  while (!result.rest.empty()) {
    const auto word = result.rest.substr(0, result.rest.find(' '));
    const auto needed = columns(word) + (taken > 0 ? 1 : 0);
    if (taken > 0 && taken + needed > width) return result;
    if (!word.empty()) {
      if (taken > 0) result.line += ' ';
      result.line += word;
      taken += needed;
    }
    result.rest.remove_prefix(std::min(result.rest.size(), word.size() + 1));
  }
  return result;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  do {
    auto [line, rest] = first_line(text, width);
    lines.push_back(std::move(line));
    text = rest;
  } while (!text.empty());
  return lines;
}

std::string one_line(std::string_view text, std::size_t max_characters) {
  std::string squeezed;
  for (const char character : text) {
    if (!is_space(character)) {
      squeezed += character;
    } else if (!squeezed.empty() && squeezed.back() != ' ') {
      squeezed += ' ';
    }
  }
  if (squeezed.ends_with(' ')) squeezed.pop_back();
  return text::printable(squeezed, max_characters);
}

std::string short_line(std::string_view text) {
  const std::string line = one_line(text);
  std::string result;
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = at;
    while (end < line.size() && is_hex(line[end])) ++end;
    if (end - at == sha256_digits) {
      result += short_sha256(std::string_view(line).substr(at, sha256_digits));
    } else {
      end = std::max(end, at + 1);
      result += line.substr(at, end - at);
    }
    at = end;
  }
  return result;
}

std::string short_sha256(std::string_view sha256) {
  return sha256.size() <= shown_digits + 1 ? one_line(sha256) : one_line(sha256.substr(0, shown_digits)) + "…";
}

std::string with_thousands(std::size_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string count(std::size_t number, std::string_view noun) {
  return with_thousands(number) + " " + std::string(noun) + (number == 1 ? "" : "s");
}

}  // namespace replug::report
