#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "planner/reading/document.h"
#include "planner/reading/yaml/document_problems.h"

namespace replug::planner::yaml {

/// A value inside another one.
struct Child {
  const Node* node = nullptr;
  Span written;  ///< the alias, where it is one
};

/// Up to here walking along the entries is as quick as searching in an index.
constexpr std::size_t small_mapping = 16;

/// The entries of one mapping after another: as they are written, then those of the merge key (`<<`). The first of
/// equal keys is kept: a merged key gives way silently, a written one is a problem.
class MappingEntries {
 public:
  /// An entry before repeated keys are sorted out.
  struct Candidate {
    Node::Entry entry;
    Span key;
    bool merged = false;
    bool repeated = false;
  };
  /// Told how many entries are about to be copied by a merge key, since they take memory like nodes. May throw.
  using Count = std::function<void(std::size_t, Span)>;

  MappingEntries(DocumentProblems& problems, Count count) : problems_(problems), count_(std::move(count)) {}

  /// Takes the children of a mapping: keys and values take turns.
  void gather(std::span<const Child> children);
  [[nodiscard]] std::span<const Candidate> all() const { return candidates_; }
  /// The entries' indices by key; only of a mapping that is not small.
  [[nodiscard]] std::span<const std::uint32_t> by_key() const { return order_; }

 private:
  void collect(std::span<const Child> children);
  void collect_merged(const Node& value, Span key);
  void collect_from(const Node& mapping, Span key);
  void drop_repeated();
  bool mark_repeated_in_small();
  bool mark_repeated_in_order();
  /// Fills `order_` with the candidates' indices, by key and then as they were collected.
  void sort_by_key();
  void mark_repeated(const Candidate& first, Candidate& later);
  [[nodiscard]] std::string_view key_text(std::size_t index) const { return candidates_[index].entry.key->text(); }

  void complain_about_repeated(std::string_view key, Span later, Span first);
  void complain_about_merge(Span key);
  void complain_about_key(const Child& key);

  DocumentProblems& problems_;
  Count count_;
  std::vector<Candidate> candidates_;  ///< of the mapping that just ends
  std::vector<std::uint32_t> order_;
};

}  // namespace replug::planner::yaml
