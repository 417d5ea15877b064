#include "simulator/medium/change_log.h"

namespace replug::simulator {

void ChangeLog::clear() {
  entries_.clear();
  bytes_.clear();
  ++round_;
}

void ChangeLog::before(const Layout& layout, const State& state, const Cell& cell, Cause cause) {
  if (seen_.size() < layout.cells()) seen_.resize(layout.cells());
  Seen& seen = seen_[layout.number(cell)];
  if (seen.round == round_) {
    entries_[seen.entry].cause = cause;
    return;
  }
  seen = {round_, static_cast<std::uint32_t>(entries_.size())};
  entries_.push_back({cell, cause, bytes_.size()});
  const auto contents = state.cell(layout, cell);
  bytes_.insert(bytes_.end(), contents.begin(), contents.end());
}

const ChangeLog::Entry* ChangeLog::find(const Layout& layout, const Cell& cell) const {
  const std::uint32_t number = layout.number(cell);
  if (number >= seen_.size() || seen_[number].round != round_) return nullptr;
  return &entries_[seen_[number].entry];
}

void ChangeLog::undo(const Layout& layout, State& state) {
  for (const Entry& entry : entries_) {
    std::memcpy(state.bytes() + layout.offset(entry.cell), bytes_.data() + entry.old,
                layout.section(entry.cell.array).element);
  }
  clear();
}

std::uint64_t ChangeLog::rehashed(std::uint64_t hash, const Layout& layout, const State& state) const {
  for (const Entry& entry : entries_) {
    if (row_of(entry.cell.array).part == Part::link) continue;
    const std::uint32_t number = layout.number(entry.cell);
    const auto now = state.cell(layout, entry.cell);
    hash += hash_term(number, now) - hash_term(number, {bytes_.data() + entry.old, now.size()});
  }
  return hash;
}

void Footprint::clear() {
  reads_.clear();
  writes_.clear();
  ++round_;
}

void Footprint::note(std::uint32_t number, std::uint32_t cells, std::vector<std::uint32_t>& list,
                     std::vector<std::uint32_t>& seen) const {
  if (seen.size() < cells) seen.resize(cells);
  if (seen[number] == round_) return;
  seen[number] = round_;
  list.push_back(number);
}

}  // namespace replug::simulator
