#include "rules/judging/judge.h"

#include <algorithm>

#include <fmt/format.h>

#include "rules/judging/fingerprint.h"
#include "rules/judging/moment.h"
#include "rules/judging/suppression.h"
#include "simulator/steps/shell.h"

namespace replug::rules {

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
  }
  return "";
}

Finding& Report::finding(planner::Place place, std::string message, std::string help) {
  Finding& finding = findings_->emplace_back();
  finding.rule = rule_;
  finding.severity = severity_;
  finding.place = place;
  finding.message = std::move(message);
  finding.help = std::move(help);
  return finding;
}

void Report::not_checked(std::string why) {
  if (!not_checked_->empty() && not_checked_->back().rule == rule_) return;
  not_checked_->push_back({rule_, std::move(why)});
}

/// Asks the rules one after the other, and those that look at each step in one pass over the run.
class Judge {
 public:
  Judge(const Settings& settings, Judgement& judgement) : judgement_(judgement) {
    for (const Rule* rule : catalogue()) {
      Severity severity = rule->severity;
      bool on = rule->profile <= settings.profile;
      if (const auto set = settings.severities.find(rule->id); set != settings.severities.end()) {
        on = set->second.has_value();
        severity = set->second.value_or(severity);
      }
      if (on) asked_.push_back({rule, severity});
    }
  }

  void ask(const planner::Plan& plan) {
    for (const Asked& asked : asked_) {
      if (const auto* check = std::get_if<PlanCheck>(&asked.rule->check)) {
        Report report = report_of(asked);
        (*check)(plan, report);
      }
    }
  }

  void ask(const PlayedPlan& played) {
    ask(played.plan);
    for (const Asked& asked : asked_) {
      if (const auto* check = std::get_if<ForecastCheck>(&asked.rule->check)) {
        Report report = report_of(asked);
        (*check)(played, report);
      }
    }
    ask_at_each_step(played);
  }

  /// Comes after all other rules. `played`: those that look at a run were asked as well.
  void hold_against_suppressions(const planner::Plan& plan, bool played) {
    Suppressions suppressions = read_suppressions(plan);
    if (suppressions.all.empty()) return;
    suppress(judgement_.findings, suppressions);
    for (Suppression& one : suppressions.all) one.judged = was_judged(one.rule, played);
    for (const Asked& asked : asked_) {
      if (const auto* check = std::get_if<SuppressionCheck>(&asked.rule->check)) {
        Report report = report_of(asked);
        (*check)(suppressions, report);
      }
    }
  }

 private:
  struct Asked {
    const Rule* rule;
    Severity severity;
  };

  Report report_of(const Asked& asked) {
    Report report;
    report.rule_ = asked.rule;
    report.severity_ = asked.severity;
    report.findings_ = &judgement_.findings;
    report.not_checked_ = &judgement_.not_checked;
    return report;
  }

  [[nodiscard]] bool was_judged(const Rule* rule, bool played) const {
    const bool asked = std::ranges::find(asked_, rule, &Asked::rule) != asked_.end();
    const bool could =
        std::ranges::find(judgement_.not_checked, rule, &NotChecked::rule) == judgement_.not_checked.end();
    return asked && could && (played || std::holds_alternative<PlanCheck>(rule->check));
  }

  void ask_at_each_step(const PlayedPlan& played) {
    std::vector<Asked> step_rules;
    std::ranges::copy_if(asked_, std::back_inserter(step_rules),
                         [](const Asked& asked) { return std::holds_alternative<StepCheck>(asked.rule->check); });
    if (step_rules.empty()) return;
    simulator::Run run(played.forecast.world);
    for (std::size_t position = 0; position < played.forecast.steps.size(); ++position) {
      const simulator::StepForecast& forecast = played.forecast.steps[position];
      const planner::PlannedStep& planned = played.plan.steps[forecast.step];
      for (const Asked& asked : step_rules) {
        Report report = report_of(asked);
        std::get<StepCheck>(asked.rule->check)({played.plan, planned, forecast, run.cluster(), played.facts, position},
                                               report);
      }
      run.advance(planned.step);
    }
  }

  Judgement& judgement_;
  std::vector<Asked> asked_;
};

namespace {

// A rule may find one case less severe than another; but what somebody configured counts for all of them.
void apply_severities(std::vector<Finding>& findings, const Settings& settings) {
  if (settings.severities.empty()) return;
  for (Finding& finding : findings) {
    const auto set = settings.severities.find(finding.rule->id);
    if (set != settings.severities.end() && set->second) finding.severity = *set->second;
  }
}

std::string with_tool(std::string text, std::string_view tool) {
  constexpr std::string_view written = "`vault ";
  const std::string meant = fmt::format("`{} ", tool);
  for (std::size_t at = text.find(written); at != std::string::npos; at = text.find(written, at + meant.size())) {
    text.replace(at, written.size(), meant);
  }
  return text;
}

// Rules write the commands that they advise as those of Vault; on OpenBao the tool has another name.
void name_the_tool(std::vector<Finding>& findings, simulator::Product product) {
  const std::string_view tool = simulator::tool_of(product);
  for (Finding& finding : findings) {
    finding.message = with_tool(std::move(finding.message), tool);
    finding.help = with_tool(std::move(finding.help), tool);
  }
}

void put_in_order(Judgement& judgement, const planner::Plan& plan) {
  std::ranges::stable_sort(judgement.findings, [](const Finding& left, const Finding& right) {
    if (left.place.known() != right.place.known()) return right.place.known();
    if (left.place.source != right.place.source) return left.place.source->name() < right.place.source->name();
    if (left.place.span.begin != right.place.span.begin) return left.place.span.begin < right.place.span.begin;
    return left.rule->id < right.rule->id;
  });
  add_fingerprints(judgement.findings, plan);
}

}  // namespace

Judgement judge(const planner::Plan& plan, const planner::Schedule& schedule, const simulator::Forecast& forecast,
                const Settings& settings) {
  Judgement judgement;
  const Facts facts(plan, forecast);
  Judge judge(settings, judgement);
  judge.ask({plan, schedule, forecast, facts});
  judge.hold_against_suppressions(plan, true);
  apply_severities(judgement.findings, settings);
  name_the_tool(judgement.findings, plan.cluster.server.product);
  put_in_order(judgement, plan);
  return judgement;
}

Judgement judge(const planner::Plan& plan, const Settings& settings) {
  Judgement judgement;
  Judge judge(settings, judgement);
  judge.ask(plan);
  judge.hold_against_suppressions(plan, false);
  apply_severities(judgement.findings, settings);
  name_the_tool(judgement.findings, plan.cluster.server.product);
  put_in_order(judgement, plan);
  return judgement;
}

}  // namespace replug::rules
