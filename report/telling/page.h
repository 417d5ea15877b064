#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace replug::report {

/// What a colour stands for. The words beside it always say the same: colour alone says nothing to many.
enum class Ink : std::uint8_t { plain, strong, faint, bad, careful, good, place };

/// A text report while it is written: lines of at most `width` columns, coloured or not. No line is a command to a CI
/// system, whatever a plan's names are.
class Page {
 public:
  Page(std::size_t width, bool color) : width_(width), color_(color) {}

  [[nodiscard]] std::size_t width() const { return width_; }
  /// The text in that ink, if this page has colours.
  [[nodiscard]] std::string painted(Ink ink, std::string_view text) const;

  void line(std::string_view text);
  /// An empty line; not two in a row, and none at the top.
  void gap();
  /// Prose, wrapped; `first` stands before its first line and as much space before the others.
  void paragraph(std::string_view first, std::string_view prose, Ink ink = Ink::plain);
  /// The same with `indent` columns of space before the other lines.
  void paragraph(std::string_view first, std::string_view prose, Ink ink, std::size_t indent);

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
  std::size_t width_;
  bool color_;
};

}  // namespace replug::report
