#include <string>
#include <string_view>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "report/telling/changes.h"
#include "report/telling/columns.h"
#include "report/telling/excerpt.h"
#include "report/telling/words.h"
#include "report/text/parts.h"
#include "simulator/vault/messages.h"

namespace replug::report {
namespace {

constexpr std::size_t longest_error = 240;  // characters of an error text; all of it is in the JSON

/// Writes one step; what stands below its line is indented by `indent`.
class StepText {
 public:
  StepText(Page& page, const PlanAccount& plan, const StepAccount& step, std::size_t digits)
      : page_(page), plan_(plan), step_(step), forecast_(*step.forecast), digits_(digits), indent_(digits + 4, ' ') {}

  void write() {
    write_line();
    write_refusals();
    for (const auto& warning : simulator::warnings_of(forecast_.reply)) {
      remark("the server warns", one_line(warning, longest_error));
    }
    for (const auto& change : change_lines(plan_.world(), forecast_.changes)) {
      page_.paragraph(indent_, change.text, Ink::plain, indent_.size() + 2);
      if (!change.why.empty()) page_.paragraph(indent_ + "  ", fmt::format("({})", change.why), Ink::faint);
    }
    write_claims();
    for (const auto& what : forecast_.not_modelled) remark("not modelled", one_line(what));
    for (const auto& what : forecast_.unverified) remark("unverified", one_line(what));
    if (const auto note = step_.step().note; !note.empty()) remark("note", one_line(note.view()));
  }

 private:
  void write_line() {
    const auto number = fmt::format("{:>{}}  ", forecast_.step + 1, digits_ + 2);
    const auto who = receiver_words(plan_, step_);
    const auto said = page_.painted(is_good(step_.outcome) ? Ink::good : Ink::bad, outcome_words(step_));
    const auto result = who.empty() ? said : who + ": " + said;
    auto lines = wrapped(name() + short_line(command(plan_, step_)), page_.width() - columns(number) - 2);
    auto before = page_.painted(Ink::faint, number);
    for (auto& line : lines) {
      const bool last = &line == &lines.back();
      const auto taken = columns(before) + columns(line);
      if (last && taken + 2 + columns(result) <= page_.width()) {
        line += std::string(page_.width() - taken - columns(result), ' ') + result;
        page_.line(before + line);
        return;
      }
      page_.line(before + line);
      before = indent_ + "  ";
    }
    page_.line(indent_ + "-> " + result);
  }

  /// The step's own name; the default one only repeats its number.
  [[nodiscard]] std::string name() const {
    const auto id = step_.step().id.view();
    if (id == fmt::format("step-{}", forecast_.step + 1)) return "";
    return page_.painted(Ink::strong, one_line(id) + ":") + " ";
  }

  /// Who refused, where there were several; and why.
  void write_refusals() {
    if (forecast_.replies.size() < 2) return write_errors("", forecast_.reply);
    for (const auto& each : forecast_.replies) {
      if (each.reply.ok()) continue;
      write_errors(node_word(plan_.world(), each.node) + ": ", each.reply);
    }
  }

  void write_errors(const std::string& who, const simulator::Reply& reply) {
    if (reply.ok()) return;
    const auto ink = is_good(step_.outcome) ? Ink::plain : Ink::bad;
    for (const auto& error : simulator::errors_of(reply)) {
      page_.paragraph(indent_ + who, one_line(error, longest_error), ink);
    }
    if (reply.hangs) page_.paragraph(indent_ + who, "The server never answers this request.", ink);
  }

  void write_claims() {
    const auto claims = judged_claims(plan_, step_);
    std::size_t holding = 0;
    for (const auto& claim : claims) {
      if (claim.result->holds) {
        ++holding;
      } else {
        write_claim(page_, indent_, plan_.world(), claim);
      }
    }
    if (holding > 0) page_.line(indent_ + fmt::format("{} as expected", count(holding, "claim")));
  }

  void remark(std::string_view word, const std::string& text) {
    page_.paragraph(indent_ + page_.painted(Ink::careful, fmt::format("{}: ", word)), text, Ink::plain,
                    indent_.size() + 2);
  }

  Page& page_;
  const PlanAccount& plan_;
  const StepAccount& step_;
  const simulator::StepForecast& forecast_;
  std::size_t digits_;
  std::string indent_;
};

}  // namespace

void write_steps(Page& page, const PlanAccount& plan) {
  const auto digits = std::to_string(plan.plan().steps.size()).size();
  for (const auto& step : plan.steps) StepText(page, plan, step, digits).write();
}

void write_claim(Page& page, const std::string& indent, const simulator::World& world, const JudgedClaim& claim) {
  const auto node = claim.result->node;
  const auto where = node == simulator::no_node ? "" : " on " + node_word(world, node);
  const auto found = claim.result->found.empty() ? "nothing" : one_line(claim.result->found);
  page.paragraph(indent + page.painted(Ink::bad, "NOT AS EXPECTED: "),
                 fmt::format("{}; found {}{}", one_line(claim.text), found, where), Ink::plain, indent.size() + 2);
  if (claim.place.known()) page.line(indent + "  " + page.painted(Ink::place, "--> ") + place_text(claim.place));
}

}  // namespace replug::report
