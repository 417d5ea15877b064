#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "planner/reading/document.h"

namespace replug::planner::yaml {

/// yaml-cpp numbers the anchors of a document.
using AnchorNumber = std::size_t;
constexpr AnchorNumber no_anchor = 0;

/// What aliases multiply: values with everything in them, and levels of nesting below.
struct Size {
  std::uint64_t expanded = 1;
  std::size_t height = 0;
};

/// The values that aliases can repeat.
class Anchors {
 public:
  struct Anchored {
    const Node* node = nullptr;  ///< nullptr while the value is being read: an alias to it would contain itself
    Size size;
  };

  /// Only for "did you mean"; a thousand names are enough for that.
  [[nodiscard]] bool wants_name() const { return names_.size() < 1000; }
  void add_name(std::string_view name) { names_.push_back(name); }
  [[nodiscard]] std::span<const std::string_view> names() const { return names_; }

  void remember(AnchorNumber anchor, const Node* node, Size size);
  /// nullptr while the value is being read.
  [[nodiscard]] const Anchored* find(AnchorNumber anchor) const;

 private:
  std::vector<Anchored> anchored_;
  std::vector<std::string_view> names_;
};

}  // namespace replug::planner::yaml
