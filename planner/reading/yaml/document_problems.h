#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "planner/reading/problem.h"

namespace replug::planner::yaml {

/// Thrown to leave yaml-cpp when reading on makes no sense. The problem has been told by then.
struct Stop {};

/// The problems of one document: in the order of the text, and no flood of them.
class DocumentProblems {
 public:
  static constexpr std::size_t most_listed = 100;

  DocumentProblems(const Source& source, Problems& problems)
      : source_(source), problems_(problems), first_(problems.size()) {}

  [[nodiscard]] Place place(Span span) const { return {&source_, span}; }

  void add(Problem problem);
  void add(Span span, std::string message, std::string help);
  /// Sorts what was found (a mapping is judged when it ends, after what is in it) and says what was left out.
  void finish();

 private:
  const Source& source_;
  Problems& problems_;
  std::size_t first_;
  std::size_t left_out_ = 0;
};

/// Text of the document as it can stand in a message.
std::string quoted(std::string_view text);

}  // namespace replug::planner::yaml
