#include "text/diff.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include <fmt/format.h>

namespace replug::text {
namespace {

using Lines = std::vector<std::string_view>;

/// With their line breaks, so that a missing one at the end is a difference.
Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

/// One line of a diff: of both texts (' '), the first ('-') or the second ('+').
struct Entry {
  char sign;
  std::string_view line;
};

/// The fewest lines that were taken away and added, by Myers' greedy algorithm ("An O(ND) Difference Algorithm", 1986):
/// how far one gets on each diagonal with each number of changes.
class Comparison {
 public:
  Comparison(const Lines& before, const Lines& after) : before_(before), after_(after) {}

  /// From the first line to the last.
  std::vector<Entry> entries() {
    const auto changes = count_changes();
    if (changes == too_many) return everything();
    std::vector<Entry> result;
    auto x = size(before_);
    auto y = size(after_);
    for (long d = changes; d >= 0; --d) {
      const Edge edge = d == 0 ? Edge{} : edge_to(d, x - y);
      for (; x > edge.x; --x) result.push_back({' ', before_[static_cast<std::size_t>(x - 1)]});
      y = edge.y;
      if (d > 0 && edge.down) result.push_back({'+', after_[static_cast<std::size_t>(--y)]});
      if (d > 0 && !edge.down) result.push_back({'-', before_[static_cast<std::size_t>(--x)]});
    }
    std::ranges::reverse(result);
    return result;
  }

 private:
  static constexpr long too_many = 2'000;  ///< the table of what is reached grows with its square

  /// A line added (down) or taken away, and how far one is behind it.
  struct Edge {
    bool down = false;
    long x = 0;
    long y = 0;
  };

  static long size(const Lines& lines) { return static_cast<long>(lines.size()); }
  static long at(const std::vector<long>& reached, long d, long diagonal) {
    return reached[static_cast<std::size_t>(diagonal + d)];
  }

  /// Fills `reached_`: for each number of changes d what was reached with d - 1 of them, on the diagonals from -d to d.
  long count_changes() {
    std::vector<long> last;
    for (long d = 0; d < too_many; ++d) {
      auto& reached = reached_.emplace_back(static_cast<std::size_t>(2 * d + 1), -1);
      if (d > 0) std::ranges::copy(last, reached.begin() + 1);
      last.assign(static_cast<std::size_t>(2 * d + 1), 0);
      for (long diagonal = -d; diagonal <= d; diagonal += 2) {
        const long x = furthest(d, diagonal);
        last[static_cast<std::size_t>(diagonal + d)] = x;
        if (x >= size(before_) && x - diagonal >= size(after_)) return d;
      }
    }
    return too_many;
  }

  /// The last change on the way to that diagonal.
  [[nodiscard]] Edge edge_to(long d, long diagonal) const {
    const auto& reached = reached_[static_cast<std::size_t>(d)];
    const bool down = diagonal == -d || (diagonal != d && at(reached, d, diagonal - 1) < at(reached, d, diagonal + 1));
    const long x = down ? at(reached, d, diagonal + 1) : at(reached, d, diagonal - 1) + 1;
    return {down, x, x - diagonal};
  }

  [[nodiscard]] long furthest(long d, long diagonal) const {
    long x = d == 0 ? 0 : edge_to(d, diagonal).x;
    while (x < size(before_) && x - diagonal < size(after_) &&
           before_[static_cast<std::size_t>(x)] == after_[static_cast<std::size_t>(x - diagonal)]) {
      ++x;
    }
    return x;
  }

  [[nodiscard]] std::vector<Entry> everything() const {
    std::vector<Entry> result;
    for (const auto line : before_) result.push_back({'-', line});
    for (const auto line : after_) result.push_back({'+', line});
    return result;
  }

  const Lines& before_;
  const Lines& after_;
  std::vector<std::vector<long>> reached_;
};

/// The diff with the lines around its changes, from the entries of both whole texts.
class Hunks {
 public:
  explicit Hunks(const std::vector<Entry>& entries) : entries_(entries) {}

  std::string text() {
    std::size_t i = 0;
    while ((i = next_change(i)) < entries_.size()) {
      const std::size_t begin = i - std::min(i, around);
      std::size_t end = i;
      // Changes with few lines between them share a hunk.
      for (std::size_t change = i; change < entries_.size() && change <= end + 2 * around;
           change = next_change(change + 1))
        end = change + 1;
      i = end;
      add(begin, std::min(end + around, entries_.size()));
    }
    return std::move(text_);
  }

 private:
  static constexpr std::size_t around = 3;

  [[nodiscard]] std::size_t next_change(std::size_t from) const {
    while (from < entries_.size() && entries_[from].sign == ' ') ++from;
    return from;
  }

  void add(std::size_t begin, std::size_t end) {
    for (; counted_ < begin; ++counted_) count(entries_[counted_], before_, after_);
    std::size_t before = 0;
    std::size_t after = 0;
    std::string lines;
    for (; counted_ < end; ++counted_) {
      const Entry& entry = entries_[counted_];
      count(entry, before, after);
      lines += fmt::format("{}{}", entry.sign, entry.line);
      if (!entry.line.ends_with('\n')) lines += "\n\\ No newline at end of file\n";
    }
    // A range without lines is told by the line before it.
    text_ += fmt::format("@@ -{},{} +{},{} @@\n{}", before_ + (before > 0 ? 1 : 0), before,
                         after_ + (after > 0 ? 1 : 0), after, lines);
    before_ += before;
    after_ += after;
  }

  static void count(const Entry& entry, std::size_t& before, std::size_t& after) {
    if (entry.sign != '+') ++before;
    if (entry.sign != '-') ++after;
  }

  const std::vector<Entry>& entries_;
  std::string text_;
  std::size_t counted_ = 0;  ///< entries
  std::size_t before_ = 0;   ///< lines of the first text among them
  std::size_t after_ = 0;
};

}  // namespace

std::string unified_diff(std::string_view name, std::string_view before, std::string_view after) {
  if (before == after) return "";
  const auto old_lines = lines_of(before);
  const auto new_lines = lines_of(after);
  const auto entries = Comparison(old_lines, new_lines).entries();
  return fmt::format("--- {}\n+++ {}\n{}", name, name, Hunks(entries).text());
}

}  // namespace replug::text
