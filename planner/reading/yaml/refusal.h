#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "planner/reading/source.h"

namespace replug::planner::yaml {

/// Why yaml-cpp reads no further, as far as there is more to say about it than yaml-cpp's own words.
enum class Refusal : std::uint8_t {
  colon,                ///< a colon where no key can be
  mapping_in_braces,    ///< a mapping in braces goes on wrongly, or does not end
  list_in_brackets,     ///< the same of a list in brackets
  no_key,               ///< something else than the next key of a mapping
  no_item,              ///< something else than the next item of a list
  closing_bracket,      ///< one that closes nothing
  end_in_text,          ///< the file ends inside a quote
  document_in_text,     ///< a document begins or ends inside a quote
  escape,               ///< one that YAML does not know
  hexadecimal,          ///< an escape with wrong digits
  code_point,           ///< an escape of no character
  unknown_anchor,       ///< an alias of nothing
  unknown_token,        ///< a character that begins nothing
  question_mark,        ///< a `?` in a wrong place
  dash,                 ///< a `- ` in a wrong place
  alias_without_name,   ///< a `*` alone
  anchor_without_name,  ///< a `&` alone
  text_behind_block,    ///< something behind `|` or `>`
  tag,                  ///< one that is not written correctly
  tab,                  ///< in the indentation
  too_deep,             ///< too many levels
  other,                ///< whatever yaml-cpp's words say
};

/// What is known when yaml-cpp gives up: enough to find where a bracket or a quote was opened.
struct Scene {
  std::string_view text;
  std::size_t at = 0;                  ///< the byte that yaml-cpp complains about
  std::size_t last = 0;                ///< where the last value begins that it has told
  std::size_t read = 0;                ///< and where that ends
  std::optional<std::size_t> bracket;  ///< the innermost bracket that is open
  std::span<const std::string_view> anchors;
};

/// A problem whose places are still plain spans.
struct Explanation {
  Span span;
  std::string message;
  std::string help;
  std::optional<std::pair<std::string, Span>> related = std::nullopt;
};

/// What a refusal means, in plain words. `said`: yaml-cpp's own words.
Explanation explain(Refusal refusal, std::string_view said, const Scene& scene);

Explanation explain_tab(std::size_t tab);
Explanation explain_open_quote(const Scene& scene);
/// `key:value`, where the space is missing.
Explanation explain_glued(std::string_view text, Span word);
/// `"key":value`, or `-item`: a sign that counts only with a space behind it.
std::optional<Explanation> explain_missing_space(std::string_view text, std::size_t at);

}  // namespace replug::planner::yaml
