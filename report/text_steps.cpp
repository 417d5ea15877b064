#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "report/changes.h"
#include "report/columns.h"
#include "report/excerpt.h"
#include "report/text.h"
#include "report/words.h"
#include "simulator/vault/messages.h"

namespace replug::report {
namespace {

using simulator::Reply;
using simulator::Step;
using simulator::StepForecast;

constexpr std::size_t longest_error = 240;  // characters of an error text; all of it is in the JSON

/// What a step came to: good, or not what the plan meant.
struct Answer {
  std::string text;
  Ink ink = Ink::good;
};

std::string accepted(const Step& step, const Reply& reply) {
  if (std::holds_alternative<simulator::Confirm>(step.action)) return "a person must say yes";
  if (reply.status == 0) return "done";
  if (!reply.answered_by) return fmt::format("ok ({})", reply.status);
  const auto& by = *reply.answered_by;
  return fmt::format("ok ({}), answered by {}", reply.status,
                     by.version.empty() ? "sha256 " + short_sha256(by.sha256.view()) : one_line(by.version.view()));
}

Answer answer(const Step& step, const StepForecast& forecast) {
  const auto& reply = forecast.reply;
  if (std::holds_alternative<simulator::Check>(step.action)) {
    return forecast.as_meant ? Answer{"holds", Ink::good} : Answer{"DOES NOT HOLD", Ink::bad};
  }
  const bool meant_to_fail = step.fails.has_value();
  if (reply.ok() && meant_to_fail) return {accepted(step, reply) + ", BUT THE PLAN SAYS IT FAILS", Ink::bad};
  if (reply.ok()) return {accepted(step, reply), Ink::good};
  if (reply.hangs) return {"NO ANSWER, it hangs", Ink::bad};
  const auto status = reply.status == 0 ? "" : fmt::format(" ({})", reply.status);
  if (!meant_to_fail) return {"REFUSED" + status, Ink::bad};
  const bool as_meant = step.fails->part.empty() || simulator::says(reply, step.fails->part.view());
  return as_meant ? Answer{"refused" + status + " as the plan says", Ink::good}
                  : Answer{"REFUSED" + status + ", BUT WITH ANOTHER ERROR", Ink::bad};
}

/// Writes one step; what stands below its line is indented by `indent`.
class StepText {
 public:
  StepText(Page& page, const planner::Plan& plan, const simulator::World& world, const StepForecast& forecast,
           std::size_t digits)
      : page_(page),
        plan_(plan),
        world_(world),
        forecast_(forecast),
        step_(plan.steps[forecast.step].step),
        digits_(digits),
        indent_(digits + 4, ' ') {}

  void write() {
    write_line();
    write_refusals();
    for (const auto& warning : simulator::warnings_of(forecast_.reply))
      remark("the server warns", one_line(warning, longest_error));
    for (const auto& change : change_lines(world_, forecast_.changes)) {
      page_.paragraph(indent_, change.text, Ink::plain, indent_.size() + 2);
      if (!change.why.empty()) page_.paragraph(indent_ + "  ", fmt::format("({})", change.why), Ink::faint);
    }
    write_claims();
    for (const auto& what : forecast_.not_modelled) remark("not modelled", one_line(what));
    for (const auto& what : forecast_.unverified) remark("unverified", one_line(what));
    if (!step_.note.empty()) remark("note", one_line(step_.note.view()));
  }

 private:
  void write_line() {
    const auto number = fmt::format("{:>{}}  ", forecast_.step + 1, digits_ + 2);
    const auto [text, ink] = answer(step_, forecast_);
    const auto who = receivers();
    const auto said = page_.painted(ink, text);
    const auto result = who.empty() ? said : who + ": " + said;
    auto lines = wrapped(name() + short_line(simulator::command_line(step_, world_.server(forecast_.server))),
                         page_.width() - columns(number) - 2);
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
    if (step_.id.view() == fmt::format("step-{}", forecast_.step + 1)) return "";
    return page_.painted(Ink::strong, one_line(step_.id.view()) + ":") + " ";
  }

  [[nodiscard]] std::string receivers() const {
    const auto& replies = forecast_.replies;
    if (replies.size() > 3) return fmt::format("{} nodes", replies.size());
    std::string names;
    for (const auto& each : replies) names += (names.empty() ? "" : ", ") + node_name(each.node);
    if (names.empty() && forecast_.node != simulator::no_node) names = node_name(forecast_.node);
    if (step_.at.who != simulator::At::Who::load_balancer) return names;
    return names.empty() ? "some node" : "load balancer, taken to be " + names;
  }

  [[nodiscard]] std::string node_name(simulator::NodeId node) const {
    return node == simulator::no_node ? "no node" : one_line(world_.node_name(node).view());
  }

  /// Who refused, where there were several; and why.
  void write_refusals() {
    if (forecast_.replies.size() < 2) return write_errors("", forecast_.reply);
    for (const auto& each : forecast_.replies) {
      if (each.reply.ok()) continue;
      write_errors(node_name(each.node) + ": ", each.reply);
    }
  }

  void write_errors(const std::string& who, const Reply& reply) {
    if (reply.ok()) return;
    const auto ink = forecast_.as_meant ? Ink::plain : Ink::bad;
    for (const auto& error : simulator::errors_of(reply))
      page_.paragraph(indent_ + who, one_line(error, longest_error), ink);
    if (reply.hangs) page_.paragraph(indent_ + who, "The server never answers this request.", ink);
  }

  void write_claims() {
    const auto claims = judged_claims(plan_, forecast_);
    std::size_t holding = 0;
    for (const auto& claim : claims) {
      if (claim.result->holds) {
        ++holding;
      } else {
        write_claim(page_, indent_, world_, claim);
      }
    }
    if (holding > 0) page_.line(indent_ + fmt::format("{} as expected", count(holding, "claim")));
  }

  void remark(std::string_view word, const std::string& text) {
    page_.paragraph(indent_ + page_.painted(Ink::careful, fmt::format("{}: ", word)), text, Ink::plain,
                    indent_.size() + 2);
  }

  Page& page_;
  const planner::Plan& plan_;
  const simulator::World& world_;
  const StepForecast& forecast_;
  const Step& step_;
  std::size_t digits_;
  std::string indent_;
};

}  // namespace

void write_steps(Page& page, const Analysis& analysis) {
  const auto& forecast = *analysis.forecast;
  const auto digits = std::to_string(analysis.plan().steps.size()).size();
  for (const auto& step : forecast.steps) StepText(page, analysis.plan(), *forecast.world, step, digits).write();
}

void write_claim(Page& page, const std::string& indent, const simulator::World& world, const JudgedClaim& claim) {
  const auto node = claim.result->node;
  const auto where = node == simulator::no_node ? "" : " on " + one_line(world.node_name(node).view());
  const auto found = claim.result->found.empty() ? "nothing" : one_line(claim.result->found);
  page.paragraph(indent + page.painted(Ink::bad, "NOT AS EXPECTED: "),
                 fmt::format("{}; found {}{}", one_line(claim.text), found, where), Ink::plain, indent.size() + 2);
  if (claim.place.known()) page.line(indent + "  " + page.painted(Ink::place, "--> ") + place_text(claim.place));
}

}  // namespace replug::report
