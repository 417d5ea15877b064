#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

#include "simulator/medium/cause.h"
#include "simulator/medium/cells.h"
#include "simulator/medium/state.h"

namespace replug::simulator {

/// The cells that were written since it was last cleared, each once: with what it held before the first write, and the
/// reason of the last. What a step changed is the difference between them and the state; writing the old contents back
/// undoes the step.
class ChangeLog {
 public:
  struct Entry {
    Cell cell;
    Cause cause;
    std::size_t old;  ///< where the old bytes lie in the log
  };

  void clear();
  /// Notes a cell that is about to be written.
  void before(const Layout& layout, const State& state, const Cell& cell, Cause cause);
  [[nodiscard]] std::span<const Entry> entries() const { return entries_; }
  /// What the cell of an entry held before.
  template <Array which>
  [[nodiscard]] Element<which> old(const Entry& entry) const {
    Element<which> value;
    std::memcpy(&value, bytes_.data() + entry.old, sizeof value);
    return value;
  }
  /// What a cell held before; nothing if it was not written.
  template <Array which>
  [[nodiscard]] std::optional<Element<which>> old(const Layout& layout, const Cell& cell) const {
    const Entry* entry = find(layout, cell);
    return entry == nullptr ? std::nullopt : std::optional(old<which>(*entry));
  }

  /// Takes everything back that was written since the log was cleared, and clears it.
  void undo(const Layout& layout, State& state);
  /// The hash of the state, from the one that it had when the log was cleared: one term for each cell that was written.
  [[nodiscard]] std::uint64_t rehashed(std::uint64_t hash, const Layout& layout, const State& state) const;

 private:
  [[nodiscard]] const Entry* find(const Layout& layout, const Cell& cell) const;
  struct Seen {
    std::uint32_t round = 0;  ///< in which the cell was last written
    std::uint32_t entry = 0;
  };

  std::vector<Entry> entries_;
  std::vector<std::byte> bytes_;
  std::vector<Seen> seen_;  // by the cell's number
  std::uint32_t round_ = 1;
};

/// Which cells a step looked at and which it wrote, by their numbers, each once. Where a link was looked at, the cells
/// stand in it that the link follows from.
class Footprint {
 public:
  void clear();
  void read(const Layout& layout, const Cell& cell) { note(layout.number(cell), layout.cells(), reads_, read_in_); }
  void wrote(const Layout& layout, const Cell& cell) {
    note(layout.number(cell), layout.cells(), writes_, written_in_);
  }

  [[nodiscard]] std::span<const std::uint32_t> reads() const { return reads_; }
  [[nodiscard]] std::span<const std::uint32_t> writes() const { return writes_; }

 private:
  void note(std::uint32_t number, std::uint32_t cells, std::vector<std::uint32_t>& list,
            std::vector<std::uint32_t>& seen) const;

  std::vector<std::uint32_t> reads_, writes_;
  std::vector<std::uint32_t> read_in_, written_in_;  // by the cell's number: the last round in which it was noted
  std::uint32_t round_ = 1;
};

}  // namespace replug::simulator
