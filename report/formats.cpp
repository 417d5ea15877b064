#include "report/formats.h"

#include <algorithm>

#include "planner/ordering/order.h"
#include "report/concise.h"
#include "report/json/json.h"
#include "report/text/text.h"

namespace replug::report {
namespace {

/// The order of the steps of one plan.
std::string write_dot(const Account& account, const Options&) { return to_dot(account.plans.front().plan()); }
std::string write_mermaid(const Account& account, const Options&) { return to_mermaid(account.plans.front().plan()); }

}  // namespace

std::span<const Format> formats() {
  static const std::vector<Format> table = {
      {"text",
       "txt",
       "for a person: everything, with the lines of the plan",
       write_text,
       {"check", "lint", "simulate"}},
      {"json", "json", "for programs: everything, with places", write_json, {"check", "lint", "simulate"}},
      {"concise",
       "txt",
       "for editors and logs: a line for each finding, FILE:LINE:COLUMN first",
       write_concise,
       {"check", "lint"}},
      {"dot", "dot", "for Graphviz", write_dot, {"graph"}},
      {"mermaid", "mmd", "for Markdown pages that draw it", write_mermaid, {"graph"}},
  };
  return table;
}

std::vector<const Format*> formats_of(std::string_view command) {
  std::vector<const Format*> offered;
  for (const auto& format : formats()) {
    if (std::ranges::find(format.commands, command) != format.commands.end()) offered.push_back(&format);
  }
  return offered;
}

}  // namespace replug::report
