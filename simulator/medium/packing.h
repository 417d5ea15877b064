#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "simulator/medium/state.h"

namespace replug::simulator {

/// A state as a row of bits. Each cell takes few values while a plan is played: numbered as they turn up, a state is
/// those numbers, side by side, and a cell that never changes takes no room at all. Nothing is lost. (COLLAPSE, cell by
/// cell: Holzmann, State Compression in SPIN, 1997.)
using Row = std::vector<std::uint64_t>;

class Packing {
 public:
  explicit Packing(const Layout& layout);

  /// Meets a state: numbers the values of its cells that are new. True if a number grew beyond the bits that its cell
  /// has in a row, so that rows made before no longer hold.
  bool meet(const State& state);
  /// The row of a state; all of its values must have been met (ENSURE).
  [[nodiscard]] Row pack(const State& state) const;
  /// The state of a row, without its links: `Cluster::rebuild_links` makes them.
  [[nodiscard]] State unpack(const Row& row) const;

  [[nodiscard]] std::size_t row_bits() const { return row_bits_; }
  /// Cells of which more than one value was met.
  [[nodiscard]] std::size_t varying() const { return varying_; }

 private:
  struct Values {
    Cell cell;
    std::uint32_t bits = 0;  // of its number in a row
    std::size_t first_bit = 0;
    std::vector<std::byte> contents;  // of all its values, one behind the other
    std::unordered_map<std::string, std::uint32_t> numbers;
  };
  void place();

  const Layout* layout_;
  std::vector<Values> values_;  // by the cell's number
  std::size_t row_bits_ = 0;
  std::size_t varying_ = 0;
};

}  // namespace replug::simulator
