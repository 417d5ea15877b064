#pragma once

#include <string_view>
#include <vector>

#include "planner/reading/document.h"

namespace replug::planner {

/// A comment, from its # to the end of its line.
struct Comment {
  Span span;
  bool alone = false;  ///< there is nothing else on its line
};

/// The comments of a document that contain `word`, in the order of the text. YAML's events leave comments out, so they
/// are found in the text again: a # that no value contains.
std::vector<Comment> comments_with(const Document& document, std::string_view word);

}  // namespace replug::planner
