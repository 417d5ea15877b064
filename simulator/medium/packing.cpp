#include "simulator/medium/packing.h"

#include <bit>
#include <cstring>
#include <string>

#include "simulator/medium/ensure.h"

namespace replug::simulator {

namespace {

constexpr std::size_t word_bits = 64;

std::string contents_of(const Layout& layout, const State& state, const Cell& cell) {
  const auto bytes = state.cell(layout, cell);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void write_bits(Row& row, std::size_t at, std::uint32_t bits, std::uint64_t value) {
  row[at / word_bits] |= value << (at % word_bits);
  if (at % word_bits + bits > word_bits) row[at / word_bits + 1] |= value >> (word_bits - at % word_bits);
}

std::uint64_t read_bits(const Row& row, std::size_t at, std::uint32_t bits) {
  std::uint64_t value = row[at / word_bits] >> (at % word_bits);
  if (at % word_bits + bits > word_bits) value |= row[at / word_bits + 1] << (word_bits - at % word_bits);
  return value & ((std::uint64_t{1} << bits) - 1);
}

}  // namespace

Packing::Packing(const Layout& layout) : layout_(&layout), values_(layout.state_cells()) {
  for (std::uint32_t number = 0; number < values_.size(); ++number) values_[number].cell = layout.cell(number);
}

bool Packing::meet(const State& state) {
  bool grew = false;
  for (Values& values : values_) {
    std::string contents = contents_of(*layout_, state, values.cell);
    const auto known = static_cast<std::uint32_t>(values.numbers.size());
    const auto bytes = state.cell(*layout_, values.cell);
    if (!values.numbers.try_emplace(std::move(contents), known).second) continue;
    values.contents.insert(values.contents.end(), bytes.begin(), bytes.end());
    if (known == 1) ++varying_;
    const auto bits = static_cast<std::uint32_t>(std::bit_width(known));
    grew = grew || bits != values.bits;
    values.bits = bits;
  }
  if (grew) place();
  return grew;
}

void Packing::place() {
  row_bits_ = 0;
  for (Values& values : values_) {
    values.first_bit = row_bits_;
    row_bits_ += values.bits;
  }
}

Row Packing::pack(const State& state) const {
  Row row((row_bits_ + word_bits - 1) / word_bits);
  for (const Values& values : values_) {
    const auto number = values.numbers.find(contents_of(*layout_, state, values.cell));
    ENSURE(number != values.numbers.end());
    if (values.bits != 0) write_bits(row, values.first_bit, values.bits, number->second);
  }
  return row;
}

State Packing::unpack(const Row& row) const {
  State state(*layout_);
  for (const Values& values : values_) {
    const std::size_t size = layout_->section(values.cell.array).element;
    const std::uint64_t number = values.bits == 0 ? 0 : read_bits(row, values.first_bit, values.bits);
    std::memcpy(state.bytes() + layout_->offset(values.cell), values.contents.data() + number * size, size);
  }
  return state;
}

}  // namespace replug::simulator
