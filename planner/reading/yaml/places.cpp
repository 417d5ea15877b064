#include "planner/reading/yaml/places.h"

#include <algorithm>
#include <cstdint>

#include "text/printable.h"

namespace replug::planner::yaml {
namespace {

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::size_t tag_end(std::string_view text, std::size_t at) {
  if (text.substr(at).starts_with("!<")) return std::min(text.find('>', at), text.size() - 1) + 1;
  while (at < text.size() && (is_alphanumeric(text[at]) || is_one_of(text[at], "!-#;/?:@&=+$_.~*'()%"))) ++at;
  return at;
}

}  // namespace

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_break(char c) { return c == '\n' || c == '\r'; }
bool is_space(char c) { return is_blank(c) || is_break(c); }
bool is_one_of(char c, std::string_view set) { return set.find(c) != nowhere; }

Span make_span(std::size_t begin, std::size_t end) {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

bool has_break(std::string_view text, std::size_t begin, std::size_t end) {
  return text.substr(begin, end - begin).find('\n') != nowhere;
}

std::size_t line_end(std::string_view text, std::size_t at) { return std::min(text.find('\n', at), text.size()); }

std::size_t line_begin(std::string_view text, std::size_t at) {
  const std::size_t line_break = at == 0 ? nowhere : text.rfind('\n', at - 1);
  return line_break == nowhere ? 0 : line_break + 1;
}

std::size_t skip_to_token(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    if (is_space(text[at])) {
      ++at;
    } else if (text[at] == '#') {
      at = line_end(text, at);
    } else {
      break;
    }
  }
  return at;
}

std::size_t word_end(std::string_view text, std::size_t at) {
  while (at < text.size() && !is_space(text[at])) ++at;
  return at;
}

std::size_t anchor_end(std::string_view text, std::size_t at) {
  while (at < text.size() && !is_space(text[at]) && !is_one_of(text[at], "[]{},")) ++at;
  return at;
}

Properties skip_properties(std::string_view text, std::size_t at, int most) {
  Properties found{false, {}, at, at};
  for (; most > 0 && found.content < text.size(); --most) {
    const char first = text[found.content];
    if (first != '&' && first != '!') break;
    found.any = true;
    found.end = first == '&' ? anchor_end(text, found.content) : tag_end(text, found.content);
    if (first == '!') found.tag = make_span(found.content, found.end);
    found.content = skip_to_token(text, found.end);
  }
  return found;
}

std::size_t quoted_end(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string_view special = quote == '"' ? "\"\\" : "'";
  for (++at; (at = text.find_first_of(special, at)) != nowhere; at += 2) {
    const bool doubled = quote == '\'' && text.substr(at + 1).starts_with('\'');
    if (text[at] == quote && !doubled) return at + 1;
  }
  return nowhere;
}

bool is_null_word(std::string_view word) { return word == "~" || word == "null" || word == "Null" || word == "NULL"; }

std::size_t null_word_end(std::string_view text, std::size_t at) {
  const std::size_t end = text.substr(at).starts_with('~') ? at + 1 : std::min(at + 4, text.size());
  const bool whole = end == text.size() || is_space(text[end]) || is_one_of(text[end], ":,]}");
  return whole && is_null_word(text.substr(at, end - at)) ? end : at;
}

bool is_glued(std::string_view word) {
  std::size_t at = 0;
  while (at < word.size() && (is_alphanumeric(word[at]) || is_one_of(word[at], "_-."))) ++at;
  return at > 0 && at + 1 < word.size() && word[at] == ':' && !is_one_of(word[at + 1], "/:\\");
}

Span trimmed_line(std::string_view text, std::size_t at) {
  const std::size_t begin = skip_blanks(text, line_begin(text, at));
  std::size_t end = line_end(text, at);
  while (end > begin && is_space(text[end - 1])) --end;
  return make_span(begin, end);
}

std::string_view cut(std::string_view text, Span span) { return text.substr(span.begin, span.end - span.begin); }

std::optional<Span> line_above(std::string_view text, std::size_t at) {
  for (std::size_t begin = line_begin(text, at); begin > 0; begin = line_begin(text, begin - 1)) {
    const Span line = trimmed_line(text, begin - 1);
    if (line.begin < line.end && text[line.begin] != '#') return line;
  }
  return std::nullopt;
}

Span character_at(std::string_view text, std::size_t at) {
  return make_span(at, at < text.size() ? at + text::first_character(text.substr(at)).bytes : at);
}

}  // namespace replug::planner::yaml
