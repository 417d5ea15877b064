#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <unordered_map>
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

/// By which the entries of a larger mapping are sorted.
std::uint32_t key_hash(std::string_view key);

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
    std::uint32_t hash = 0;      ///< of the key; 0 in a small mapping without a merge key
    const Node* same = nullptr;  ///< beside a merge key: the first key of the document with this text
  };
  /// Told how many entries are about to be copied by a merge key, since they take memory like nodes. May throw.
  using Count = std::function<void(std::size_t, Span)>;

  MappingEntries(DocumentProblems& problems, Count count) : problems_(problems), count_(std::move(count)) {}

  /// Takes the children of a mapping: keys and values take turns.
  void gather(std::span<const Child> children);
  [[nodiscard]] std::span<const Candidate> all() const { return candidates_; }
  /// The entries' indices by the hash of their keys; only of a mapping that is not small.
  [[nodiscard]] std::span<const std::uint32_t> by_key() const { return order_; }

 private:
  /// Gives whether there is a merge key.
  bool collect(std::span<const Child> children);
  void collect_merged(const Node& value, Span key);
  void collect_from(const Node& mapping, Span key);
  void identify(bool merges);
  void identify_merging(Candidate& candidate);
  void drop_repeated();
  bool mark_repeated_in_small();
  bool mark_repeated_in_order();
  /// Fills `order_` with the candidates' indices: by hash, equal keys side by side and as they were collected.
  void sort_by_key();
  void mark_repeated(const Candidate& first, Candidate& later);
  static int compare_keys(const Candidate& left, const Candidate& right);

  void complain_about_repeated(std::string_view key, Span later, Span first);
  void complain_about_merge(Span key);
  void complain_about_key(const Child& key);

  DocumentProblems& problems_;
  Count count_;
  std::vector<Candidate> candidates_;  ///< of the mapping that just ends
  std::vector<std::uint32_t> order_;
  /// A key that is merged into many mappings is read once: long names could not be compared in each of them.
  struct Known {
    std::uint32_t hash;
    const Node* same;
  };
  std::unordered_map<const Node*, Known> known_;
  std::unordered_map<std::string_view, const Node*> first_with_;  ///< of the keys beside and behind merge keys, by text
};

}  // namespace replug::planner::yaml
