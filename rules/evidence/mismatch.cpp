#include "rules/evidence/mismatch.h"

#include <algorithm>
#include <unordered_map>
#include <variant>

#include "simulator/medium/cluster.h"

namespace replug::rules {

namespace {

using simulator::Change;
using simulator::EntryId;
using simulator::NodeId;
using simulator::Text;

// A catalog entry as it is at a point of the run.
struct Entry {
  Text sha256;
  Text file;
  bool registered = false;
  bool image = false;
};

// A file on one node.
struct OnNode {
  bool known = false;  // false: what lies there is not described and is taken to be right
  Text sha256;         // empty: no such file
};

// A file name: its contents on each node, and the entries that name it, by the sha256 they want.
struct File {
  std::vector<OnNode> nodes;
  std::unordered_map<std::uint32_t, std::vector<EntryId>> wanted;
};

class Finder {
 public:
  Finder(const planner::Plan& plan, const simulator::Forecast& forecast)
      : plan_(plan), forecast_(forecast), world_(*forecast.world) {
    for (EntryId entry = 0; entry < world_.entries(); ++entry) entry_of_.emplace(world_.entry_label(entry).id(), entry);
    start();
  }

  std::vector<Mismatch> find() {
    for (std::size_t position = 0; position < forecast_.steps.size(); ++position) {
      position_ = position;
      follow_step();
    }
    for (const auto& one : open_) {
      found_[one.second].until = forecast_.steps.size();
      found_[one.second].ended = Mismatch::Ended::never;
    }
    return std::move(found_);
  }

 private:
  void start() {
    simulator::State state = world_.initial();
    const simulator::Cluster cluster(world_, state);
    for (simulator::FileId id = 0; id < world_.files(); ++id) {
      File& file = files_[world_.file_name(id).id()];
      for (NodeId node = 0; node < world_.nodes(); ++node) {
        const simulator::BinaryId binary = cluster.file(node, id);
        const bool known = binary != simulator::assumed_binary;
        file.nodes.push_back({known, known && binary != 0 ? world_.binary(binary).sha256 : Text{}});
      }
    }
    entries_.resize(world_.entries());
    for (EntryId id = 0; id < world_.entries(); ++id) {
      const simulator::RecordId record = cluster.entry(id).record;
      if (record == 0) continue;
      const simulator::Record& content = world_.record(record);
      entries_[id] = {content.sha256, content.command, true, !content.oci_image.empty()};
      put(id);
      for (NodeId node = 0; node < world_.nodes(); ++node) judge(id, node, Mismatch::Made::described);
    }
  }

  void follow_step() {
    const simulator::StepForecast& step = forecast_.steps[position_];
    std::vector<EntryId> touched;
    for (const Change& change : step.changes) {
      if (change.what == Change::What::file) {
        follow_file(change);
      } else if (change.what == Change::What::catalog) {
        follow_entry(change, touched);
      }
    }
    const auto* registration = std::get_if<simulator::Register>(&plan_.steps[step.step].step.action);
    for (const EntryId entry : touched) {
      if (registration != nullptr)
        entries_[entry].image = registration->oci_image.has_value() && !registration->oci_image->empty();
      put(entry);
      for (NodeId node = 0; node < world_.nodes(); ++node) judge(entry, node, Mismatch::Made::registered);
    }
  }

  void follow_entry(const Change& change, std::vector<EntryId>& touched) {
    const auto known = entry_of_.find(change.subject.id());
    if (known == entry_of_.end()) return;
    Entry& entry = entries_[known->second];
    if (std::ranges::find(touched, known->second) == touched.end()) {
      touched.push_back(known->second);
      take_out(known->second);
    }
    if (change.field == simulator::CellField::registered) entry.registered = change.to.view() == "true";
    if (change.field == simulator::CellField::sha256) entry.sha256 = change.to;
    if (change.field == simulator::CellField::command) entry.file = change.to;
  }

  // Only the entries whose answer changes are looked at: those that wanted what was there, and those that want what is
  // there now. Where nothing was there before, the wrong contents are a new trouble for all of them.
  void follow_file(const Change& change) {
    const auto known = files_.find(change.subject.id());
    if (known == files_.end()) return;
    File& file = known->second;
    OnNode& there = file.nodes[change.node];
    const OnNode was = there;
    there = {true, change.to};
    Mismatch::Made made = Mismatch::Made::replaced;
    if (change.to.absent()) made = Mismatch::Made::removed;
    if (was.known && was.sha256.empty()) made = Mismatch::Made::installed;
    const bool all = !was.known || was.sha256.empty();
    for (const auto& wanted : file.wanted) {
      if (!all && wanted.first != was.sha256.id() && wanted.first != change.to.text().id()) continue;
      for (const EntryId entry : wanted.second) judge(entry, change.node, made);
    }
  }

  void put(EntryId id) {
    const Entry& entry = entries_[id];
    if (entry.registered && !entry.image) files_[entry.file.id()].wanted[entry.sha256.id()].push_back(id);
  }

  void take_out(EntryId id) {
    const Entry& entry = entries_[id];
    if (!entry.registered || entry.image) return;
    std::vector<EntryId>& group = files_[entry.file.id()].wanted[entry.sha256.id()];
    std::erase(group, id);
  }

  // Compares an entry with its file on a node, after one of them has changed.
  void judge(EntryId id, NodeId node, Mismatch::Made made) {
    const Entry& entry = entries_[id];
    const std::uint64_t key = std::uint64_t{id} * world_.nodes() + node;
    const auto before = open_.find(key);
    const OnNode there = file_on(entry, node);
    const bool matches = !entry.registered || entry.image || !there.known || there.sha256 == entry.sha256;
    if (before != open_.end()) {
      Mismatch& open = found_[before->second];
      open.until = position_;
      open.ended = !matches                             ? Mismatch::Ended::another
                   : made == Mismatch::Made::registered ? Mismatch::Ended::entry
                                                        : Mismatch::Ended::file;
      open_.erase(before);
    }
    if (matches) return;
    open_.emplace(key, found_.size());
    found_.push_back({id, node, entry.sha256, entry.file, there.sha256, made, Mismatch::Ended::never, position_, 0});
  }

  OnNode file_on(const Entry& entry, NodeId node) const {
    const auto file = files_.find(entry.file.id());
    return file == files_.end() || file->second.nodes.empty() ? OnNode{} : file->second.nodes[node];
  }

  const planner::Plan& plan_;
  const simulator::Forecast& forecast_;
  const simulator::World& world_;
  std::unordered_map<std::uint32_t, EntryId> entry_of_;  // by label
  std::unordered_map<std::uint32_t, File> files_;        // by name
  std::vector<Entry> entries_;
  std::unordered_map<std::uint64_t, std::size_t> open_;  // by entry and node
  std::vector<Mismatch> found_;
  std::size_t position_ = 0;
};

}  // namespace

std::vector<Mismatch> find_mismatches(const planner::Plan& plan, const simulator::Forecast& forecast) {
  return Finder(plan, forecast).find();
}

}  // namespace replug::rules
