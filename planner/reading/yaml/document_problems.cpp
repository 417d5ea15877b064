#include "planner/reading/yaml/document_problems.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "text/printable.h"

namespace replug::planner::yaml {

void DocumentProblems::add(Problem problem) {
  if (problems_.size() - first_ < most_listed) {
    problems_.push_back(std::move(problem));
  } else {
    ++left_out_;
  }
}

void DocumentProblems::add(Span span, std::string message, std::string help) {
  add(Problem{place(span), std::move(message), std::move(help), {}});
}

void DocumentProblems::finish() {
  const auto first = problems_.begin() + static_cast<std::ptrdiff_t>(first_);
  std::stable_sort(first, problems_.end(), [](const Problem& left, const Problem& right) {
    return left.place.span.begin < right.place.span.begin;
  });
  if (left_out_ == 0) return;
  problems_.push_back({place({}),
                       fmt::format("There are {} more problems in the file.", left_out_),
                       fmt::format("Only {} are listed; mend these first.", most_listed),
                       {}});
}

std::string quoted(std::string_view text) { return fmt::format("\"{}\"", text::printable(text)); }

}  // namespace replug::planner::yaml
