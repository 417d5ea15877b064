#include "planner/reading/yaml/scalars.h"

#include <algorithm>
#include <cstddef>

namespace replug::planner::yaml {
namespace {

/// Folding and cutting change only the white space of a text, so it ends with as many other bytes as its value has.
std::size_t end_by_ink(std::string_view text, std::size_t at, std::string_view value) {
  auto ink = std::count_if(value.begin(), value.end(), [](char c) { return !is_space(c); });
  std::size_t end = at;
  for (; ink > 0 && at < text.size(); ++at) {
    if (is_space(text[at])) continue;
    --ink;
    end = at + 1;
  }
  return end;
}

/// The end of the line that begins a block text (`|2- # comment`), without the comment.
std::size_t block_header_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_one_of(text[at], "|>+-0123456789")) ++at;
  return at;
}

/// Whether a tag or an anchor stands alone, and what follows is already the next thing.
bool is_left_out(std::string_view text, const Properties& properties, std::size_t closing_quote) {
  const std::size_t at = properties.content;
  if (at >= text.size()) return true;
  if (closing_quote == nowhere) return text[at] != '|' && text[at] != '>';
  const bool next_key = text.substr(skip_blanks(text, closing_quote)).starts_with(':');
  return next_key && has_break(text, properties.end, at);
}

}  // namespace

Writing find_writing(std::string_view text, const Properties& properties, std::string_view value) {
  const std::size_t at = properties.content;
  const char first = at < text.size() ? text[at] : '\0';
  const bool in_quotes = first == '"' || first == '\'';
  const std::size_t close = in_quotes ? quoted_end(text, at) : nowhere;
  if (value.empty() && properties.any && is_left_out(text, properties, close)) {
    return {make_span(properties.end, properties.end), {}};
  }
  if (in_quotes) {
    // yaml-cpp lets a quote end with the file if the last line has a line end.
    if (close == nowhere) return {make_span(at, text.size()), {}, false, true};
    return {make_span(at, close), text.substr(at + 1, close - at - 2), false};
  }
  if (first == '|' || first == '>') {
    const std::size_t lines = line_end(text, at);
    const std::size_t end = end_by_ink(text, lines, value);
    return {make_span(at, end == lines ? block_header_end(text, at) : end), {}, false};
  }
  if (text.substr(at).starts_with(value)) return {make_span(at, at + value.size()), text.substr(at, value.size())};
  return {make_span(at, end_by_ink(text, at, value)), {}};
}

}  // namespace replug::planner::yaml
