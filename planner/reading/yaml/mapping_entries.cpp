#include "planner/reading/yaml/mapping_entries.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace replug::planner::yaml {

std::uint32_t key_hash(std::string_view key) { return static_cast<std::uint32_t>(XXH3_64bits(key.data(), key.size())); }

void MappingEntries::gather(std::span<const Child> children) {
  candidates_.clear();
  identify(collect(children));
  drop_repeated();
}

bool MappingEntries::collect(std::span<const Child> children) {
  std::optional<std::size_t> merge;
  for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
    const Node& key = *children[i].node;
    if (key.kind() != Node::Kind::scalar) {
      complain_about_key(children[i]);
    } else if (key.text() != "<<" || key.quoted()) {
      candidates_.push_back({{&key, children[i + 1].node}, children[i].written});
    } else if (merge) {
      complain_about_repeated("<<", children[i].written, children[*merge].written);
    } else {
      merge = i;
    }
  }
  if (merge) collect_merged(*children[*merge + 1].node, children[*merge].written);
  return merge.has_value();
}

void MappingEntries::collect_merged(const Node& value, Span key) {
  if (value.kind() == Node::Kind::mapping) return collect_from(value, key);
  if (value.kind() != Node::Kind::sequence) return complain_about_merge(key);
  for (const Node* const item : value.items()) {
    if (item->kind() != Node::Kind::mapping) return complain_about_merge(key);
    collect_from(*item, key);
  }
}

void MappingEntries::collect_from(const Node& mapping, Span key) {
  count_(mapping.entries().size(), key);  // the entries are copied, so they take memory like nodes
  for (const Node::Entry& entry : mapping.entries()) candidates_.push_back({entry, key, true});
}

void MappingEntries::identify(bool merges) {
  if (!merges && candidates_.size() <= small_mapping) return;
  for (Candidate& candidate : candidates_) {
    if (merges) {
      identify_merging(candidate);
    } else {
      candidate.hash = key_hash(candidate.entry.key->text());
    }
  }
}

void MappingEntries::identify_merging(Candidate& candidate) {
  const Node* const key = candidate.entry.key;
  const auto [known, added] = known_.try_emplace(key);
  if (added) known->second = {key_hash(key->text()), first_with_.try_emplace(key->text(), key).first->second};
  candidate.hash = known->second.hash;
  candidate.same = known->second.same;
}

int MappingEntries::compare_keys(const Candidate& left, const Candidate& right) {
  if (left.hash != right.hash) return left.hash < right.hash ? -1 : 1;
  if (left.same != nullptr && right.same != nullptr) {
    return left.same == right.same ? 0 : std::less<>{}(left.same, right.same) ? -1 : 1;
  }
  return left.entry.key->text().compare(right.entry.key->text());
}

void MappingEntries::drop_repeated() {
  const bool found = candidates_.size() <= small_mapping ? mark_repeated_in_small() : mark_repeated_in_order();
  if (!found) return;
  std::erase_if(candidates_, [](const Candidate& candidate) { return candidate.repeated; });
  if (candidates_.size() > small_mapping) sort_by_key();
}

bool MappingEntries::mark_repeated_in_small() {
  bool found = false;
  for (std::size_t later = 1; later < candidates_.size(); ++later) {
    for (std::size_t first = 0; first < later; ++first) {
      if (candidates_[first].repeated || compare_keys(candidates_[first], candidates_[later]) != 0) continue;
      mark_repeated(candidates_[first], candidates_[later]);
      found = true;
      break;
    }
  }
  return found;
}

bool MappingEntries::mark_repeated_in_order() {
  sort_by_key();
  bool found = false;
  std::size_t first = order_.front();
  for (const std::uint32_t later : std::span(order_).subspan(1)) {
    if (compare_keys(candidates_[first], candidates_[later]) == 0) {
      mark_repeated(candidates_[first], candidates_[later]);
      found = true;
    } else {
      first = later;
    }
  }
  return found;
}

void MappingEntries::sort_by_key() {
  order_.resize(candidates_.size());
  std::iota(order_.begin(), order_.end(), 0U);
  std::sort(order_.begin(), order_.end(), [this](std::uint32_t left, std::uint32_t right) {
    const int order = compare_keys(candidates_[left], candidates_[right]);
    return order != 0 ? order < 0 : left < right;
  });
}

void MappingEntries::mark_repeated(const Candidate& first, Candidate& later) {
  later.repeated = true;
  if (!later.merged) complain_about_repeated(later.entry.key->text(), later.key, first.key);
}

void MappingEntries::complain_about_repeated(std::string_view key, Span later, Span first) {
  problems_.add({problems_.place(later),
                 fmt::format("The key {} is written twice.", quoted(key)),
                 "Remove one of the two, or rename it.",
                 {{"First written here.", problems_.place(first)}}});
}

void MappingEntries::complain_about_merge(Span key) {
  problems_.add(key, "The merge key \"<<\" takes a mapping or a list of mappings.",
                "Write an alias to a mapping behind it, such as \"<<: *defaults\".");
}

void MappingEntries::complain_about_key(const Child& key) {
  if (key.node->kind() == Node::Kind::null) {
    const bool missing = key.written.begin == key.written.end;
    problems_.add(key.written, missing ? "A key is missing here." : "A key cannot be null.",
                  missing ? "Write the key." : "Put it in quotes if it is meant as a text.");
  } else {
    problems_.add(
        key.written,
        fmt::format("A key must be a text, not a {}.", key.node->kind() == Node::Kind::mapping ? "mapping" : "list"),
        "Write a simple key; put it in quotes if it begins with a bracket.");
  }
}

}  // namespace replug::planner::yaml
