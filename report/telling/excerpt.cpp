#include "report/telling/excerpt.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "report/telling/columns.h"
#include "text/printable.h"

namespace replug::report {
namespace {

/// One character of a source line as it is shown: what a terminal would act on is made visible.
struct Shown {
  std::string text;
  std::size_t columns;
  std::size_t bytes;  ///< that it has in the source
};

Shown shown(std::string_view rest) {
  const auto bytes = text::first_character(rest).bytes;
  const auto text = rest.front() == '\t' ? std::string("→") : text::printable(rest.substr(0, bytes));
  return {text, columns(text), bytes};
}

/// The beginning of the character that ends before `byte`.
std::size_t character_before(std::string_view line, std::size_t byte) {
  auto begin = byte - 1;
  while (begin > 0 && byte - begin < 4 && (static_cast<unsigned char>(line[begin]) & 0xC0U) == 0x80U) --begin;
  return text::first_character(line.substr(begin)).bytes == byte - begin ? begin : byte - 1;
}

/// Where a line is shown from, so that the mark that begins at `mark` is seen with something before it.
std::size_t window_begin(std::string_view line, std::size_t mark, std::size_t room) {
  // No character is shown in more than ten columns, so only a short line needs to be measured.
  std::size_t taken = 0;
  std::size_t byte = 0;
  while (byte < line.size() && taken <= room) {
    const auto character = shown(line.substr(byte));
    taken += character.columns;
    byte += character.bytes;
  }
  if (taken <= room) return 0;
  std::size_t begin = mark;
  for (taken = 0; begin > 0; begin = character_before(line, begin)) {
    taken += shown(line.substr(character_before(line, begin))).columns;
    if (taken > room / 2) break;
  }
  return begin;
}

/// A source line as it is shown, and the columns of the mark in it.
struct Row {
  std::string text;
  std::size_t mark_begin = 0;
  std::size_t mark_columns = 0;
};

/// `begin` and `end` are bytes of the line.
Row row(std::string_view line, std::size_t begin, std::size_t end, std::size_t room) {
  Row result;
  auto byte = window_begin(line, begin, room - 2);  // room for a "…" at both ends
  std::size_t taken = 0;
  if (byte > 0) {
    result.text = "…";
    taken = 1;
  }
  while (byte < line.size()) {
    const auto character = shown(line.substr(byte));
    if (taken + character.columns >= room) {
      result.text += "…";
      break;
    }
    if (byte <= begin) result.mark_begin = taken;
    if (byte >= begin && byte < end) result.mark_columns += character.columns;
    result.text += character.text;
    taken += character.columns;
    byte += character.bytes;
  }
  if (begin >= line.size()) result.mark_begin = taken;
  result.mark_columns = std::max<std::size_t>(result.mark_columns, 1);
  return result;
}

struct Gutter {
  std::size_t digits;
  [[nodiscard]] std::string number(std::uint32_t line) const { return fmt::format("{:>{}} |", line, digits + 1); }
  [[nodiscard]] std::string empty() const { return fmt::format("{:>{}} |", "", digits + 1); }
  [[nodiscard]] std::size_t columns() const { return digits + 4; }
};

void write_mark(Page& page, const Gutter& gutter, const Row& row, const Mark& mark) {
  const auto ink = mark.primary ? Ink::bad : Ink::place;
  const auto underline = page.painted(ink, std::string(row.mark_columns, mark.primary ? '^' : '-'));
  const auto before = page.painted(Ink::faint, gutter.empty()) + std::string(row.mark_begin + 1, ' ') + underline;
  const auto label = one_line(mark.label);
  if (label.empty() || columns(before) + 1 + columns(label) <= page.width()) {
    page.line(before + " " + page.painted(ink, label));
    return;
  }
  page.line(before);  // the label does not fit behind the mark: it goes below it
  page.paragraph(page.painted(Ink::faint, gutter.empty()) + "   ", label, ink);
}

void write_line(Page& page, const Gutter& gutter, std::span<const Mark> marks) {
  const auto& source = *marks.front().place.source;
  const auto number = marks.front().place.begin().line;
  const auto line = source.line(number);
  const auto line_begin = source.line_begin(number);
  const auto room = std::max<std::size_t>(page.width() > gutter.columns() ? page.width() - gutter.columns() : 0, 40);
  std::string written;
  for (const auto& mark : marks) {
    const auto begin = std::min<std::size_t>(mark.place.span.begin - line_begin, line.size());
    const auto end = std::clamp<std::size_t>(mark.place.span.end - line_begin, begin, line.size());
    const auto shown_row = row(line, begin, end, room);
    if (shown_row.text != written || &mark == &marks.front()) {
      page.line(page.painted(Ink::faint, gutter.number(number)) + " " + shown_row.text);
      written = shown_row.text;
    }
    write_mark(page, gutter, shown_row, mark);
  }
}

}  // namespace

std::string place_text(const planner::Place& place) {
  const auto position = place.begin();
  return fmt::format("{}:{}:{}", one_line(place.source->name()), position.line, position.column);
}

void write_excerpt(Page& page, std::span<const Mark> marks) {
  page.line("  " + page.painted(Ink::place, "--> ") + place_text(marks.front().place));
  std::vector<Mark> sorted(marks.begin(), marks.end());
  std::ranges::stable_sort(sorted, {}, [](const Mark& mark) { return mark.place.span.begin; });
  const Gutter gutter{std::to_string(sorted.back().place.begin().line).size()};
  page.line(page.painted(Ink::faint, gutter.empty()));
  std::uint32_t last_line = 0;
  for (std::size_t first = 0; first < sorted.size();) {
    const auto line = sorted[first].place.begin().line;
    auto end = first + 1;
    while (end < sorted.size() && sorted[end].place.begin().line == line) ++end;
    if (last_line > 0 && line > last_line + 1) page.line(page.painted(Ink::faint, std::string(gutter.digits + 2, '.')));
    write_line(page, gutter, std::span(sorted).subspan(first, end - first));
    last_line = line;
    first = end;
  }
}

}  // namespace replug::report
