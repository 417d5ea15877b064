#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "planner/reading/source.h"

namespace replug::planner::yaml {

/// Finding ends in the text. An event of yaml-cpp knows where a value begins, never where it ends.
/// All of these take the whole text and a byte in it.

constexpr std::size_t nowhere = std::string_view::npos;

bool is_blank(char c);  ///< a space or a tab
bool is_break(char c);
bool is_space(char c);  ///< a blank or a break
bool is_one_of(char c, std::string_view set);

Span make_span(std::size_t begin, std::size_t end);
std::string_view cut(std::string_view text, Span span);
/// The character at a byte; empty at the end of the text.
Span character_at(std::string_view text, std::size_t at);

std::size_t skip_blanks(std::string_view text, std::size_t at);
bool has_break(std::string_view text, std::size_t begin, std::size_t end);
std::size_t line_begin(std::string_view text, std::size_t at);
/// The line break, or the end of the text.
std::size_t line_end(std::string_view text, std::size_t at);
/// The text of the line around a byte, from its first character that is no blank to its last.
Span trimmed_line(std::string_view text, std::size_t at);
/// The nearest line above that says something.
std::optional<Span> line_above(std::string_view text, std::size_t at);

/// Past everything between two values that means nothing: blanks, line breaks, comments. Like yaml-cpp, and unlike
/// YAML, it wants no blank in front of a comment here.
std::size_t skip_to_token(std::string_view text, std::size_t at);
/// The end of a run of characters that stand for one thing to the eye.
std::size_t word_end(std::string_view text, std::size_t at);
/// The end of `&name` or `*name`, as yaml-cpp sees it.
std::size_t anchor_end(std::string_view text, std::size_t at);
/// Past the closing quote; nowhere if there is none.
std::size_t quoted_end(std::string_view text, std::size_t at);
/// The end of the word for null that stands here; the same place if none does.
std::size_t null_word_end(std::string_view text, std::size_t at);
bool is_null_word(std::string_view word);
/// `key:value`, where a space after the colon was forgotten; an address like `https://…` is none.
bool is_glued(std::string_view word);

/// The anchor and the tag in front of a value. yaml-cpp marks the value where they begin.
struct Properties {
  bool any = false;
  Span tag;                 ///< empty if there is none
  std::size_t end = 0;      ///< the end of the last of them
  std::size_t content = 0;  ///< where the value begins, if it is not an empty one
};
Properties skip_properties(std::string_view text, std::size_t at, int most);

}  // namespace replug::planner::yaml
