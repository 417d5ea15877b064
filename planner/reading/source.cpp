#include "planner/reading/source.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace replug::planner {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::uint32_t block_bytes = 4096;

/// UTF-8 marks every byte that continues a character, so characters are counted by their first bytes.
std::uint32_t count_characters(std::string_view text) {
  const auto begins = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; };
  return static_cast<std::uint32_t>(std::count_if(text.begin(), text.end(), begins));
}

}  // namespace

Source::Source(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
  // Places have 32 bits. A longer text is never read (see DocumentLimits), so what lies beyond needs no lines.
  const std::string_view reachable = std::string_view(text_).substr(0, std::numeric_limits<std::uint32_t>::max());
  // The byte order mark is part of the encoding, not of the first line: it takes no column.
  line_begins_.push_back(reachable.starts_with(byte_order_mark) ? byte_order_mark.size() : 0);
  for (std::size_t at = reachable.find('\n'); at != std::string_view::npos; at = reachable.find('\n', at + 1)) {
    line_begins_.push_back(static_cast<std::uint32_t>(at + 1));
  }
  std::uint32_t characters = 0;
  for (std::size_t at = 0; at <= reachable.size(); at += block_bytes) {
    characters_.push_back(characters);
    characters += count_characters(reachable.substr(at, block_bytes));
  }
}

std::uint32_t Source::end() const {
  return static_cast<std::uint32_t>(std::min<std::size_t>(text_.size(), std::numeric_limits<std::uint32_t>::max()));
}

std::uint32_t Source::characters_before(std::uint32_t byte) const {
  const std::uint32_t block = byte / block_bytes;
  return characters_[block] + count_characters(text().substr(std::size_t{block} * block_bytes, byte % block_bytes));
}

Position Source::position(std::uint32_t byte) const {
  byte = std::clamp(byte, line_begins_.front(), end());
  const auto after = std::upper_bound(line_begins_.begin(), line_begins_.end(), byte);
  const auto line = static_cast<std::uint32_t>(after - line_begins_.begin());
  return {line, characters_before(byte) - characters_before(line_begins_[line - 1]) + 1};
}

std::string_view Source::line(std::uint32_t number) const {
  if (number == 0 || number > line_count()) return {};
  const std::uint32_t begin = line_begins_[number - 1];
  std::string_view line = text().substr(begin);
  if (number < line_count()) line = line.substr(0, line_begins_[number] - begin - 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::uint32_t Source::line_begin(std::uint32_t number) const {
  if (number == 0) return line_begins_.front();
  if (number > line_count()) return end();
  return line_begins_[number - 1];
}

}  // namespace replug::planner
