#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "simulator/medium/cells.h"

namespace replug::simulator {

/// Where one array of cells lies in a state.
struct Section {
  std::size_t begin = 0;         ///< bytes from the beginning of the state to the first owner's first cell
  std::size_t stride = 0;        ///< bytes from one owner's first cell to the next owner's
  std::uint32_t owners = 1;      ///< nodes; or the live storage and its snapshots
  std::uint32_t count = 0;       ///< cells of one owner
  std::uint32_t element = 0;     ///< bytes of a cell
  std::uint32_t first_cell = 0;  ///< the number of its first cell among all cells
};

/// Where everything lies in a state: made from the list of arrays and the numbers of things. The first `canonical`
/// bytes are the state; behind them lie the links.
class Layout {
 public:
  Layout() = default;
  Layout(const Counts& counts, std::uint32_t secrets_mounts);

  [[nodiscard]] const Counts& counts() const { return counts_; }
  /// Mounts that are no auth mounts: they have the lower numbers.
  [[nodiscard]] std::uint32_t secrets_mounts() const { return secrets_mounts_; }
  [[nodiscard]] const Section& section(Array array) const { return sections_[static_cast<std::size_t>(array)]; }

  [[nodiscard]] bool contains(const Cell& cell) const {
    return cell.owner < section(cell.array).owners && cell.index < section(cell.array).count;
  }
  [[nodiscard]] std::size_t offset(const Cell& cell) const {
    const Section& there = section(cell.array);
    return there.begin + cell.owner * there.stride + std::size_t{cell.index} * there.element;
  }
  /// The cell's number among all cells, dense from 0; those of the state come before the links.
  [[nodiscard]] std::uint32_t number(const Cell& cell) const {
    const Section& there = section(cell.array);
    return there.first_cell + cell.owner * there.count + cell.index;
  }
  /// The cell of that number.
  [[nodiscard]] Cell cell(std::uint32_t number) const;

  [[nodiscard]] std::uint32_t cells() const { return cells_; }              ///< links too
  [[nodiscard]] std::uint32_t state_cells() const { return state_cells_; }  ///< without links
  [[nodiscard]] std::size_t canonical() const { return canonical_; }        ///< bytes of the state
  [[nodiscard]] std::size_t total() const { return total_; }                ///< bytes, links too

 private:
  std::size_t place(Owner owner, Part part, std::uint32_t owners, std::size_t begin);
  void number_cells();

  Counts counts_;
  std::uint32_t secrets_mounts_ = 0;
  std::array<Section, arrays> sections_{};
  std::uint32_t cells_ = 0;
  std::uint32_t state_cells_ = 0;
  std::size_t canonical_ = 0;
  std::size_t total_ = 0;
};

/// The state of a cluster: one block of bytes, no strings, no pointers. Copying it is a memcpy; comparing it is over
/// its bytes, hashing it over its cells. What the numbers mean is in the World, which never changes. See Cluster for
/// what can be asked of it and done to it.
class State {
 public:
  State() = default;
  explicit State(const Layout& layout) : words_((layout.total() + 7) / 8), canonical_(layout.canonical()) {}

  [[nodiscard]] std::byte* bytes() { return reinterpret_cast<std::byte*>(words_.data()); }
  [[nodiscard]] const std::byte* bytes() const { return reinterpret_cast<const std::byte*>(words_.data()); }
  /// The bytes of a cell.
  [[nodiscard]] std::span<const std::byte> cell(const Layout& layout, const Cell& cell) const {
    return {bytes() + layout.offset(cell), layout.section(cell.array).element};
  }
  [[nodiscard]] std::size_t canonical_size() const { return canonical_; }
  friend bool operator==(const State& left, const State& right) {
    return left.canonical_ == right.canonical_ && std::memcmp(left.bytes(), right.bytes(), left.canonical_) == 0;
  }

 private:
  std::vector<std::uint64_t> words_;
  std::size_t canonical_ = 0;
};

/// What one cell adds to the hash of a state: nothing if all of it is zero. The hash of a state is the sum over its
/// cells, so a step changes it by what it wrote (Zobrist 1970).
std::uint64_t hash_term(std::uint32_t cell_number, std::span<const std::byte> contents);
/// The hash of a whole state, from all of its cells.
std::uint64_t hash_of(const Layout& layout, const State& state);

}  // namespace replug::simulator
