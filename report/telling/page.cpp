#include "report/telling/page.h"

#include <algorithm>
#include <cstddef>

#include "report/telling/columns.h"

namespace replug::report {
namespace {

/// Select Graphic Rendition (ECMA-48): only the sixteen colours that every theme makes readable.
std::string_view code(Ink ink) {
  switch (ink) {
    case Ink::plain:
      return "";
    case Ink::strong:
      return "1";
    case Ink::faint:
      return "2";
    case Ink::bad:
      return "1;31";
    case Ink::careful:
      return "1;33";
    case Ink::good:
      return "32";
    case Ink::place:
      return "36";
  }
  return "";
}

bool is_letter(char character) { return character >= 'a' && character <= 'z'; }

/// CI systems take commands from the log: GitHub a line that begins with `::`, and `##[…]` anywhere in it; Azure
/// `##vso[…]`, TeamCity
/// `##teamcity[…]`. Names in a plan must not give any.
std::string without_commands(std::string_view line) {
  std::string result;
  const auto begin = std::min(line.find_first_not_of(' '), line.size());
  if (line.substr(begin).starts_with("::")) {
    result = std::string(line.substr(0, begin)) + "\\";
    line.remove_prefix(begin);
  }
  for (auto at = line.find("##"); at != std::string_view::npos; at = line.find("##")) {
    const auto* bracket = std::find_if_not(line.begin() + static_cast<std::ptrdiff_t>(at) + 2, line.end(), is_letter);
    result += line.substr(0, at + 1);
    if (bracket != line.end() && *bracket == '[') result += '\\';
    line.remove_prefix(at + 1);
  }
  return result += line;
}

}  // namespace

std::string Page::painted(Ink ink, std::string_view text) const {
  if (!color_ || ink == Ink::plain || text.empty()) return std::string(text);
  return "\x1b[" + std::string(code(ink)) + "m" + std::string(text) + "\x1b[0m";
}

void Page::line(std::string_view text) {
  text_ += without_commands(text.substr(0, text.find_last_not_of(' ') + 1));
  text_ += '\n';
}

void Page::gap() {
  if (!text_.empty() && !text_.ends_with("\n\n")) text_ += '\n';
}

void Page::paragraph(std::string_view first, std::string_view prose, Ink ink) {
  paragraph(first, prose, ink, columns(first));
}

void Page::paragraph(std::string_view first, std::string_view prose, Ink ink, std::size_t indent) {
  constexpr std::size_t least = 20;  // a narrow page gets long lines, not one word on each
  std::string before(first);
  auto taken = columns(first);
  while (true) {
    const auto [line_text, rest] = first_line(prose, std::max(width_, taken + least) - taken);
    line(before + painted(ink, line_text));
    if (rest.empty()) return;
    prose = rest;
    before.assign(indent, ' ');
    taken = indent;
  }
}

}  // namespace replug::report
