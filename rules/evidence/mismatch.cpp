#include "rules/evidence/mismatch.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "planner/reading/planned_step.h"
#include "simulator/medium/cluster.h"

namespace replug::rules {

namespace {

using simulator::CellField;
using simulator::Change;
using simulator::EntryId;
using simulator::NodeId;
using simulator::Text;

// A catalog entry as it is at a point of the run. Container images have no file.
struct Entry {
  Text sha256;
  Text file;
  bool has_file = false;
};

// A file on one node.
struct OnNode {
  bool known = false;  // false: what lies there is not described and is taken to be right
  Text sha256;         // empty: no such file
};

class Finder {
 public:
  Finder(const simulator::Forecast& forecast, const Timeline& timeline)
      : forecast_(forecast), timeline_(timeline), world_(*forecast.world) {
    for (EntryId entry = 0; entry < world_.entries(); ++entry) {
      entry_of_.emplace(world_.entry_label(entry).id(), entry);
      put(entry, 0);
      for (NodeId node = 0; node < world_.nodes(); ++node) judge(entry, node, 0, Mismatch::Made::described);
    }
  }

  std::vector<Mismatch> find() {
    for (std::size_t position = 0; position < forecast_.steps.size(); ++position) follow_step(position);
    for (const auto& one : open_) {
      found_[one.second].until = forecast_.steps.size();
      found_[one.second].ended = Mismatch::Ended::never;
    }
    return std::move(found_);
  }

 private:
  void follow_step(std::size_t position) {
    std::vector<EntryId> touched;
    for (const Change& change : forecast_.steps[position].changes) {
      if (change.what == Change::What::file) follow_file(change, position);
      if (change.what == Change::What::catalog) touch(change, position, touched);
    }
    for (const EntryId entry : touched) {
      put(entry, position + 1);
      for (NodeId node = 0; node < world_.nodes(); ++node) judge(entry, node, position + 1, Mismatch::Made::registered);
    }
  }

  void touch(const Change& change, std::size_t position, std::vector<EntryId>& touched) {
    const auto known = entry_of_.find(change.subject.id());
    if (known == entry_of_.end() || (!touched.empty() && touched.back() == known->second)) return;
    touched.push_back(known->second);
    take_out(known->second, position);
  }

  // Only the entries whose answer changes are looked at: those that wanted what was there, and those that want what is
  // there now. Where nothing was there before, the wrong contents are a new trouble for all of them.
  void follow_file(const Change& change, std::size_t position) {
    const OnNode was = file_on(change.subject, change.node, position);
    Mismatch::Made made = Mismatch::Made::replaced;
    if (change.to.absent()) made = Mismatch::Made::removed;
    if (was.known && was.sha256.empty()) made = Mismatch::Made::installed;
    const bool all = !was.known || was.sha256.empty();
    for (const auto& wanted : wanted_[change.subject.id()]) {
      if (!all && wanted.first != was.sha256.id() && wanted.first != change.to.text().id()) continue;
      for (const EntryId entry : wanted.second) judge(entry, change.node, position + 1, made);
    }
  }

  [[nodiscard]] Entry entry_at(EntryId id, std::size_t position) const {
    const auto value = [&](CellField field) {
      return timeline_.value(Change::What::catalog, world_.entry_label(id), field, simulator::no_node, position);
    };
    return {value(CellField::sha256), value(CellField::command),
            value(CellField::registered).is("true") && value(CellField::oci_image).absent()};
  }

  [[nodiscard]] OnNode file_on(Text file, NodeId node, std::size_t position) const {
    if (timeline_.made_by(Change::What::file, file, CellField::sha256, node, position) == nullptr &&
        is_assumed(file, node))
      return {};
    return {true, timeline_.value(Change::What::file, file, CellField::sha256, node, position)};
  }

  [[nodiscard]] bool is_assumed(Text file, NodeId node) const {
    const simulator::FileId id = world_.file(file);
    return id >= world_.files() || timeline_.start().file(node, id) == simulator::assumed_binary;
  }

  void put(EntryId id, std::size_t position) {
    const Entry entry = entry_at(id, position);
    if (entry.has_file) wanted_[entry.file.id()][entry.sha256.id()].push_back(id);
  }

  void take_out(EntryId id, std::size_t position) {
    const Entry entry = entry_at(id, position);
    if (entry.has_file) std::erase(wanted_[entry.file.id()][entry.sha256.id()], id);
  }

  // Compares an entry with its file on a node, after one of them has changed.
  void judge(EntryId id, NodeId node, std::size_t position, Mismatch::Made made) {
    const Entry entry = entry_at(id, position);
    const OnNode there = file_on(entry.file, node, position);
    const bool matches = !entry.has_file || !there.known || there.sha256 == entry.sha256;
    const std::size_t step = position == 0 ? 0 : position - 1;
    const std::uint64_t key = std::uint64_t{id} * world_.nodes() + node;
    const auto before = open_.find(key);
    if (before != open_.end()) {
      Mismatch& open = found_[before->second];
      open.until = step;
      open.ended = !matches                             ? Mismatch::Ended::another
                   : made == Mismatch::Made::registered ? Mismatch::Ended::entry
                                                        : Mismatch::Ended::file;
      open_.erase(before);
    }
    if (matches) return;
    open_.emplace(key, found_.size());
    found_.push_back({id, node, entry.sha256, entry.file, there.sha256, made, Mismatch::Ended::never, step, 0});
  }

  const simulator::Forecast& forecast_;
  const Timeline& timeline_;
  const simulator::World& world_;
  std::unordered_map<std::uint32_t, EntryId> entry_of_;  // by label
  // By the name of a file: the entries that name it, by the sha256 that they want.
  std::unordered_map<std::uint32_t, std::map<std::uint32_t, std::vector<EntryId>>> wanted_;
  std::unordered_map<std::uint64_t, std::size_t> open_;  // by entry and node
  std::vector<Mismatch> found_;
};

}  // namespace

std::vector<Mismatch> find_mismatches(const simulator::Forecast& forecast, const Timeline& timeline) {
  return Finder(forecast, timeline).find();
}

}  // namespace replug::rules
