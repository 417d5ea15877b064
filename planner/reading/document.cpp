// From text to a tree with places.
//
// yaml-cpp splits the text; this file builds the tree from its events. Its own tree (YAML::Node) is of no use here: it
// loses one of two equal keys and the style of a text, and it walks into an alias bomb. An event knows where a value
// begins, never where it ends, so the ends are found in the text again. yaml-cpp reads some things that are no YAML (a
// quote that never ends) and says little about the others; both are put right here.
//
//   1. Finding ends in the text          4. What yaml-cpp complains about, in plain words
//   2. Collecting problems               5. Building the tree
//   3. Which bytes are readable at all   6. Looking into the tree

#include "planner/reading/document.h"

#include <algorithm>
#include <array>
#include <istream>
#include <limits>
#include <memory_resource>
#include <numeric>
#include <optional>
#include <streambuf>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "text/printable.h"
#include "text/suggest.h"

namespace replug::planner {
namespace {

constexpr std::size_t nowhere = std::string_view::npos;

// ---- 1. Finding ends in the text -----------------------------------------------------------------------------------

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_break(char c) { return c == '\n' || c == '\r'; }
bool is_space(char c) { return is_blank(c) || is_break(c); }
bool is_one_of(char c, std::string_view set) { return set.find(c) != nowhere; }
bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

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

/// The line break, or the end of the text.
std::size_t line_end(std::string_view text, std::size_t at) { return std::min(text.find('\n', at), text.size()); }

std::size_t line_begin(std::string_view text, std::size_t at) {
  const std::size_t line_break = at == 0 ? nowhere : text.rfind('\n', at - 1);
  return line_break == nowhere ? 0 : line_break + 1;
}

/// Past everything between two values that means nothing: blanks, line breaks, comments. Like yaml-cpp, and unlike
/// YAML, it wants no blank in front of a comment here.
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

/// The end of a run of characters that stand for one thing to the eye.
std::size_t word_end(std::string_view text, std::size_t at) {
  while (at < text.size() && !is_space(text[at])) ++at;
  return at;
}

/// The end of `&name` or `*name`, as yaml-cpp sees it.
std::size_t anchor_end(std::string_view text, std::size_t at) {
  while (at < text.size() && !is_space(text[at]) && !is_one_of(text[at], "[]{},")) ++at;
  return at;
}

std::size_t tag_end(std::string_view text, std::size_t at) {
  if (text.substr(at).starts_with("!<")) return std::min(text.find('>', at), text.size() - 1) + 1;
  while (at < text.size() && (is_alphanumeric(text[at]) || is_one_of(text[at], "!-#;/?:@&=+$_.~*'()%"))) ++at;
  return at;
}

/// The anchor and the tag in front of a value. yaml-cpp marks the value where they begin.
struct Properties {
  bool any = false;
  Span tag;                 ///< empty if there is none
  std::size_t end = 0;      ///< the end of the last of them
  std::size_t content = 0;  ///< where the value begins, if it is not an empty one
};

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

/// Past the closing quote; nowhere if there is none.
std::size_t quoted_end(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string_view special = quote == '"' ? "\"\\" : "'";
  for (++at; (at = text.find_first_of(special, at)) != nowhere; at += 2) {
    const bool doubled = quote == '\'' && text.substr(at + 1).starts_with('\'');
    if (text[at] == quote && !doubled) return at + 1;
  }
  return nowhere;
}

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

bool is_null_word(std::string_view word) { return word == "~" || word == "null" || word == "Null" || word == "NULL"; }

/// The end of the word for null that stands here; the same place if none does.
std::size_t null_word_end(std::string_view text, std::size_t at) {
  const std::size_t end = text.substr(at).starts_with('~') ? at + 1 : std::min(at + 4, text.size());
  const bool whole = end == text.size() || is_space(text[end]) || is_one_of(text[end], ":,]}");
  return whole && is_null_word(text.substr(at, end - at)) ? end : at;
}

/// `key:value`, where a space after the colon was forgotten; an address like `https://…` is none.
bool is_glued(std::string_view word) {
  std::size_t at = 0;
  while (at < word.size() && (is_alphanumeric(word[at]) || is_one_of(word[at], "_-."))) ++at;
  return at > 0 && at + 1 < word.size() && word[at] == ':' && !is_one_of(word[at + 1], "/:\\");
}

/// The text of the line around a byte, from its first character that is no blank to its last.
Span trimmed_line(std::string_view text, std::size_t at) {
  const std::size_t begin = skip_blanks(text, line_begin(text, at));
  std::size_t end = line_end(text, at);
  while (end > begin && is_space(text[end - 1])) --end;
  return make_span(begin, end);
}

std::string_view cut(std::string_view text, Span span) { return text.substr(span.begin, span.end - span.begin); }

/// The nearest line above that says something.
std::optional<Span> line_above(std::string_view text, std::size_t at) {
  for (std::size_t begin = line_begin(text, at); begin > 0; begin = line_begin(text, begin - 1)) {
    const Span line = trimmed_line(text, begin - 1);
    if (line.begin < line.end && text[line.begin] != '#') return line;
  }
  return std::nullopt;
}

// ---- 2. Collecting problems ----------------------------------------------------------------------------------------

/// Thrown to leave yaml-cpp when reading on makes no sense. The problem has been told by then.
struct Stop {};

/// The problems of one document: in the order of the text, and no flood of them.
class ProblemList {
 public:
  static constexpr std::size_t most_listed = 100;

  ProblemList(const Source& source, Problems& problems)
      : source_(source), problems_(problems), first_(problems.size()) {}

  [[nodiscard]] Place place(Span span) const { return {&source_, span}; }

  void add(Problem problem) {
    if (problems_.size() - first_ < most_listed) {
      problems_.push_back(std::move(problem));
    } else {
      ++left_out_;
    }
  }
  void add(Span span, std::string message, std::string help) {
    add(Problem{place(span), std::move(message), std::move(help), {}});
  }

  /// Sorts what was found (a mapping is judged when it ends, after what is in it) and says what was left out.
  void finish() {
    const auto first = problems_.begin() + static_cast<std::ptrdiff_t>(first_);
    std::stable_sort(first, problems_.end(), [](const Problem& left, const Problem& right) {
      return left.place.span.begin < right.place.span.begin;
    });
    if (left_out_ == 0) return;
    problems_.push_back({place({}),
                         fmt::format("There are {} more problems in the file.", left_out_),
                         fmt::format("Only {} are listed; mend these first.", most_listed),
                         {}});
  }

 private:
  const Source& source_;
  Problems& problems_;
  std::size_t first_;
  std::size_t left_out_ = 0;
};

std::string quoted(std::string_view text) { return fmt::format("\"{}\"", text::printable(text)); }

// ---- 3. Which bytes are readable at all ----------------------------------------------------------------------------

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

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

bool has_readable_characters(std::string_view text, ProblemList& problems) {
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

/// Whether the source is text that yaml-cpp reads as it is written.
bool is_readable(std::string_view text, const DocumentLimits& limits, ProblemList& problems) {
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

/// Thrown when yaml-cpp would have to remember too much.
///
/// Inside brackets that may turn out to be a key, yaml-cpp keeps every token in memory (90 bytes for a comma) and tells
/// nothing before the closing bracket: a file of 256 MB would take 20 GB. So it gets no more text when too many
/// tokens may be waiting.
struct Choked {};

/// Hands the text to yaml-cpp without copying it, in slices, and counts what yaml-cpp must remember.
class Feed final : public std::streambuf {
 public:
  Feed(std::string_view prefix, std::string_view text) : text_(text) { give(prefix); }

  /// yaml-cpp has told of something, so it no longer waits for the end of something else.
  void heard() { waiting_ = 0; }

 protected:
  int_type underflow() override {
    if (text_.empty()) return traits_type::eof();
    if (waiting_ > most_waiting) throw Choked{};
    const std::string_view slice = text_.substr(0, slice_bytes);
    waiting_ += static_cast<std::size_t>(std::count_if(slice.begin(), slice.end(), begins_token));
    give(slice);
    text_.remove_prefix(slice.size());
    return traits_type::to_int_type(*gptr());
  }

 private:
  static constexpr std::size_t slice_bytes = std::size_t{1} << 16U;
  static constexpr std::size_t most_waiting = 4'000'000;

  static bool begins_token(char c) { return is_one_of(c, ",[]{}:?&*!\"'"); }

  void give(std::string_view slice) {
    char* const begin = const_cast<char*>(slice.data());  // std::streambuf wants it so; nothing is written
    setg(begin, begin, begin + slice.size());
  }

  std::string_view text_;
  std::size_t waiting_ = 0;
};

/// What yaml-cpp is to read before the text. A bracket that opens a file could begin a key, so yaml-cpp would wait for
/// its end (see Feed). Behind a document start it cannot, and a plan in JSON is read as it comes.
std::string_view stream_prefix(std::string_view text) {
  return text.starts_with('{') || text.starts_with('[') ? "--- " : "";
}

// ---- 4. What yaml-cpp complains about, in plain words --------------------------------------------------------------

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

/// The character at a byte; empty at the end of the text.
Span character_at(std::string_view text, std::size_t at) {
  return make_span(at, at < text.size() ? at + text::first_character(text.substr(at)).bytes : at);
}

Explanation explain_glued(std::string_view text, Span word) {
  return {word, fmt::format("In {} the space after the colon is missing.", quoted(cut(text, word))),
          "Put a space after the colon, or put the text in quotes."};
}

/// `"key":value`, or `-item`: a sign that counts only with a space behind it.
std::optional<Explanation> explain_missing_space(std::string_view text, std::size_t at) {
  const Span word = make_span(at, word_end(text, at));
  const std::string_view written = cut(text, word);
  if (is_glued(written)) return explain_glued(text, word);
  if (written.size() < 2 || !is_one_of(written.front(), "-:") || is_one_of(written[1], "-:")) return std::nullopt;
  return Explanation{make_span(at, at + 1), fmt::format("Behind this \"{}\" a space is missing.", written.front()),
                     "Put a space there."};
}

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

Explanation explain_open_quote(const Scene& scene) {
  return {character_at(scene.text, open_quote(scene)), "This quote is never closed.",
          "Close it; inside single quotes write '' for a quote, inside double quotes \\\"."};
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

/// What yaml-cpp says (or begins with), and what to make of it: a look at the text, or fixed words. What is not listed
/// is rare, and its own words do (see explain).
struct Reason {
  std::string_view said;
  Explanation (*explain)(const Scene&);
  std::string_view message;
  std::string_view help;
};

namespace said = YAML::ErrorMsg;
constexpr std::string_view quote_it = "Put the text in quotes.";
constexpr std::string_view tag_help = "Remove the tag; put the text in quotes if it begins with \"!\".";

const auto reasons = std::to_array<Reason>({
    {said::MAP_VALUE, explain_colon, {}, {}},
    {said::END_OF_MAP_FLOW, explain_open_bracket, {}, {}},
    {said::END_OF_SEQ_FLOW, explain_open_bracket, {}, {}},
    {said::END_OF_MAP, explain_no_key, {}, {}},
    {said::END_OF_SEQ, explain_no_item, {}, {}},
    {said::FLOW_END, explain_closing_bracket, {}, {}},
    {said::EOF_IN_SCALAR, explain_open_quote, {}, {}},
    {said::DOC_IN_SCALAR, explain_open_quote, {}, {}},
    {said::INVALID_ESCAPE, explain_escape, {}, {}},
    {said::INVALID_HEX, explain_escape, {}, {}},
    {said::INVALID_UNICODE, explain_escape, {}, {}},
    {said::UNKNOWN_ANCHOR, explain_unknown_anchor, {}, {}},
    {said::UNKNOWN_TOKEN, explain_unknown_token, {}, {}},
    {said::MAP_KEY, nullptr, "A \"?\" cannot stand here.", quote_it},
    {said::BLOCK_ENTRY, nullptr, "A list item (\"- \") cannot stand here.",
     "Write each item on a line of its own below the key; put a text that begins with \"- \" in quotes."},
    {said::ALIAS_NOT_FOUND, nullptr, "After \"*\" the name of an anchor is missing.", quote_it},
    {said::ANCHOR_NOT_FOUND, nullptr, "After \"&\" the name of the anchor is missing.", quote_it},
    {said::CHAR_IN_BLOCK, nullptr, "After \"|\" or \">\" nothing can follow on the same line.",
     "Begin the text on the next line, or put it in quotes."},
    {said::CHAR_IN_TAG_HANDLE, nullptr, "The tag is not written correctly.", tag_help},
    {said::TAG_WITH_NO_SUFFIX, nullptr, "The tag is not written correctly.", tag_help},
    {said::END_OF_VERBATIM_TAG, nullptr, "The tag is not written correctly.", tag_help},
});

/// A tab in the indentation of the line, or between the dashes of nested lists.
std::optional<std::size_t> indenting_tab(std::string_view text, std::size_t at) {
  for (std::size_t i = line_begin(text, at); i < text.size() && is_one_of(text[i], " \t-?:"); ++i) {
    if (text[i] == '\t') return i;
  }
  return std::nullopt;
}

bool may_come_from_tab(std::string_view what) {
  const std::array<std::string_view, 6> suspects = {said::TAB_IN_INDENTATION, said::MAP_VALUE,  said::MAP_KEY,
                                                    said::BLOCK_ENTRY,        said::END_OF_MAP, said::END_OF_SEQ};
  return std::find(suspects.begin(), suspects.end(), what) != suspects.end();
}

Explanation explain_tab(std::size_t tab) {
  return {make_span(tab, tab + 1), "This line is indented with a tab.", "Use spaces; YAML allows no tabs here."};
}

Explanation explain(std::string_view what, const Scene& scene) {
  const auto tab = indenting_tab(scene.text, scene.at);
  if (tab && !scene.bracket && may_come_from_tab(what)) return explain_tab(*tab);
  const auto reason = std::find_if(reasons.begin(), reasons.end(),
                                   [what](const Reason& known) { return what.starts_with(known.said); });
  if (reason == reasons.end()) {
    return {character_at(scene.text, scene.at), fmt::format("This is not valid YAML: {}.", text::printable(what)),
            "Check this line and the one above."};
  }
  if (reason->explain != nullptr) return reason->explain(scene);
  return {character_at(scene.text, scene.at), std::string(reason->message), std::string(reason->help)};
}

// ---- 5. Building the tree ------------------------------------------------------------------------------------------

/// The tags YAML itself defines, as far as a plan needs them.
enum class Tag { none, text, null, plain, mapping, sequence, unknown };

Tag resolve_tag(std::string_view tag) {
  if (tag.empty() || tag == "?") return Tag::none;
  if (tag == "!") return Tag::text;  // also what yaml-cpp gives to every text in quotes
  constexpr std::string_view yaml_tags = "tag:yaml.org,2002:";
  if (!tag.starts_with(yaml_tags)) return Tag::unknown;
  tag.remove_prefix(yaml_tags.size());
  if (tag == "str") return Tag::text;
  if (tag == "null") return Tag::null;
  if (tag == "bool" || tag == "int" || tag == "float") return Tag::plain;
  if (tag == "map") return Tag::mapping;
  return tag == "seq" ? Tag::sequence : Tag::unknown;
}

/// yaml-cpp's parser calls itself for every level, and stops at 500 calls.
constexpr std::size_t deepest = 400;

/// Up to here walking along the entries is as quick as searching in an index.
constexpr std::size_t small_mapping = 16;

}  // namespace

/// Takes yaml-cpp's events and builds the nodes.
///
/// `read_` follows along: the end of the last thing in the text that an event has told. What has no place of its own,
/// such as a closing bracket or a missing value, is found from there.
class DocumentBuilder final : public YAML::EventHandler {
 public:
  DocumentBuilder(Document& document, ProblemList& problems, const DocumentLimits& limits)
      : document_(document),
        problems_(problems),
        limits_(limits),
        depth_(std::min(limits.depth, deepest)),
        text_(document.source().text()),
        begin_(text_.starts_with(byte_order_mark) ? byte_order_mark.size() : 0),
        prefix_(stream_prefix(text_.substr(skip_to_token(text_, begin_)))),
        start_(prefix_.empty() ? begin_ : skip_to_token(text_, begin_)),
        feed_(prefix_, text_.substr(start_)),
        storage_(std::make_shared<std::pmr::monotonic_buffer_resource>()),
        read_(begin_) {}

  /// Reads the whole text. The document has a root afterwards if there is one to go on with.
  void read() {
    try {
      read_documents();
    } catch (const Stop&) {  // the problem has been told
    }
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    feed_.heard();
    if (++documents_ > 1) fail_rest(offset(mark));
  }

  void OnDocumentEnd() override {
    if (root_ == nullptr) fail_empty();
    if (root_->kind() == Node::Kind::null && root_->span().begin == root_->span().end) fail_empty();
    document_.root_ = root_;
    document_.storage_ = storage_;
  }

  void OnAnchor(const YAML::Mark&, const std::string& name) override {
    // Only for "did you mean"; a thousand names are enough for that.
    if (anchor_names_.size() < 1000) anchor_names_.push_back(copy(name));
  }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    feed_.heard();
    const std::size_t at = offset(mark);
    const Span span = null_span(at, anchor != YAML::NullAnchor);
    if (span.begin < span.end) complain_about_tab(at);
    read_ = std::max<std::size_t>(read_, span.end);
    const Node* const node = new_node(Node::Kind::null, span);
    remember(anchor, node, {});
    const bool missing_value = span.begin == span.end && anchor == YAML::NullAnchor && expects_value();
    add({node, span}, {});
    if (missing_value) skip_colon(text_.substr(at).starts_with('?'));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    feed_.heard();
    const std::size_t at = offset(mark);
    complain_about_tab(at);
    Tag resolved = resolve_tag(tag);
    Properties properties = skip_properties(text_, at, count_properties(anchor, resolved));
    if (!value.empty() && text_.substr(properties.content).starts_with('!')) {
      resolved = Tag::unknown;  // "!<>", which yaml-cpp takes for no tag at all
      properties = skip_properties(text_, at, 2);
    }
    const Writing writing = find_writing(properties, value);
    last_ = writing.span.begin;
    read_ = writing.span.end;
    Node* const node = new_node(Node::Kind::scalar, writing.span);
    node->content_.text = writing.raw == value ? writing.raw.data() : copy(value).data();
    node->count_ = static_cast<std::uint32_t>(value.size());
    apply_tag(*node, resolved, properties.tag, writing.plain);
    remember(anchor, node, {});
    add({node, writing.span}, {});
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    feed_.heard();
    const std::size_t at = offset(mark);
    complain_about_tab(at);
    const Span span = make_span(at, anchor_end(text_, at));
    read_ = span.end;
    if (anchor >= anchors_.size() || anchors_[anchor].node == nullptr) {
      fail(span, fmt::format("The alias {} stands inside the value that it repeats.", quoted(cut(text_, span))),
           "Write the value out, or move the anchor.");
    }
    const Anchored& meant = anchors_[anchor];
    if (frames_.size() + meant.size.height > depth_) fail_deep(span);
    add({meant.node, span}, meant.size);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(Node::Kind::sequence, mark, resolve_tag(tag), anchor, style);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(Node::Kind::mapping, mark, resolve_tag(tag), anchor, style);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  /// What aliases multiply: values with everything in them, and levels of nesting below.
  struct Size {
    std::uint64_t expanded = 1;
    std::size_t height = 0;
  };
  struct Anchored {
    const Node* node = nullptr;  ///< nullptr while the value is being read: an alias to it would contain itself
    Size size;
  };
  struct Child {
    const Node* node = nullptr;
    Span written;  ///< the alias, where it is one
  };
  /// A sequence or mapping that has begun and not ended.
  struct Frame {
    Node* node;
    std::size_t first_child;
    YAML::anchor_t anchor;
    char closing;  ///< the bracket that ends it, or '\0'
    Size size;
  };
  /// How a scalar is written.
  struct Writing {
    Span span;
    std::string_view raw;  ///< what may be its value as it is
    bool plain = true;
  };
  /// An entry of a mapping before repeated keys are sorted out.
  struct Candidate {
    Node::Entry entry;
    Span key;
    bool merged = false;
    bool repeated = false;
  };

  void read_documents() {
    std::istream stream(&feed_);
    stream.exceptions(std::ios::badbit);  // lets Choked through
    try {
      YAML::Parser parser(stream);
      while (parser.HandleNextDocument(*this)) continue;
    } catch (const YAML::Exception& refusal) {
      fail_refused(refusal);
    } catch (const Choked&) {
      fail_choked();
    }
    if (documents_ == 0) fail_empty();
  }

  // -- places --

  [[nodiscard]] std::size_t offset(const YAML::Mark& mark) const {
    const std::size_t at = mark.pos < 0 ? 0 : static_cast<std::size_t>(mark.pos);
    return std::min(start_ + at - std::min(at, prefix_.size()), text_.size());
  }

  /// How many properties belong to the value itself: the first key of a mapping, or what follows an empty value, can
  /// have some too.
  static int count_properties(YAML::anchor_t anchor, Tag tag) {
    return (anchor == YAML::NullAnchor ? 0 : 1) + (tag == Tag::none ? 0 : 1);
  }

  [[nodiscard]] bool in_brackets() const {
    return std::any_of(frames_.begin(), frames_.end(), [](const Frame& frame) { return frame.closing != '\0'; });
  }
  [[nodiscard]] std::size_t child_count() const { return children_.size() - frames_.back().first_child; }
  [[nodiscard]] bool in(Node::Kind kind) const { return !frames_.empty() && frames_.back().node->kind_ == kind; }
  [[nodiscard]] bool expects_key() const { return in(Node::Kind::mapping) && child_count() % 2 == 0; }
  [[nodiscard]] bool expects_value() const { return in(Node::Kind::mapping) && child_count() % 2 == 1; }

  /// yaml-cpp marks a missing value at whatever comes next, which may be a key that is called null.
  Span null_span(std::size_t at, bool anchored) {
    const Properties properties = skip_properties(text_, at, anchored ? 1 : 0);
    const std::size_t begin = properties.content;
    const std::size_t end = null_word_end(text_, begin);
    const std::size_t after = skip_to_token(text_, end);
    const bool ends_here = expects_key() || after == text_.size() || has_break(text_, end, after) ||
                           (in_brackets() && is_one_of(text_[after], ",]}"));
    if (begin >= read_ && begin < end && ends_here) return make_span(begin, end);
    if (anchored) return make_span(properties.end, properties.end);
    if (expects_key() && text_.substr(at).starts_with(':')) read_ = std::max(at, read_);
    if (in(Node::Kind::sequence)) skip_item_sign();
    return make_span(read_, read_);
  }

  /// To the place of an item that is missing: behind its dash, or behind the comma in front of it.
  void skip_item_sign() {
    const std::size_t sign = skip_to_token(text_, read_);
    if (frames_.back().closing == '\0') {
      if (text_.substr(sign).starts_with('-')) read_ = sign + 1;
      return;
    }
    if (child_count() > 0 && text_.substr(sign).starts_with(',')) read_ = sign + 1;
    problems_.add(make_span(read_, read_), "A value is missing in this list.", "Write the value, or remove the comma.");
  }

  /// Past the colon behind which a value is missing, so that what follows is found from there. yaml-cpp lets the colon
  /// be missing as well, which YAML allows only in brackets and behind a "?" (and a forgotten space looks like that).
  void skip_colon(bool behind_question_mark) {
    const std::size_t colon = skip_to_token(text_, read_);
    if (text_.substr(colon).starts_with(':')) {
      read_ = colon + 1;
      return;
    }
    const Span key = children_[children_.size() - 2].written;
    if (is_glued(cut(text_, key))) {
      tell(explain_glued(text_, key));
    } else if (!in_brackets() && !behind_question_mark) {
      problems_.add(key, "This line is no \"key: value\".", "Write a key, a colon and a space before the value.");
    }
  }

  [[nodiscard]] Writing find_writing(const Properties& properties, std::string_view value) {
    const std::size_t at = properties.content;
    const char first = at < text_.size() ? text_[at] : '\0';
    const bool in_quotes = first == '"' || first == '\'';
    const std::size_t close = in_quotes ? quoted_end(text_, at) : nowhere;
    if (value.empty() && properties.any && is_left_out(properties, close)) {
      return {make_span(properties.end, properties.end), {}, true};
    }
    if (in_quotes) {
      // yaml-cpp lets a quote end with the file if the last line has a line end.
      if (close == nowhere) fail_open_quote(at);
      return {make_span(at, close), text_.substr(at + 1, close - at - 2), false};
    }
    if (first == '|' || first == '>') {
      const std::size_t lines = line_end(text_, at);
      const std::size_t end = end_by_ink(text_, lines, value);
      return {make_span(at, end == lines ? block_header_end(text_, at) : end), {}, false};
    }
    if (text_.substr(at).starts_with(value)) return {make_span(at, at + value.size()), text_.substr(at, value.size())};
    return {make_span(at, end_by_ink(text_, at, value)), {}};
  }

  /// Whether a tag or an anchor stands alone, and what follows is already the next thing.
  [[nodiscard]] bool is_left_out(const Properties& properties, std::size_t closing_quote) const {
    const std::size_t at = properties.content;
    if (at >= text_.size()) return true;
    if (closing_quote == nowhere) return text_[at] != '|' && text_[at] != '>';
    const bool next_key = text_.substr(skip_blanks(text_, closing_quote)).starts_with(':');
    return next_key && has_break(text_, properties.end, at);
  }

  /// Past the bracket that ends a sequence or mapping. Between its last value and the bracket is nothing that counts.
  [[nodiscard]] std::size_t find_closing(char closing) const {
    for (std::size_t at = read_; (at = skip_to_token(text_, at)) < text_.size(); ++at) {
      if (text_[at] == closing) return at + 1;
      if (!is_one_of(text_[at], ",:?")) break;
    }
    return read_;
  }

  // -- nodes --

  template <class T>
  [[nodiscard]] T* allocate(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>, "the storage is dropped as a whole");
    return std::pmr::polymorphic_allocator<T>(storage_.get()).allocate(std::max<std::size_t>(count, 1));
  }

  [[nodiscard]] std::string_view copy(std::string_view text) {
    char* const place = allocate<char>(text.size());
    std::copy(text.begin(), text.end(), place);
    return {place, text.size()};
  }

  void count_nodes(std::size_t more, Span span) {
    nodes_ += more;
    if (nodes_ <= limits_.nodes) return;
    fail(span, fmt::format("The file has more than {} values.", limits_.nodes), "Split it into several files.");
  }

  [[nodiscard]] Node* new_node(Node::Kind kind, Span span) {
    count_nodes(1, span);
    Node* const node = new (allocate<Node>(1)) Node;
    node->kind_ = kind;
    node->span_ = span;
    return node;
  }

  void remember(YAML::anchor_t anchor, const Node* node, Size size) {
    if (anchor == YAML::NullAnchor) return;
    if (anchor >= anchors_.size()) anchors_.resize(anchor + 1);
    anchors_[anchor] = {node, size};
  }

  void add(Child child, Size size) {
    if (frames_.empty()) {
      root_ = child.node;
      return;
    }
    Frame& parent = frames_.back();
    children_.push_back(child);
    parent.size.expanded += size.expanded;
    parent.size.height = std::max(parent.size.height, size.height + 1);
    if (parent.size.expanded <= limits_.expanded) return;
    fail(child.written, fmt::format("With its aliases followed the file has more than {} values.", limits_.expanded),
         "Use fewer aliases to values that contain aliases themselves.");
  }

  void open(Node::Kind kind, const YAML::Mark& mark, Tag tag, YAML::anchor_t anchor, YAML::EmitterStyle::value style) {
    feed_.heard();
    const std::size_t at = offset(mark);
    complain_about_tab(at);
    const Properties properties = skip_properties(text_, at, count_properties(anchor, tag));
    const std::size_t begin = properties.content;
    if (frames_.size() >= depth_) fail_deep(character_at(text_, begin));
    // A single "key: value" inside [ ] has the style of brackets too, but none of its own.
    const char opening = kind == Node::Kind::mapping ? '{' : '[';
    const bool bracket = style == YAML::EmitterStyle::Flow && text_.substr(begin).starts_with(opening);
    const char closing = !bracket ? '\0' : opening == '{' ? '}' : ']';
    Node* const node = new_node(kind, make_span(begin, begin));
    apply_tag(*node, tag, properties.tag, true);
    remember(anchor, nullptr, {});
    frames_.push_back({node, children_.size(), anchor, closing, {1, 1}});
    read_ = bracket ? begin + 1 : begin;
  }

  void close() {
    const Frame frame = frames_.back();
    const std::span<const Child> children = std::span(children_).subspan(frame.first_child);
    if (frame.closing != '\0') {
      read_ = find_closing(frame.closing);
      frame.node->span_.end = static_cast<std::uint32_t>(read_);
    } else if (!children.empty()) {
      frame.node->span_.end = std::max(frame.node->span_.begin, children.back().written.end);
    }
    if (frame.node->kind_ == Node::Kind::mapping) {
      fill_mapping(*frame.node, children);
    } else {
      fill_sequence(*frame.node, children);
    }
    children_.resize(frame.first_child);
    frames_.pop_back();
    remember(frame.anchor, frame.node, frame.size);
    add({frame.node, frame.node->span_}, frame.size);
  }

  void fill_sequence(Node& node, std::span<const Child> children) {
    const Node** const items = allocate<const Node*>(children.size());
    for (std::size_t i = 0; i < children.size(); ++i) items[i] = children[i].node;
    node.content_.items = items;
    node.count_ = static_cast<std::uint32_t>(children.size());
  }

  // -- mappings --

  void fill_mapping(Node& node, std::span<const Child> children) {
    candidates_.clear();
    collect(children);
    drop_repeated();
    auto* const mapping = new (allocate<Node::Mapping>(1)) Node::Mapping{};
    auto* const entries = allocate<Node::Entry>(candidates_.size());
    for (std::size_t i = 0; i < candidates_.size(); ++i) entries[i] = candidates_[i].entry;
    mapping->entries = entries;
    if (candidates_.size() > small_mapping) {
      auto* const by_key = allocate<std::uint32_t>(candidates_.size());
      std::copy(order_.begin(), order_.end(), by_key);
      mapping->by_key = by_key;
    }
    node.content_.mapping = mapping;
    node.count_ = static_cast<std::uint32_t>(candidates_.size());
  }

  /// The entries as they are written, then those of the merge key.
  void collect(std::span<const Child> children) {
    std::optional<std::size_t> merge;
    for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
      const Node& key = *children[i].node;
      if (key.kind_ != Node::Kind::scalar) {
        complain_about_key(children[i]);
      } else if (key.text() != "<<" || key.quoted_) {
        candidates_.push_back({{&key, children[i + 1].node}, children[i].written});
      } else if (merge) {
        complain_about_repeated("<<", children[i].written, children[*merge].written);
      } else {
        merge = i;
      }
    }
    if (merge) collect_merged(*children[*merge + 1].node, children[*merge].written);
  }

  void collect_merged(const Node& value, Span key) {
    if (value.kind_ == Node::Kind::mapping) return collect_from(value, key);
    if (value.kind_ != Node::Kind::sequence) return complain_about_merge(key);
    for (const Node* const item : value.items()) {
      if (item->kind_ != Node::Kind::mapping) return complain_about_merge(key);
      collect_from(*item, key);
    }
  }

  void collect_from(const Node& mapping, Span key) {
    count_nodes(mapping.count_, key);  // the entries are copied, so they take memory like nodes
    for (const Node::Entry& entry : mapping.entries()) candidates_.push_back({entry, key, true});
  }

  /// Keeps the first entry of every key. A merged key gives way silently, a written one is a problem.
  void drop_repeated() {
    const bool found = candidates_.size() <= small_mapping ? mark_repeated_in_small() : mark_repeated_in_order();
    if (!found) return;
    std::erase_if(candidates_, [](const Candidate& candidate) { return candidate.repeated; });
    if (candidates_.size() > small_mapping) sort_by_key();
  }

  bool mark_repeated_in_small() {
    bool found = false;
    for (std::size_t later = 1; later < candidates_.size(); ++later) {
      for (std::size_t first = 0; first < later; ++first) {
        if (candidates_[first].repeated || key_text(first) != key_text(later)) continue;
        mark_repeated(candidates_[first], candidates_[later]);
        found = true;
        break;
      }
    }
    return found;
  }

  bool mark_repeated_in_order() {
    sort_by_key();
    bool found = false;
    std::size_t first = order_.front();
    for (const std::uint32_t later : std::span(order_).subspan(1)) {
      if (key_text(first) == key_text(later)) {
        mark_repeated(candidates_[first], candidates_[later]);
        found = true;
      } else {
        first = later;
      }
    }
    return found;
  }

  /// Fills `order_` with the candidates' indices, by key and then as they were collected.
  void sort_by_key() {
    order_.resize(candidates_.size());
    std::iota(order_.begin(), order_.end(), 0U);
    std::sort(order_.begin(), order_.end(), [this](std::uint32_t left, std::uint32_t right) {
      const int order = key_text(left).compare(key_text(right));
      return order != 0 ? order < 0 : left < right;
    });
  }

  [[nodiscard]] std::string_view key_text(std::size_t index) const { return candidates_[index].entry.key->text(); }

  void mark_repeated(const Candidate& first, Candidate& later) {
    later.repeated = true;
    if (!later.merged) complain_about_repeated(later.entry.key->text(), later.key, first.key);
  }

  // -- problems --

  void complain_about_repeated(std::string_view key, Span later, Span first) {
    problems_.add({problems_.place(later),
                   fmt::format("The key {} is written twice.", quoted(key)),
                   "Remove one of the two, or rename it.",
                   {{"First written here.", problems_.place(first)}}});
  }

  void complain_about_merge(Span key) {
    problems_.add(key, "The merge key \"<<\" takes a mapping or a list of mappings.",
                  "Write an alias to a mapping behind it, such as \"<<: *defaults\".");
  }

  void complain_about_key(const Child& key) {
    if (key.node->kind_ == Node::Kind::null) {
      const bool missing = key.written.begin == key.written.end;
      problems_.add(key.written, missing ? "A key is missing here." : "A key cannot be null.",
                    missing ? "Write the key." : "Put it in quotes if it is meant as a text.");
    } else {
      problems_.add(
          key.written,
          fmt::format("A key must be a text, not a {}.", key.node->kind_ == Node::Kind::mapping ? "mapping" : "list"),
          "Write a simple key; put it in quotes if it begins with a bracket.");
    }
  }

  /// Every tab in the indentation is a problem, also where yaml-cpp lets it pass. Inside brackets it indents nothing.
  void complain_about_tab(std::size_t at) {
    if (at == 0 || !is_blank(text_[at - 1]) || in_brackets()) return;
    std::size_t begin = at;
    while (begin > begin_ && is_blank(text_[begin - 1])) --begin;
    if (begin > begin_ && !is_break(text_[begin - 1])) return;
    const std::size_t tab = text_.substr(begin, at - begin).find('\t');
    if (tab != nowhere) tell(explain_tab(begin + tab));
  }

  /// Applies the tag to a node, or tells why that cannot be. `plain`: written without quotes.
  void apply_tag(Node& node, Tag tag, Span place, bool plain) {
    const bool scalar = node.kind_ == Node::Kind::scalar;
    node.quoted_ = scalar && (tag == Tag::text || (tag == Tag::none && !plain));
    const bool fits = tag == Tag::none || (tag == Tag::mapping && node.kind_ == Node::Kind::mapping) ||
                      (tag == Tag::sequence && node.kind_ == Node::Kind::sequence) ||
                      (scalar && (tag == Tag::text || tag == Tag::plain)) ||
                      (scalar && tag == Tag::null && (node.text().empty() || is_null_word(node.text())));
    if (scalar && tag == Tag::null && fits) node.kind_ = Node::Kind::null;
    if (fits) return;
    const std::string written = quoted(cut(text_, place));
    if (tag == Tag::unknown) {
      problems_.add(place, fmt::format("The tag {} is unknown.", written),
                    "Remove the tag; only !!str, !!null, !!bool, !!int, !!float, !!map and !!seq are read.");
    } else {
      problems_.add(place, fmt::format("The tag {} does not fit its value.", written), "Remove the tag.");
    }
  }

  [[noreturn]] void fail(Span span, std::string message, std::string help) {
    problems_.add(span, std::move(message), std::move(help));
    throw Stop{};
  }
  [[noreturn]] void fail_deep(Span span) {
    fail(span, fmt::format("The values are nested deeper than {} levels.", depth_), "Nest them less deeply.");
  }
  [[noreturn]] void fail_empty() {
    fail(make_span(begin_, begin_), "There is nothing to read.", "Write a plan into it.");
  }
  [[noreturn]] void fail_choked() {
    document_.root_ = nullptr;
    fail(make_span(read_, read_), "A bracket that is opened behind this place has too much in it to be read.",
         "Write large lists in lines with \"- \" instead of brackets.");
  }
  [[noreturn]] void fail_open_quote(std::size_t quote) {
    tell(explain_open_quote({text_, text_.size(), quote, quote, std::nullopt, {}}));
    throw Stop{};
  }

  /// What follows the document: another one, or a line that fits nothing above it.
  [[noreturn]] void fail_rest(std::size_t at) {
    const std::string_view before = text_.substr(0, at);
    const std::string_view read = before.substr(0, before.find_last_not_of(" \t\r\n") + 1);
    const bool marked = text_.substr(at).starts_with("---");
    if (marked || read.ends_with("...")) {
      fail(marked ? make_span(at, at + 3) : trimmed_line(text_, at), "A second document begins here.",
           "Write every document into a file of its own.");
    }
    document_.root_ = nullptr;  // what was read is only the beginning of what was meant
    if (const auto told = explain_missing_space(text_, at)) {
      tell(*told);
    } else {
      tell({make_span(at, word_end(text_, at)), "The document has ended before this.",
            "Check the indentation: all of a document belongs to one mapping, one list or one value.",
            std::pair(std::string("The document begins here."), character_at(text_, root_->span().begin))});
    }
    throw Stop{};
  }

  /// yaml-cpp gives up: the rest of the text cannot be read.
  [[noreturn]] void fail_refused(const YAML::Exception& refusal) {
    document_.root_ = nullptr;
    Scene scene{text_, offset(refusal.mark), last_, read_, std::nullopt, anchor_names_};
    if (refusal.msg == said::BAD_FILE) fail_deep(character_at(text_, scene.at));
    const auto open = std::find_if(frames_.rbegin(), frames_.rend(), [](const Frame& f) { return f.closing != '\0'; });
    if (open != frames_.rend()) scene.bracket = open->node->span_.begin;
    tell(explain(refusal.msg, scene));
    throw Stop{};
  }

  void tell(const Explanation& explanation) {
    // A tab can be met several times: at a mapping, at its first key, and when yaml-cpp gives up because of it.
    const std::size_t begin = explanation.span.begin;
    const bool tab = begin < explanation.span.end && text_[begin] == '\t';
    if (tab && std::exchange(last_tab_, begin) == begin) return;
    Problem problem{problems_.place(explanation.span), explanation.message, explanation.help, {}};
    if (explanation.related) {
      problem.related.push_back({explanation.related->first, problems_.place(explanation.related->second)});
    }
    problems_.add(std::move(problem));
  }

  Document& document_;
  ProblemList& problems_;
  const DocumentLimits& limits_;
  std::size_t depth_;
  std::string_view text_;
  std::size_t begin_;        ///< behind the byte order mark
  std::string_view prefix_;  ///< what yaml-cpp reads before the text
  std::size_t start_;        ///< the first byte of the text that it reads
  Feed feed_;
  std::shared_ptr<std::pmr::monotonic_buffer_resource> storage_;

  std::size_t read_;
  std::size_t last_ = 0;  ///< where the last scalar began
  std::size_t nodes_ = 0;
  std::size_t documents_ = 0;
  std::size_t last_tab_ = nowhere;
  const Node* root_ = nullptr;
  std::vector<Frame> frames_;
  std::vector<Child> children_;  ///< of all open frames; keys and values take turns
  std::vector<Anchored> anchors_;
  std::vector<std::string_view> anchor_names_;
  std::vector<Candidate> candidates_;  ///< of the mapping that just ends
  std::vector<std::uint32_t> order_;
};

// ---- 6. Looking into the tree --------------------------------------------------------------------------------------

const Node::Entry* Node::find(std::string_view key) const {
  const std::span<const Entry> all = entries();
  if (all.size() <= small_mapping) {
    const auto found =
        std::find_if(all.begin(), all.end(), [key](const Entry& entry) { return entry.key->text() == key; });
    return found == all.end() ? nullptr : &*found;
  }
  const std::span<const std::uint32_t> order(content_.mapping->by_key, all.size());
  const auto found =
      std::lower_bound(order.begin(), order.end(), key,
                       [all](std::uint32_t index, std::string_view wanted) { return all[index].key->text() < wanted; });
  return found == order.end() || all[*found].key->text() != key ? nullptr : &all[*found];
}

Document Document::parse(const Source& source, Problems& problems, const DocumentLimits& limits) {
  Document document(source);
  ProblemList list(source, problems);
  if (is_readable(source.text(), limits, list)) DocumentBuilder(document, list, limits).read();
  list.finish();
  return document;
}

}  // namespace replug::planner
