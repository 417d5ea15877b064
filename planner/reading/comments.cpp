#include "planner/reading/comments.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

namespace replug::planner {
namespace {

/// A # that may begin a comment: it stands behind a blank, or first in its line.
struct Sign {
  std::uint32_t at;
  bool in_value = false;
};

bool is_blank(char c) { return c == ' ' || c == '\t'; }

void add_signs(std::string_view text, std::size_t begin, std::size_t end, std::vector<Sign>& signs) {
  for (std::size_t at = text.find('#', begin); at < end; at = text.find('#', at + 1)) {
    if (at == begin || is_blank(text[at - 1])) signs.push_back({static_cast<std::uint32_t>(at)});
  }
}

std::size_t line_begin(std::string_view text, std::size_t at) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  const std::size_t line_break = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  if (line_break != std::string_view::npos) return line_break + 1;
  return text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
}

std::size_t line_end(std::string_view text, std::size_t at) {
  const std::size_t end = std::min(text.find('\n', at), text.size());
  return end > at && text[end - 1] == '\r' ? end - 1 : end;
}

/// The signs of all lines that have the word.
std::vector<Sign> signs_of(std::string_view text, std::string_view word) {
  std::vector<Sign> signs;
  for (std::size_t at = text.find(word); at != std::string_view::npos;) {
    const std::size_t end = line_end(text, at);
    add_signs(text, line_begin(text, at), end, signs);
    at = text.find(word, end);
  }
  return signs;
}

/// Marks the signs that are part of a key or a value. What an alias repeats is looked at only where it is written.
class ValueMarker {
 public:
  ValueMarker(std::string_view text, std::vector<Sign>& signs) : text_(text), signs_(signs) {}

  void visit(const Node& node) {
    const Span span = node.span();
    if (span.begin < reached_) return;
    auto sign = std::ranges::lower_bound(signs_, span.begin, {}, &Sign::at);
    if (sign == signs_.end() || sign->at >= span.end) return;
    if (node.kind() == Node::Kind::scalar) {
      const std::size_t content = is_block(span) ? line_end(text_, span.begin) : span.begin;
      for (; sign != signs_.end() && sign->at < span.end; ++sign) sign->in_value = sign->at >= content;
    }
    for (const Node* item : node.items()) visit(*item);
    for (const Node::Entry& entry : node.entries()) {
      visit(*entry.key);
      visit(*entry.value);
    }
    reached_ = std::max(reached_, span.end);
  }

 private:
  /// The line that begins a block text (`|2- # comment`) is not yet the text.
  [[nodiscard]] bool is_block(Span span) const { return text_[span.begin] == '|' || text_[span.begin] == '>'; }

  std::string_view text_;
  std::vector<Sign>& signs_;
  std::uint32_t reached_ = 0;
};

}  // namespace

std::vector<Comment> comments_with(const Document& document, std::string_view word) {
  const std::string_view text = document.source().text();
  std::vector<Sign> signs = signs_of(text, word);
  if (!signs.empty() && document.root() != nullptr) ValueMarker(text, signs).visit(*document.root());
  std::vector<Comment> comments;
  for (const Sign& sign : signs) {
    if (sign.in_value || (!comments.empty() && sign.at < comments.back().span.end)) continue;
    const std::size_t end = line_end(text, sign.at);
    const std::size_t begin = line_begin(text, sign.at);
    const bool alone = std::ranges::all_of(text.substr(begin, sign.at - begin), is_blank);
    comments.push_back({{sign.at, static_cast<std::uint32_t>(end)}, alone});
  }
  std::erase_if(comments, [&](const Comment& comment) {
    return text.substr(comment.span.begin, comment.span.end - comment.span.begin).find(word) == std::string_view::npos;
  });
  return comments;
}

}  // namespace replug::planner
