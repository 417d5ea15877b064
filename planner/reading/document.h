#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "planner/reading/problem.h"
#include "planner/reading/source.h"

namespace replug::planner {

namespace yaml {
class DocumentBuilder;
}

/// One value of a YAML document, with its place. Nodes are owned by their Document and never move.
///
/// A node is small (24 bytes): a plan of 100 000 steps has a million of them. Its text lies in the source if it is
/// written there as it reads; other text, items and entries lie in the document's storage.
class Node {
 public:
  enum class Kind : std::uint8_t { null, scalar, sequence, mapping };
  struct Entry {
    const Node* key;    ///< always a scalar
    const Node* value;  ///< never null; a missing value is a Node of Kind::null placed at the end of its key
  };

  [[nodiscard]] Kind kind() const { return kind_; }
  /// The scalar's text after YAML's unquoting; empty for everything else.
  [[nodiscard]] std::string_view text() const {
    return kind_ == Kind::scalar ? std::string_view(content_.text, count_) : std::string_view();
  }
  /// Written in quotes, as a block, or with the tag !!str: text even where it looks like a number.
  [[nodiscard]] bool quoted() const { return quoted_; }
  /// Where the value is written, quotes and brackets included, anchor and tag not. A value that is repeated by an alias
  /// keeps the place where it was first written.
  [[nodiscard]] Span span() const { return span_; }
  [[nodiscard]] std::span<const Node* const> items() const {
    return kind_ == Kind::sequence ? std::span(content_.items, count_) : std::span<const Node* const>();
  }
  /// In the order in which they are written; those that come through a merge key (<<) are the last.
  [[nodiscard]] std::span<const Entry> entries() const {
    return kind_ == Kind::mapping ? std::span(content_.mapping->entries, count_) : std::span<const Entry>();
  }
  /// The entry of that key, or nullptr.
  [[nodiscard]] const Entry* find(std::string_view key) const;

 private:
  friend class yaml::DocumentBuilder;
  struct KeyPlace {
    std::uint32_t hash;
    std::uint32_t index;
  };
  struct Mapping {
    const Entry* entries;
    const KeyPlace* by_key;  ///< the entries by the hash of their keys; nullptr where walking along them is as quick
  };
  union Content {
    const char* text = nullptr;
    const Node* const* items;
    const Mapping* mapping;
  };

  Kind kind_ = Kind::null;
  bool quoted_ = false;
  std::uint32_t count_ = 0;  ///< bytes, items or entries
  Span span_;
  Content content_;
};

/// Bounds on what is read, so that a hostile file ends in a clear problem instead of a hang.
struct DocumentLimits {
  std::size_t bytes = std::size_t{256} << 20;
  std::size_t depth = 64;
  std::size_t nodes = 20'000'000;     ///< nodes in the file
  std::size_t expanded = 50'000'000;  ///< nodes after aliases are followed
  std::size_t repeated = 250'000;     ///< nodes that aliases repeat, beside ten for each that is written
};

/// One YAML 1.2 document read from yaml-cpp's events. Problems do not stop at the first where the text allows going on.
/// `root()` is nullptr where there is nothing that could be read.
class Document {
 public:
  /// Reads the source, which must outlive the document. Never throws for what the text says.
  static Document parse(const Source& source, Problems& problems, const DocumentLimits& limits = {});

  [[nodiscard]] const Source& source() const { return *source_; }
  [[nodiscard]] const Node* root() const { return root_; }
  [[nodiscard]] Place place(const Node& node) const { return {source_, node.span()}; }

 private:
  friend class yaml::DocumentBuilder;
  explicit Document(const Source& source) : source_(&source) {}
  const Source* source_;
  const Node* root_ = nullptr;
  std::shared_ptr<const void> storage_;  ///< what the nodes lie in; its type is yaml::DocumentBuilder's business
};

}  // namespace replug::planner
