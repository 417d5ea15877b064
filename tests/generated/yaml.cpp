#include "tests/generated/yaml.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace replug::generated {
namespace {

/// What stands bare without being read as a number, a flag, nothing or a sign of YAML's own.
bool is_plain(std::string_view text) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
  constexpr std::string_view others = "abcdefghijklmnopqrstuvwxyz0123456789_-./";
  if (text.empty() || letters.find(text.front()) == std::string_view::npos) return false;
  if (text == "true" || text == "false" || text == "null" || text == "yes" || text == "no" || text == "on" ||
      text == "off")
    return false;
  return text.find_first_not_of(others) == std::string_view::npos;
}

std::string escaped(std::string_view text) {
  std::string all;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      all += fmt::format("\\{}", c);
    } else if (byte < 0x20 || byte == 0x7f) {
      all += fmt::format("\\x{:02x}", byte);
    } else {
      all += c;
    }
  }
  return all;
}

}  // namespace

std::string scalar(std::string_view text) {
  return is_plain(text) ? std::string(text) : fmt::format("\"{}\"", escaped(text));
}

std::string Flow::mapping() const {
  std::string all;
  for (const auto& [key, value] : entries_) all += fmt::format("{}{}: {}", all.empty() ? "" : ", ", scalar(key), value);
  return fmt::format("{{{}}}", all);
}

std::string Flow::block(std::size_t indentation) const {
  std::string all;
  for (const auto& [key, value] : entries_) all += fmt::format("{:{}}{}: {}\n", "", indentation, scalar(key), value);
  return all;
}

std::string text_list(const std::vector<std::string>& texts) {
  std::vector<std::string> items;
  items.reserve(texts.size());
  for (const auto& text : texts) items.push_back(scalar(text));
  return flow_list(items);
}

std::string flow_list(const std::vector<std::string>& items) { return fmt::format("[{}]", fmt::join(items, ", ")); }

}  // namespace replug::generated
