#include <span>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/judging/rule.h"
#include "simulator/steps/subjects.h"
#include "text/printable.h"

namespace replug::rules {

namespace {

using planner::Node;
using planner::Place;

std::string where_words(const PlayedPlan& played, const simulator::ClaimResult& result) {
  return result.node == simulator::no_node ? "" : fmt::format(" on {}", shown(played.world().node_name(result.node)));
}

// The claim's own key in the plan: each key of the item beside its subject and `at` is one claim, in their order.
Place place_of_claim(const planner::Plan& plan, const Node& list, const simulator::ClaimResult& result,
                     std::string& key) {
  const Node& item = *list.items()[result.expectation];
  std::size_t number = 0;
  for (const Node::Entry& entry : item.entries()) {
    const std::string_view name = entry.key->text();
    const bool is_subject = number == 0 && name == "plugin" && entry.value->kind() == Node::Kind::mapping;
    if (name == "mount" || name == "database" || name == "at" || is_subject) continue;
    if (number++ != result.claim) continue;
    key = std::string(name);
    return plan.place(*entry.value);
  }
  return plan.place(item);
}

void judge_list(const PlayedPlan& played, const Node* list, std::span<const simulator::ClaimResult> results,
                std::optional<std::size_t> step, std::string_view when, Report& report) {
  if (list == nullptr || list->kind() != Node::Kind::sequence) return;
  for (const simulator::ClaimResult& result : results) {
    if (result.holds || result.expectation >= list->items().size()) continue;
    std::string key;
    const Place place = place_of_claim(played.plan, *list, result, key);
    Finding& finding = report.finding(
        place,
        fmt::format("This does not hold {}{}: {} is {}.", when, where_words(played, result),
                    key.empty() ? "the value" : key, result.found.empty() ? "empty" : text::printable(result.found)),
        "Look at what the forecast says of the steps before: either one is missing (a reload, another node), or the "
        "expectation is not what the "
        "plan leads to.");
    finding.step = step;
    // What is expected, not which number it has: others may be inserted before it.
    const planner::Span item = list->items()[result.expectation]->span();
    finding.subject = fmt::format("{}{} {}", place.source->text().substr(item.begin, item.end - item.begin),
                                  where_words(played, result), key);
  }
}

std::size_t claims_in(std::span<const simulator::Expectation> expectations) {
  std::size_t count = 0;
  for (const simulator::Expectation& expectation : expectations) count += expectation.claims.size();
  return count;
}

void check(const PlayedPlan& played, Report& report) {
  for (const simulator::StepForecast& step : played.forecast.steps) {
    const planner::PlannedStep& planned = played.plan.steps[step.step];
    const std::size_t in_action = claims_in(simulator::listed_expectations(planned.step.action));
    const std::span<const simulator::ClaimResult> results = step.expectations;
    if (in_action > 0)
      judge_list(played, planned.action_value, results.subspan(0, in_action), step.step, "at this step", report);
    const Node::Entry* expect = planned.node->find("expect");
    if (expect != nullptr)
      judge_list(played, expect->value, results.subspan(in_action), step.step, "after this step", report);
  }
  judge_list(played, played.plan.expect_node, played.forecast.expectations, std::nullopt, "when the last step is done",
             report);
}

}  // namespace

extern const Rule expectation_fails;
constinit const Rule expectation_fails = {
    .id = "expectation-fails",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "run",
    .summary = "An expectation of the plan does not hold in the forecast",
    .why =
        "What the plan says must hold is its author's word on what the change is for. Where the simulated cluster "
        "comes out otherwise, "
        "the real one would too, and nobody would notice: Vault reports no error for a mount that still runs its old "
        "version.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = ForecastCheck{check},
};

}  // namespace replug::rules
