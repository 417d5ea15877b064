#include "simulator/medium/state.h"

#include <algorithm>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "simulator/medium/ensure.h"

namespace replug::simulator {

namespace {

constexpr std::size_t aligned(std::size_t offset) { return (offset + 7) & ~std::size_t{7}; }

}  // namespace

Layout::Layout(const Counts& counts, std::uint32_t secrets_mounts) : counts_(counts), secrets_mounts_(secrets_mounts) {
  canonical_ = place(Owner::storage, Part::state, counts.snapshots + 1, 0);
  canonical_ = place(Owner::cluster, Part::state, 1, canonical_);
  canonical_ = place(Owner::node, Part::state, counts.nodes, canonical_);
  total_ = place(Owner::node, Part::link, counts.nodes, canonical_);
  total_ = place(Owner::cluster, Part::link, 1, total_);
  number_cells();
}

// The arrays of one owner lie together, so that a storage or a node's memory is one run of bytes. Gives where the last
// owner's end.
std::size_t Layout::place(Owner owner, Part part, std::uint32_t owners, std::size_t begin) {
  std::size_t end = begin;
  for (std::size_t i = 0; i < arrays; ++i) {
    if (array_rows[i].owner != owner || array_rows[i].part != part) continue;
    end = array_rows[i].element == sizeof(Bits) ? aligned(end) : end;
    sections_[i].begin = end;
    sections_[i].owners = owners;
    sections_[i].count = counts_.*array_rows[i].count;
    sections_[i].element = static_cast<std::uint32_t>(array_rows[i].element);
    end += std::size_t{sections_[i].count} * sections_[i].element;
  }
  const std::size_t stride = aligned(end) - begin;
  for (std::size_t i = 0; i < arrays; ++i) {
    if (array_rows[i].owner == owner && array_rows[i].part == part) sections_[i].stride = stride;
  }
  return begin + stride * owners;
}

void Layout::number_cells() {
  for (const Part part : {Part::state, Part::link}) {
    for (std::size_t i = 0; i < arrays; ++i) {
      if (array_rows[i].part != part) continue;
      sections_[i].first_cell = cells_;
      const std::uint64_t more = std::uint64_t{sections_[i].owners} * sections_[i].count;
      ENSURE(cells_ + more < ~std::uint32_t{0});
      cells_ += static_cast<std::uint32_t>(more);
    }
    if (part == Part::state) state_cells_ = cells_;
  }
}

Cell Layout::cell(std::uint32_t number) const {
  ENSURE(number < cells_);
  for (std::size_t i = 0; i < arrays; ++i) {
    const Section& there = sections_[i];
    if (number < there.first_cell || number - there.first_cell >= there.owners * there.count) continue;
    const std::uint32_t within = number - there.first_cell;
    return {static_cast<Array>(i), within / there.count, within % there.count};
  }
  ENSURE(false);
  return {};
}

std::uint64_t hash_term(std::uint32_t cell_number, std::span<const std::byte> contents) {
  if (std::ranges::all_of(contents, [](std::byte byte) { return byte == std::byte{0}; })) return 0;
  return XXH3_64bits_withSeed(contents.data(), contents.size(), cell_number);
}

std::uint64_t hash_of(const Layout& layout, const State& state) {
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < arrays; ++i) {
    if (array_rows[i].part != Part::state) continue;
    const Section& there = layout.section(static_cast<Array>(i));
    for (std::uint32_t owner = 0; owner < there.owners; ++owner) {
      for (std::uint32_t index = 0; index < there.count; ++index) {
        const Cell cell{static_cast<Array>(i), owner, index};
        hash += hash_term(layout.number(cell), state.cell(layout, cell));
      }
    }
  }
  return hash;
}

}  // namespace replug::simulator
