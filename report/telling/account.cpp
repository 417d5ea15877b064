#include "report/telling/account.h"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <variant>

#include "planner/reading/planned_step.h"
#include "rules/judging/rule.h"
#include "simulator/steps/step.h"

namespace replug::report {
namespace {

using simulator::StepForecast;

Outcome outcome_of(const simulator::Step& step, const StepForecast& forecast) {
  const auto& reply = forecast.reply;
  if (std::holds_alternative<simulator::Check>(step.action)) {
    return forecast.as_meant ? Outcome::holds : Outcome::does_not_hold;
  }
  if (reply.hangs) return Outcome::hangs;
  if (reply.ok()) return step.fails ? Outcome::accepted_unexpectedly : Outcome::accepted;
  if (!step.fails) return Outcome::refused;
  return forecast.reply_as_meant ? Outcome::refused_as_meant : Outcome::refused_otherwise;
}

/// Refused, and nobody meant it: what ends a plan.
bool ends_the_plan(Outcome outcome) { return outcome == Outcome::refused || outcome == Outcome::hangs; }

PlanVerdict verdict_of(const PlanAccount& plan) {
  PlanVerdict result{plan.forecast().verdict, {}};
  const auto decides = [&](const StepAccount& step) {
    return result.verdict == simulator::Verdict::refused ? ends_the_plan(step.outcome) : !step.forecast->as_meant;
  };
  const auto step = std::ranges::find_if(plan.steps, decides);
  if (result.verdict != simulator::Verdict::ok && step != plan.steps.end()) result.step = step->forecast->step;
  return result;
}

/// What the steps say in one of their lists, each text once.
std::vector<Limit> merged(std::span<const StepAccount> steps, std::vector<std::string> StepForecast::*list) {
  std::vector<Limit> limits;
  std::unordered_map<std::string_view, std::size_t> places;
  for (const auto& step : steps) {
    for (const auto& what : step.forecast->*list) {
      const auto [found, fresh] = places.try_emplace(what, limits.size());
      if (fresh) limits.push_back({what, {}});
      auto& of = limits[found->second].steps;
      if (of.empty() || of.back() != step.forecast->step) of.push_back(step.forecast->step);
    }
  }
  return limits;
}

Diagnostic::Kind kind_of(rules::Severity severity) {
  switch (severity) {
    case rules::Severity::error:
      return Diagnostic::Kind::error;
    case rules::Severity::warning:
      return Diagnostic::Kind::warning;
    case rules::Severity::note:
      return Diagnostic::Kind::note;
  }
  return Diagnostic::Kind::note;
}

std::vector<Diagnostic> diagnostics_of(const Analysis& analysis) {
  std::vector<Diagnostic> result;
  for (const auto& problem : analysis.reading.problems) {
    result.push_back({Diagnostic::Kind::problem, &problem, nullptr, {}});
  }
  if (!analysis.judgement) return result;
  for (const auto& finding : analysis.judgement->findings) {
    result.push_back({kind_of(finding.severity), &finding, &finding, {}});
  }
  return result;
}

/// Which diagnostics follow from which others. Only what is certain: a refusal follows from the finding whose story
/// ends with it, and a claim of the refused step that does not hold follows from the refusal.
class Causes {
 public:
  explicit Causes(std::vector<Diagnostic>& diagnostics) : diagnostics_(diagnostics) {
    for (std::size_t i = 0; i < diagnostics.size(); ++i) note(i);
  }

  void find() {
    for (auto& diagnostic : diagnostics_) {
      if (diagnostic.finding == nullptr || !diagnostic.finding->step) continue;
      if (diagnostic.rule() == refused_rule_) diagnostic.cause = found(told_of_, *diagnostic.finding->step);
      if (diagnostic.rule() == claim_rule_) diagnostic.cause = found(refusals_, *diagnostic.finding->step);
    }
  }

 private:
  using ByStep = std::unordered_map<std::size_t, std::size_t>;

  void note(std::size_t place) {
    const auto* finding = diagnostics_[place].finding;
    if (finding == nullptr || !finding->step) return;
    if (finding->rule == refused_rule_) refusals_.try_emplace(*finding->step, place);
    if (finding->story.empty() || !finding->story.back().step) return;
    const auto last = *finding->story.back().step;
    if (last != *finding->step) told_of_.try_emplace(last, place);
  }

  static std::optional<std::size_t> found(const ByStep& places, std::size_t step) {
    const auto one = places.find(step);
    return one == places.end() ? std::nullopt : std::optional(one->second);
  }

  const rules::Rule* const refused_rule_ = rules::find_rule("step-refused");
  const rules::Rule* const claim_rule_ = rules::find_rule("expectation-fails");
  std::vector<Diagnostic>& diagnostics_;
  ByStep refusals_;  // the finding that tells of a step's refusal
  ByStep told_of_;   // the finding whose story ends with a step
};

PlanAccount plan_account(const Analysis& analysis) {
  PlanAccount plan;
  plan.analysis = &analysis;
  plan.diagnostics = diagnostics_of(analysis);
  Causes(plan.diagnostics).find();
  if (!analysis.forecast) return plan;
  for (const auto& forecast : analysis.forecast->steps) {
    const auto& planned = analysis.plan().steps[forecast.step];
    plan.steps.push_back({&planned, &forecast, outcome_of(planned.step, forecast)});
  }
  plan.verdict = verdict_of(plan);
  plan.not_modelled = merged(plan.steps, &StepForecast::not_modelled);
  plan.unverified = merged(plan.steps, &StepForecast::unverified);
  return plan;
}

}  // namespace

const simulator::Step& StepAccount::step() const { return planned->step; }

bool is_good(Outcome outcome) {
  return outcome == Outcome::accepted || outcome == Outcome::refused_as_meant || outcome == Outcome::holds;
}

std::span<const std::string> PlanAccount::assumed() const {
  return has_forecast() ? std::span<const std::string>(forecast().assumed) : std::span<const std::string>{};
}

std::span<const rules::NotChecked> PlanAccount::not_checked() const {
  return analysis->judgement ? std::span<const rules::NotChecked>(analysis->judgement->not_checked)
                             : std::span<const rules::NotChecked>{};
}

Account account_of(std::span<const Analysis> analyses, Question question) {
  Account account;
  account.question = question;
  for (const auto& analysis : analyses) account.plans.push_back(plan_account(analysis));
  account.summary = analysis::summarize(analyses);
  account.overall = overall(account.summary, question);
  return account;
}

}  // namespace replug::report
