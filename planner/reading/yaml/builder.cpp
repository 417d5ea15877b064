#include "planner/reading/yaml/builder.h"

#include <new>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "planner/reading/yaml/characters.h"
#include "planner/reading/yaml/events.h"
#include "planner/reading/yaml/refusal.h"
#include "planner/reading/yaml/scalars.h"

namespace replug::planner::yaml {
namespace {

/// yaml-cpp's parser calls itself for every level, and stops at 500 calls.
constexpr std::size_t deepest = 400;

/// Aliases may always repeat so many values for each one that is written; see DocumentLimits::repeated.
constexpr std::size_t repeated_of_each = 10;

/// How many properties belong to the value itself: the first key of a mapping, or what follows an empty value, can
/// have some too.
int count_properties(AnchorNumber anchor, Tag tag) {
  return (anchor == no_anchor ? 0 : 1) + (tag == Tag::none ? 0 : 1);
}

}  // namespace

DocumentBuilder::DocumentBuilder(Document& document, DocumentProblems& problems, const DocumentLimits& limits)
    : document_(document),
      problems_(problems),
      limits_(limits),
      depth_(std::min(limits.depth, deepest)),
      text_(document.source().text()),
      begin_(text_.starts_with(byte_order_mark) ? byte_order_mark.size() : 0),
      prefix_(stream_prefix(text_.substr(skip_to_token(text_, begin_)))),
      start_(prefix_.empty() ? begin_ : skip_to_token(text_, begin_)),
      feed_(prefix_, text_.substr(start_)),
      storage_(std::make_shared<std::pmr::monotonic_buffer_resource>()),
      read_(begin_),
      entries_(problems, [this](std::size_t more, Span key) { count_nodes(more, key); }) {}

void DocumentBuilder::read() {
  try {
    read_documents();
  } catch (const Stop&) {  // the problem has been told
  }
}

void DocumentBuilder::read_documents() {
  try {
    if (const auto refused = read_events(feed_, *this)) fail_refused(*refused);
  } catch (const Choked&) {
    fail_choked();
  }
  if (documents_ == 0) fail_empty();
}

// ---- The events ----------------------------------------------------------------------------------------------------

void DocumentBuilder::begin_document(std::size_t mark) {
  feed_.heard();
  if (++documents_ > 1) fail_rest(offset(mark));
}

void DocumentBuilder::end_document() {
  if (root_ == nullptr) fail_empty();
  if (root_->kind() == Node::Kind::null && root_->span().begin == root_->span().end) fail_empty();
  document_.root_ = root_;
  document_.storage_ = storage_;
}

void DocumentBuilder::name_anchor(std::string_view name) {
  if (anchors_.wants_name()) anchors_.add_name(copy(name));
}

void DocumentBuilder::add_null(std::size_t mark, AnchorNumber anchor) {
  feed_.heard();
  const std::size_t at = offset(mark);
  const Span span = null_span(at, anchor != no_anchor);
  if (span.begin < span.end) complain_about_tab(at);
  read_ = std::max<std::size_t>(read_, span.end);
  const Node* const node = new_node(Node::Kind::null, span);
  anchors_.remember(anchor, node, {});
  const bool missing_value = span.begin == span.end && anchor == no_anchor && expects_value();
  add({node, span}, {});
  if (missing_value) skip_colon(text_.substr(at).starts_with('?'));
}

void DocumentBuilder::add_scalar(std::size_t mark, std::string_view tag, AnchorNumber anchor, std::string_view value) {
  feed_.heard();
  const std::size_t at = offset(mark);
  complain_about_tab(at);
  Tag resolved = resolve_tag(tag);
  Properties properties = skip_properties(text_, at, count_properties(anchor, resolved));
  if (!value.empty() && text_.substr(properties.content).starts_with('!')) {
    resolved = Tag::unknown;  // "!<>", which yaml-cpp takes for no tag at all
    properties = skip_properties(text_, at, 2);
  }
  const Writing writing = find_writing(text_, properties, value);
  if (writing.never_closed) fail_open_quote(writing.span.begin);
  last_ = writing.span.begin;
  read_ = writing.span.end;
  Node* const node = new_node(Node::Kind::scalar, writing.span);
  node->content_.text = writing.raw == value ? writing.raw.data() : copy(value).data();
  node->count_ = static_cast<std::uint32_t>(value.size());
  apply_tag(*node, resolved, properties.tag, writing.plain);
  anchors_.remember(anchor, node, {});
  add({node, writing.span}, {});
}

void DocumentBuilder::add_alias(std::size_t mark, AnchorNumber anchor) {
  feed_.heard();
  const std::size_t at = offset(mark);
  complain_about_tab(at);
  const Span span = make_span(at, anchor_end(text_, at));
  read_ = span.end;
  const auto* const meant = anchors_.find(anchor);
  if (meant == nullptr) {
    fail(span, fmt::format("The alias {} stands inside the value that it repeats.", quoted(cut(text_, span))),
         "Write the value out, or move the anchor.");
  }
  if (frames_.size() + meant->size.height > depth_) fail_deep(span);
  add({meant->node, span}, meant->size);
}

void DocumentBuilder::open(Node::Kind kind, const Opening& opening) {
  feed_.heard();
  const std::size_t at = offset(opening.mark);
  complain_about_tab(at);
  const Tag tag = resolve_tag(opening.tag);
  const Properties properties = skip_properties(text_, at, count_properties(opening.anchor, tag));
  const std::size_t begin = properties.content;
  if (frames_.size() >= depth_) fail_deep(character_at(text_, begin));
  // A single "key: value" inside [ ] has the style of brackets too, but none of its own.
  const char bracket = kind == Node::Kind::mapping ? '{' : '[';
  const bool bracketed = opening.in_brackets && text_.substr(begin).starts_with(bracket);
  const char closing = !bracketed ? '\0' : bracket == '{' ? '}' : ']';
  Node* const node = new_node(kind, make_span(begin, begin));
  apply_tag(*node, tag, properties.tag, true);
  anchors_.remember(opening.anchor, nullptr, {});
  frames_.push_back({node, children_.size(), opening.anchor, closing, {1, 1}});
  read_ = bracketed ? begin + 1 : begin;
}

void DocumentBuilder::close() {
  const Frame frame = frames_.back();
  const std::span<const Child> children = std::span(children_).subspan(frame.first_child);
  if (frame.closing != '\0') {
    read_ = find_closing(frame.closing);
    frame.node->span_.end = static_cast<std::uint32_t>(read_);
  } else if (!children.empty()) {
    frame.node->span_.end = std::max(frame.node->span_.begin, children.back().written.end);
  }
  if (frame.node->kind_ == Node::Kind::mapping) {
    fill_mapping(*frame.node, children);
  } else {
    fill_sequence(*frame.node, children);
  }
  children_.resize(frame.first_child);
  frames_.pop_back();
  anchors_.remember(frame.anchor, frame.node, frame.size);
  add({frame.node, frame.node->span_}, frame.size);
}

// ---- Places --------------------------------------------------------------------------------------------------------

std::size_t DocumentBuilder::offset(std::size_t mark) const {
  return std::min(start_ + mark - std::min(mark, prefix_.size()), text_.size());
}

bool DocumentBuilder::in_brackets() const {
  return std::any_of(frames_.begin(), frames_.end(), [](const Frame& frame) { return frame.closing != '\0'; });
}

Span DocumentBuilder::null_span(std::size_t at, bool anchored) {
  const Properties properties = skip_properties(text_, at, anchored ? 1 : 0);
  const std::size_t begin = properties.content;
  const std::size_t end = null_word_end(text_, begin);
  const std::size_t after = skip_to_token(text_, end);
  const bool ends_here = expects_key() || after == text_.size() || has_break(text_, end, after) ||
                         (in_brackets() && is_one_of(text_[after], ",]}"));
  if (begin >= read_ && begin < end && ends_here) return make_span(begin, end);
  if (anchored) return make_span(properties.end, properties.end);
  if (expects_key() && text_.substr(at).starts_with(':')) read_ = std::max(at, read_);
  if (in(Node::Kind::sequence)) skip_item_sign();
  return make_span(read_, read_);
}

void DocumentBuilder::skip_item_sign() {
  const std::size_t sign = skip_to_token(text_, read_);
  if (frames_.back().closing == '\0') {
    if (text_.substr(sign).starts_with('-')) read_ = sign + 1;
    return;
  }
  if (child_count() > 0 && text_.substr(sign).starts_with(',')) read_ = sign + 1;
  problems_.add(make_span(read_, read_), "A value is missing in this list.", "Write the value, or remove the comma.");
}

void DocumentBuilder::skip_colon(bool behind_question_mark) {
  const std::size_t colon = skip_to_token(text_, read_);
  if (text_.substr(colon).starts_with(':')) {
    read_ = colon + 1;
    return;
  }
  const Span key = children_[children_.size() - 2].written;
  if (is_glued(cut(text_, key))) {
    tell(explain_glued(text_, key));
  } else if (!in_brackets() && !behind_question_mark) {
    problems_.add(key, "This line is no \"key: value\".", "Write a key, a colon and a space before the value.");
  }
}

std::size_t DocumentBuilder::find_closing(char closing) const {
  for (std::size_t at = read_; (at = skip_to_token(text_, at)) < text_.size(); ++at) {
    if (text_[at] == closing) return at + 1;
    if (!is_one_of(text_[at], ",:?")) break;
  }
  return read_;
}

// ---- Nodes ---------------------------------------------------------------------------------------------------------

std::string_view DocumentBuilder::copy(std::string_view text) {
  char* const place = allocate<char>(text.size());
  std::copy(text.begin(), text.end(), place);
  return {place, text.size()};
}

void DocumentBuilder::count_nodes(std::size_t more, Span span) {
  nodes_ += more;
  if (nodes_ <= limits_.nodes) return;
  fail(span, fmt::format("The file has more than {} values.", limits_.nodes), "Split it into several files.");
}

Node* DocumentBuilder::new_node(Node::Kind kind, Span span) {
  count_nodes(1, span);
  Node* const node = new (allocate<Node>(1)) Node;
  node->kind_ = kind;
  node->span_ = span;
  return node;
}

void DocumentBuilder::add(Child child, Size size) {
  if (frames_.empty()) {
    root_ = child.node;
    return;
  }
  Frame& parent = frames_.back();
  children_.push_back(child);
  parent.size.expanded += size.expanded;
  parent.size.height = std::max(parent.size.height, size.height + 1);
  if (parent.size.expanded > limits_.repeated + (1 + repeated_of_each) * nodes_) {
    fail(child.written,
         fmt::format("Up to here aliases repeat {} values more than {} times what is written.", limits_.repeated,
                     repeated_of_each),
         "Follow fewer aliases to long lists or mappings, or split the file.");
  }
  if (parent.size.expanded <= limits_.expanded) return;
  fail(child.written, fmt::format("With its aliases followed the file has more than {} values.", limits_.expanded),
       "Use fewer aliases to values that contain aliases themselves.");
}

void DocumentBuilder::fill_sequence(Node& node, std::span<const Child> children) {
  const Node** const items = allocate<const Node*>(children.size());
  for (std::size_t i = 0; i < children.size(); ++i) items[i] = children[i].node;
  node.content_.items = items;
  node.count_ = static_cast<std::uint32_t>(children.size());
}

void DocumentBuilder::fill_mapping(Node& node, std::span<const Child> children) {
  entries_.gather(children);
  const auto all = entries_.all();
  auto* const mapping = new (allocate<Node::Mapping>(1)) Node::Mapping{};
  auto* const entries = allocate<Node::Entry>(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) entries[i] = all[i].entry;
  mapping->entries = entries;
  if (all.size() > small_mapping) {
    auto* const by_key = allocate<Node::KeyPlace>(all.size());
    std::ranges::transform(entries_.by_key(), by_key, [all](std::uint32_t index) {
      return Node::KeyPlace{all[index].hash, index};
    });
    mapping->by_key = by_key;
  }
  node.content_.mapping = mapping;
  node.count_ = static_cast<std::uint32_t>(all.size());
}

void DocumentBuilder::apply_tag(Node& node, Tag tag, Span place, bool plain) {
  const bool scalar = node.kind_ == Node::Kind::scalar;
  node.quoted_ = scalar && (tag == Tag::text || (tag == Tag::none && !plain));
  const bool fits = tag == Tag::none || (tag == Tag::mapping && node.kind_ == Node::Kind::mapping) ||
                    (tag == Tag::sequence && node.kind_ == Node::Kind::sequence) ||
                    (scalar && (tag == Tag::text || tag == Tag::plain)) ||
                    (scalar && tag == Tag::null && (node.text().empty() || is_null_word(node.text())));
  if (scalar && tag == Tag::null && fits) node.kind_ = Node::Kind::null;
  if (fits) return;
  const std::string written = quoted(cut(text_, place));
  if (tag == Tag::unknown) {
    problems_.add(place, fmt::format("The tag {} is unknown.", written),
                  "Remove the tag; only !!str, !!null, !!bool, !!int, !!float, !!map and !!seq are read.");
  } else {
    problems_.add(place, fmt::format("The tag {} does not fit its value.", written), "Remove the tag.");
  }
}

// ---- Problems ------------------------------------------------------------------------------------------------------

void DocumentBuilder::complain_about_tab(std::size_t at) {
  if (at == 0 || !is_blank(text_[at - 1]) || in_brackets()) return;
  std::size_t begin = at;
  while (begin > begin_ && is_blank(text_[begin - 1])) --begin;
  if (begin > begin_ && !is_break(text_[begin - 1])) return;
  const std::size_t tab = text_.substr(begin, at - begin).find('\t');
  if (tab != nowhere) tell(explain_tab(begin + tab));
}

void DocumentBuilder::tell(const Explanation& explanation) {
  // A tab can be met several times: at a mapping, at its first key, and when yaml-cpp gives up because of it.
  const std::size_t begin = explanation.span.begin;
  const bool tab = begin < explanation.span.end && text_[begin] == '\t';
  if (tab && std::exchange(last_tab_, begin) == begin) return;
  Problem problem{problems_.place(explanation.span), explanation.message, explanation.help, {}};
  if (explanation.related) {
    problem.related.push_back({explanation.related->first, problems_.place(explanation.related->second)});
  }
  problems_.add(std::move(problem));
}

void DocumentBuilder::fail(Span span, std::string message, std::string help) {
  problems_.add(span, std::move(message), std::move(help));
  throw Stop{};
}

void DocumentBuilder::fail_deep(Span span) {
  fail(span, fmt::format("The values are nested deeper than {} levels.", depth_), "Nest them less deeply.");
}

void DocumentBuilder::fail_empty() {
  fail(make_span(begin_, begin_), "There is nothing to read.", "Write a plan into it.");
}

void DocumentBuilder::fail_choked() {
  document_.root_ = nullptr;
  fail(make_span(read_, read_), "A bracket that is opened behind this place has too much in it to be read.",
       "Write large lists in lines with \"- \" instead of brackets.");
}

void DocumentBuilder::fail_open_quote(std::size_t quote) {
  tell(explain_open_quote({text_, text_.size(), quote, quote, std::nullopt, {}}));
  throw Stop{};
}

void DocumentBuilder::fail_rest(std::size_t at) {
  const std::string_view before = text_.substr(0, at);
  const std::string_view read = before.substr(0, before.find_last_not_of(" \t\r\n") + 1);
  const bool marked = text_.substr(at).starts_with("---");
  if (marked || read.ends_with("...")) {
    fail(marked ? make_span(at, at + 3) : trimmed_line(text_, at), "A second document begins here.",
         "Write every document into a file of its own.");
  }
  document_.root_ = nullptr;  // what was read is only the beginning of what was meant
  if (const auto told = explain_missing_space(text_, at)) {
    tell(*told);
  } else {
    tell({make_span(at, word_end(text_, at)), "The document has ended before this.",
          "Check the indentation: all of a document belongs to one mapping, one list or one value.",
          std::pair(std::string("The document begins here."), character_at(text_, root_->span().begin))});
  }
  throw Stop{};
}

void DocumentBuilder::fail_refused(const Refused& refused) {
  document_.root_ = nullptr;
  Scene scene{text_, offset(refused.mark), last_, read_, std::nullopt, anchors_.names()};
  if (refused.refusal == Refusal::too_deep) fail_deep(character_at(text_, scene.at));
  const auto open = std::find_if(frames_.rbegin(), frames_.rend(), [](const Frame& f) { return f.closing != '\0'; });
  if (open != frames_.rend()) scene.bracket = open->node->span_.begin;
  tell(explain(refused.refusal, refused.said, scene));
  throw Stop{};
}

}  // namespace replug::planner::yaml
