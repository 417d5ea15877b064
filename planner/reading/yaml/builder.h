#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "planner/reading/document.h"
#include "planner/reading/yaml/anchors.h"
#include "planner/reading/yaml/document_problems.h"
#include "planner/reading/yaml/feed.h"
#include "planner/reading/yaml/mapping_entries.h"
#include "planner/reading/yaml/places.h"
#include "planner/reading/yaml/tags.h"

namespace replug::planner::yaml {

struct Refused;
struct Explanation;

/// Takes yaml-cpp's events and builds the nodes.
///
/// yaml-cpp splits the text; its own tree (YAML::Node) is of no use here: it loses one of two equal keys and the style
/// of a text, and it walks into an alias bomb. yaml-cpp reads some things that are no YAML (a quote that never ends)
/// and says little about the others; both are put right here.
///
/// `read_` follows along: the end of the last thing in the text that an event has told. What has no place of its own,
/// such as a closing bracket or a missing value, is found from there.
class DocumentBuilder {
 public:
  DocumentBuilder(Document& document, DocumentProblems& problems, const DocumentLimits& limits);

  /// Reads the whole text. The document has a root afterwards if there is one to go on with.
  void read();

  // The events. A mark is the byte where yaml-cpp says that something is; a tag is whole, and empty if there is none.
  void begin_document(std::size_t mark);
  void end_document();
  void name_anchor(std::string_view name);
  void add_null(std::size_t mark, AnchorNumber anchor);
  void add_scalar(std::size_t mark, std::string_view tag, AnchorNumber anchor, std::string_view value);
  void add_alias(std::size_t mark, AnchorNumber anchor);
  struct Opening {
    std::size_t mark;
    std::string_view tag;
    AnchorNumber anchor;
    bool in_brackets;
  };
  void open(Node::Kind kind, const Opening& opening);
  void close();

 private:
  /// A sequence or mapping that has begun and not ended.
  struct Frame {
    Node* node;
    std::size_t first_child;
    AnchorNumber anchor;
    char closing;  ///< the bracket that ends it, or '\0'
    Size size;
  };

  void read_documents();

  // -- places --
  /// The byte of the text at a mark: yaml-cpp counts the prefix too.
  [[nodiscard]] std::size_t offset(std::size_t mark) const;
  [[nodiscard]] bool in_brackets() const;
  [[nodiscard]] std::size_t child_count() const { return children_.size() - frames_.back().first_child; }
  [[nodiscard]] bool in(Node::Kind kind) const { return !frames_.empty() && frames_.back().node->kind_ == kind; }
  [[nodiscard]] bool expects_key() const { return in(Node::Kind::mapping) && child_count() % 2 == 0; }
  [[nodiscard]] bool expects_value() const { return in(Node::Kind::mapping) && child_count() % 2 == 1; }
  /// yaml-cpp marks a missing value at whatever comes next, which may be a key that is called null.
  Span null_span(std::size_t at, bool anchored);
  /// To the place of an item that is missing: behind its dash, or behind the comma in front of it.
  void skip_item_sign();
  /// Past the colon behind which a value is missing, so that what follows is found from there. yaml-cpp lets the colon
  /// be missing as well, which YAML allows only in brackets and behind a "?" (and a forgotten space looks like that).
  void skip_colon(bool behind_question_mark);
  /// Past the bracket that ends a sequence or mapping. Between its last value and the bracket is nothing that counts.
  [[nodiscard]] std::size_t find_closing(char closing) const;

  // -- nodes --
  template <class T>
  [[nodiscard]] T* allocate(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>, "the storage is dropped as a whole");
    return std::pmr::polymorphic_allocator<T>(storage_.get()).allocate(std::max<std::size_t>(count, 1));
  }
  [[nodiscard]] std::string_view copy(std::string_view text);
  void count_nodes(std::size_t more, Span span);
  [[nodiscard]] Node* new_node(Node::Kind kind, Span span);
  void add(Child child, Size size);
  void fill_sequence(Node& node, std::span<const Child> children);
  void fill_mapping(Node& node, std::span<const Child> children);
  /// Applies the tag to a node, or tells why that cannot be. `plain`: written without quotes.
  void apply_tag(Node& node, Tag tag, Span place, bool plain);

  // -- problems --
  /// Every tab in the indentation is a problem, also where yaml-cpp lets it pass. Inside brackets it indents nothing.
  void complain_about_tab(std::size_t at);
  void tell(const Explanation& explanation);
  [[noreturn]] void fail(Span span, std::string message, std::string help);
  [[noreturn]] void fail_deep(Span span);
  [[noreturn]] void fail_empty();
  [[noreturn]] void fail_choked();
  [[noreturn]] void fail_open_quote(std::size_t quote);
  /// What follows the document: another one, or a line that fits nothing above it.
  [[noreturn]] void fail_rest(std::size_t at);
  /// yaml-cpp gives up: the rest of the text cannot be read.
  [[noreturn]] void fail_refused(const Refused& refused);

  Document& document_;
  DocumentProblems& problems_;
  const DocumentLimits& limits_;
  std::size_t depth_;
  std::string_view text_;
  std::size_t begin_;        ///< behind the byte order mark
  std::string_view prefix_;  ///< what yaml-cpp reads before the text
  std::size_t start_;        ///< the first byte of the text that it reads
  Feed feed_;
  std::shared_ptr<std::pmr::monotonic_buffer_resource> storage_;

  std::size_t read_;
  std::size_t last_ = 0;  ///< where the last scalar began
  std::size_t nodes_ = 0;
  std::size_t documents_ = 0;
  std::size_t last_tab_ = nowhere;
  const Node* root_ = nullptr;
  std::vector<Frame> frames_;
  std::vector<Child> children_;  ///< of all open frames; keys and values take turns
  Anchors anchors_;
  MappingEntries entries_;
};

}  // namespace replug::planner::yaml
