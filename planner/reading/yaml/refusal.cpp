#include "planner/reading/yaml/refusal.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "planner/reading/yaml/document_problems.h"
#include "planner/reading/yaml/places.h"
#include "text/printable.h"
#include "text/suggest.h"

namespace replug::planner::yaml {
namespace {

/// The first word of a line, behind the dashes of a list, if it is `key:value`.
std::optional<Span> glued_key(std::string_view text, Span line) {
  std::size_t at = line.begin;
  while (at + 1 < line.end && text[at] == '-' && is_blank(text[at + 1])) at = skip_blanks(text, at + 1);
  const Span word = make_span(at, std::min<std::size_t>(word_end(text, at), line.end));
  return is_glued(cut(text, word)) ? std::optional(word) : std::nullopt;
}

/// Where the quote was opened that is not closed before `at`: yaml-cpp tells only where it gave up.
std::size_t open_quote(const Scene& scene) {
  const std::string_view text = scene.text;
  for (std::size_t at = scene.read; (at = skip_to_token(text, at)) < std::min(scene.at, text.size());) {
    if (text[at] == '"' || text[at] == '\'') {
      const std::size_t end = quoted_end(text, at);
      if (end > scene.at) return at;
      at = end;
    } else if (is_one_of(text[at], "-?:,[]{}")) {
      ++at;
    } else {
      while (at < text.size() && !is_one_of(text[at], ":,[]{}\n")) ++at;
    }
  }
  return scene.at;
}

Explanation explain_open_bracket(const Scene& scene) {
  const Span found = character_at(scene.text, scene.at);
  if (!scene.bracket) return {found, "A bracket is not closed.", "Close every [ with ] and every { with }."};
  const Span opening = character_at(scene.text, *scene.bracket);
  const char closing = scene.text[*scene.bracket] == '[' ? ']' : '}';
  if (skip_to_token(scene.text, scene.at) >= scene.text.size()) {
    return {opening, fmt::format("This {} is never closed.", quoted(cut(scene.text, opening))),
            fmt::format("Add the missing \"{}\".", closing)};
  }
  const std::size_t before = scene.text.substr(0, scene.at).find_last_not_of(" \t\r\n");
  if (closing == '}' && before != nowhere && is_one_of(scene.text[before], "{,")) {
    return {make_span(scene.at, word_end(scene.text, scene.at)), "This is no \"key: value\".",
            "Write the key and its colon on one line."};
  }
  return {
      found, fmt::format("A comma or \"{}\" is expected here.", closing),
      fmt::format("Separate values by commas and close the bracket with \"{}\"; put a text with a colon, a comma or "
                  "a bracket in quotes.",
                  closing),
      std::pair(std::string("The bracket is opened here."), opening)};
}

Explanation explain_closing_bracket(const Scene& scene) {
  const Span found = character_at(scene.text, scene.at);
  Explanation told{found, fmt::format("This {} closes nothing.", quoted(cut(scene.text, found))),
                   "Remove it, or put the text in quotes if it belongs to one."};
  if (scene.bracket) {
    told.help = fmt::format("Close the bracket with \"{}\" first.", scene.text[*scene.bracket] == '[' ? ']' : '}');
    told.related = std::pair(std::string("This bracket is open."), character_at(scene.text, *scene.bracket));
  }
  return told;
}

/// The mistake that made a key unreadable may be on the line above: yaml-cpp took that line into the key.
std::optional<Explanation> explain_line_above(std::string_view text, Span key) {
  const std::optional<Span> above = line_above(text, key.begin);
  if (!above) return std::nullopt;
  const std::string_view line = cut(text, *above);
  if (const auto word = glued_key(text, *above)) return explain_glued(text, *word);
  if (line.find(':') == nowhere && !line.starts_with('-')) {
    return Explanation{*above, "This line is no \"key: value\".", "Write a key, a colon and a space before the value."};
  }
  if (key.begin - line_begin(text, key.begin) > above->begin - line_begin(text, above->begin)) {
    return Explanation{key, "This key is indented deeper than the line above, which already has its value.",
                       "Begin all keys of one mapping in the same column.",
                       std::pair(std::string("The line above."), *above)};
  }
  return std::nullopt;
}

/// A colon where no key can be.
Explanation explain_colon(const Scene& scene) {
  if (scene.bracket) return explain_open_bracket(scene);
  const std::string_view text = scene.text;
  const Span colon = character_at(text, scene.at);
  const Span key = make_span(std::min<std::size_t>(trimmed_line(text, scene.at).begin, scene.at), scene.at);
  const std::string_view written = cut(text, key);
  if (written.starts_with("---")) return {colon, "A key cannot stand behind \"---\".", "Begin on the next line."};
  const bool bracketed = written.starts_with('[') || written.starts_with('{');
  if (bracketed && (written.ends_with(']') || written.ends_with('}'))) {
    return {key, "A key must be a text, not a list or a mapping.", "Put it in quotes if it is meant as a text."};
  }
  if (written.find(": ") != nowhere) {
    return {colon, "A second \"key: value\" cannot begin inside a value.",
            "Put the value in quotes if the colon belongs to it, or write the inner key on a line of its own."};
  }
  if (written.size() > 1024) return {colon, "A key can have at most 1024 bytes.", "Shorten the key."};
  if (auto told = explain_line_above(text, key)) return *std::move(told);
  return {colon, "A key cannot stand here.", "Check the indentation of this line and of the one above."};
}

Explanation explain_text_behind_quote(const Scene& scene, Span word) {
  Explanation told{
      word, "Nothing can follow the closing quote.",
      "Put the whole value in quotes; inside single quotes write '' for a quote, inside double quotes \\\"."};
  // The quote above may have been meant to end on its own line: then this one was meant to begin a text.
  const bool same_line = line_begin(scene.text, scene.last) == line_begin(scene.text, scene.at);
  if (!same_line)
    told.related = std::pair(std::string("The quote is opened here."), character_at(scene.text, scene.last));
  return told;
}

/// Something other than the next key or the next item. `looks_right`: it would be one in another column.
Explanation explain_misfit(const Scene& scene, std::string_view expected, bool looks_right) {
  const std::string_view text = scene.text;
  const Span word = make_span(scene.at, word_end(text, scene.at));
  if (word.begin == word.end) return {word, "The file ends too early.", "Check its last lines."};
  if (auto told = explain_missing_space(text, scene.at)) return *std::move(told);
  const std::string_view before = text.substr(0, scene.at).substr(line_begin(text, scene.at));
  const std::size_t last = before.find_last_not_of(" \t");
  const char neighbour = last == nowhere ? ' ' : before[last];
  if (neighbour == '"' || neighbour == '\'') return explain_text_behind_quote(scene, word);
  if (neighbour == ']' || neighbour == '}') {
    return {word, "Nothing can follow the closing bracket.", "Put the whole value in quotes, or remove the rest."};
  }
  if (last == nowhere && looks_right) {
    return {word, "The indentation of this line fits none of the lines above.",
            "Begin it in the same column as the lines it belongs to."};
  }
  return {word, fmt::format("{} is expected here.", expected),
          "Check the indentation: what belongs together begins in the same column."};
}

Explanation explain_no_key(const Scene& scene) {
  const std::string_view line = cut(scene.text, trimmed_line(scene.text, scene.at));
  const bool has_key = line.find(": ") != nowhere || line.ends_with(':');
  return explain_misfit(scene, "A key with a colon", has_key || line.starts_with("- "));
}

Explanation explain_no_item(const Scene& scene) {
  return explain_misfit(scene, "The next item of the list (\"- \")", scene.text.substr(scene.at).starts_with("- "));
}

Explanation explain_unknown_anchor(const Scene& scene) {
  const Span alias = make_span(scene.at, anchor_end(scene.text, scene.at));
  const std::string_view written = cut(scene.text, alias);
  const std::string_view name = written.substr(std::min<std::size_t>(1, written.size()));
  Explanation told{
      alias, fmt::format("The alias {} has no anchor before it.", quoted(written)),
      fmt::format("Write &{} before the value that is meant, or put the text in quotes.", text::printable(name))};
  if (name.ends_with(':')) {
    told.help = "Put a space before the colon; without it the colon belongs to the name.";
  } else if (const auto meant = text::nearest(name, scene.anchors)) {
    told.help = fmt::format("Did you mean *{}?", text::printable(*meant));
  }
  return told;
}

/// yaml-cpp stops behind an escape it does not know.
Explanation explain_escape(const Scene& scene) {
  const std::size_t found = scene.at < 2 ? nowhere : scene.text.rfind('\\', scene.at - 2);
  const std::size_t begin = found == nowhere ? scene.at : found;
  if (begin + 1 >= scene.text.size()) return explain_open_quote(scene);
  const std::size_t letter_end = character_at(scene.text, begin + 1).end;
  const Span escape = make_span(begin, std::max(letter_end, scene.at));
  return {escape, fmt::format("{} is not an escape that YAML knows.", quoted(cut(scene.text, escape))),
          "Write \\\\ for a backslash, or use single quotes, where a backslash means itself."};
}

Explanation explain_unknown_token(const Scene& scene) {
  const Span found = character_at(scene.text, scene.at);
  if (found.begin == found.end) return {found, "A value is missing at the end of the file.", "Add the value."};
  return {found, fmt::format("A text cannot begin with {} here.", quoted(cut(scene.text, found))),
          "Put the text in quotes."};
}

/// What to make of a refusal: a look at the text, or fixed words. What is not listed is rare, and yaml-cpp's own words
/// do (see explain).
struct Reason {
  Refusal refusal;
  Explanation (*explain)(const Scene&);
  std::string_view message;
  std::string_view help;
};

constexpr std::string_view quote_it = "Put the text in quotes.";

constexpr auto reasons = std::to_array<Reason>({
    {Refusal::colon, explain_colon, {}, {}},
    {Refusal::mapping_in_braces, explain_open_bracket, {}, {}},
    {Refusal::list_in_brackets, explain_open_bracket, {}, {}},
    {Refusal::no_key, explain_no_key, {}, {}},
    {Refusal::no_item, explain_no_item, {}, {}},
    {Refusal::closing_bracket, explain_closing_bracket, {}, {}},
    {Refusal::end_in_text, explain_open_quote, {}, {}},
    {Refusal::document_in_text, explain_open_quote, {}, {}},
    {Refusal::escape, explain_escape, {}, {}},
    {Refusal::hexadecimal, explain_escape, {}, {}},
    {Refusal::code_point, explain_escape, {}, {}},
    {Refusal::unknown_anchor, explain_unknown_anchor, {}, {}},
    {Refusal::unknown_token, explain_unknown_token, {}, {}},
    {Refusal::question_mark, nullptr, "A \"?\" cannot stand here.", quote_it},
    {Refusal::dash, nullptr, "A list item (\"- \") cannot stand here.",
     "Write each item on a line of its own below the key; put a text that begins with \"- \" in quotes."},
    {Refusal::alias_without_name, nullptr, "After \"*\" the name of an anchor is missing.", quote_it},
    {Refusal::anchor_without_name, nullptr, "After \"&\" the name of the anchor is missing.", quote_it},
    {Refusal::text_behind_block, nullptr, "After \"|\" or \">\" nothing can follow on the same line.",
     "Begin the text on the next line, or put it in quotes."},
    {Refusal::tag, nullptr, "The tag is not written correctly.",
     "Remove the tag; put the text in quotes if it begins with \"!\"."},
});

/// A tab in the indentation of the line, or between the dashes of nested lists.
std::optional<std::size_t> indenting_tab(std::string_view text, std::size_t at) {
  for (std::size_t i = line_begin(text, at); i < text.size() && is_one_of(text[i], " \t-?:"); ++i) {
    if (text[i] == '\t') return i;
  }
  return std::nullopt;
}

bool may_come_from_tab(Refusal refusal) {
  constexpr std::array suspects = {Refusal::tab,  Refusal::colon,  Refusal::question_mark,
                                   Refusal::dash, Refusal::no_key, Refusal::no_item};
  return std::find(suspects.begin(), suspects.end(), refusal) != suspects.end();
}

}  // namespace

Explanation explain_glued(std::string_view text, Span word) {
  return {word, fmt::format("In {} the space after the colon is missing.", quoted(cut(text, word))),
          "Put a space after the colon, or put the text in quotes."};
}

std::optional<Explanation> explain_missing_space(std::string_view text, std::size_t at) {
  const Span word = make_span(at, word_end(text, at));
  const std::string_view written = cut(text, word);
  if (is_glued(written)) return explain_glued(text, word);
  if (written.size() < 2 || !is_one_of(written.front(), "-:") || is_one_of(written[1], "-:")) return std::nullopt;
  return Explanation{make_span(at, at + 1), fmt::format("Behind this \"{}\" a space is missing.", written.front()),
                     "Put a space there."};
}

Explanation explain_open_quote(const Scene& scene) {
  return {character_at(scene.text, open_quote(scene)), "This quote is never closed.",
          "Close it; inside single quotes write '' for a quote, inside double quotes \\\"."};
}

Explanation explain_tab(std::size_t tab) {
  return {make_span(tab, tab + 1), "This line is indented with a tab.", "Use spaces; YAML allows no tabs here."};
}

Explanation explain(Refusal refusal, std::string_view said, const Scene& scene) {
  const auto tab = indenting_tab(scene.text, scene.at);
  if (tab && !scene.bracket && may_come_from_tab(refusal)) return explain_tab(*tab);
  const auto* const reason =
      std::find_if(reasons.begin(), reasons.end(), [refusal](const Reason& known) { return known.refusal == refusal; });
  if (reason == reasons.end()) {
    return {character_at(scene.text, scene.at), fmt::format("This is not valid YAML: {}.", text::printable(said)),
            "Check this line and the one above."};
  }
  if (reason->explain != nullptr) return reason->explain(scene);
  return {character_at(scene.text, scene.at), std::string(reason->message), std::string(reason->help)};
}

}  // namespace replug::planner::yaml
