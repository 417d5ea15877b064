#pragma once

#include <span>
#include <string>

#include "planner/reading/source.h"
#include "report/telling/page.h"

namespace replug::report {

/// A place to show with what is to be said of it. The primary one is underlined with ^, the others with -.
struct Mark {
  planner::Place place;
  std::string label;
  bool primary = true;
};

/// Shows where: `--> file:line:column` of the first mark, then the source lines with the marks under them, by line.
/// Every mark must be in the source of the first. Tabs, control characters and wide characters keep the marks in place;
/// a long line is shown around its mark.
void write_excerpt(Page& page, std::span<const Mark> marks);

/// `plans/upgrade.yaml:12:7`.
std::string place_text(const planner::Place& place);

}  // namespace replug::report
