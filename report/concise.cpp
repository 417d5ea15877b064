#include "report/concise.h"

#include <limits>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "report/telling/columns.h"
#include "report/telling/excerpt.h"
#include "report/telling/page.h"
#include "report/telling/words.h"
#include "rules/judging/rule.h"

namespace replug::report {
namespace {

std::string line_of(const PlanAccount& plan, const Diagnostic& diagnostic) {
  const auto& place = diagnostic.said->place;
  const auto message = one_line(diagnostic.said->message);
  const auto where = place.known() ? place_text(place) : one_line(plan.file()) + ":1:1";
  if (diagnostic.rule() == nullptr) return fmt::format("{}: error {}", where, message);
  return fmt::format("{}: {}{}[{}] {}", where, diagnostic.suppressed() ? "suppressed " : "", kind_word(diagnostic.kind),
                     diagnostic.rule()->id, message);
}

}  // namespace

std::string write_concise(const Account& account, const Options& options) {
  Page page(std::numeric_limits<std::size_t>::max(), false);
  for (const auto& plan : account.plans) {
    for (const auto& diagnostic : plan.diagnostics) {
      if (!diagnostic.suppressed() || options.show_suppressed) page.line(line_of(plan, diagnostic));
    }
  }
  return page.take();
}

}  // namespace replug::report
