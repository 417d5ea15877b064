#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace replug::planner {

/// A range of bytes in a source, half open.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

/// A position a person can find: lines and columns count from 1, columns count characters (Unicode code points).
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend bool operator==(const Position&, const Position&) = default;
};

/// One file as it was read: its name as the user wrote it, its bytes, and where its lines begin.
class Source {
 public:
  Source(std::string name, std::string text);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  /// The position of a byte; a byte past the end gives the position after the last character.
  [[nodiscard]] Position position(std::uint32_t byte) const;
  /// The text of a line (from 1) without its line break; empty past the end.
  [[nodiscard]] std::string_view line(std::uint32_t number) const;
  [[nodiscard]] std::uint32_t line_count() const { return static_cast<std::uint32_t>(line_begins_.size()); }
  /// The byte at which a line (from 1) begins.
  [[nodiscard]] std::uint32_t line_begin(std::uint32_t number) const;

 private:
  std::string name_;
  std::string text_;
  std::vector<std::uint32_t> line_begins_;
  /// How many characters are before each block of bytes: finding a column needs no walk along a long line.
  std::vector<std::uint32_t> characters_;

  [[nodiscard]] std::uint32_t end() const;
  [[nodiscard]] std::uint32_t characters_before(std::uint32_t byte) const;
};

/// A range in a source: what a problem or a finding points at. A place without a source is nowhere.
struct Place {
  const Source* source = nullptr;
  Span span;

  [[nodiscard]] bool known() const { return source != nullptr; }
  [[nodiscard]] Position begin() const { return source->position(span.begin); }
  /// The position after the last character.
  [[nodiscard]] Position end() const { return source->position(span.end); }
  friend bool operator==(const Place&, const Place&) = default;
};

}  // namespace replug::planner
