#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/analysis.h"
#include "analysis/summary.h"
#include "planner/reading/problem.h"
#include "rules/judging/finding.h"
#include "simulator/run/forecast.h"

namespace replug::report {

using analysis::Analysis;
using analysis::Overall;
using analysis::Question;
using analysis::Summary;

/// What a step came to, beside the plan's own word on it.
enum class Outcome : std::uint8_t {
  accepted,               ///< done, or answered, as the plan says
  accepted_unexpectedly,  ///< the plan says that it fails
  refused,
  refused_as_meant,   ///< as the plan says
  refused_otherwise,  ///< the plan says that it fails, but with another error
  hangs,              ///< the server would never answer
  holds,              ///< a check, all of whose claims hold
  does_not_hold,
};
/// Whether it is what the plan means.
bool is_good(Outcome outcome);

/// One step as it was played.
struct StepAccount {
  const planner::PlannedStep* planned = nullptr;
  const simulator::StepForecast* forecast = nullptr;
  Outcome outcome = Outcome::accepted;

  [[nodiscard]] const simulator::Step& step() const;
};

/// The verdict on a plan, and why.
struct PlanVerdict {
  simulator::Verdict verdict = simulator::Verdict::ok;
  /// The step that decided it, by its place in the plan's `steps`. None where all went well, or where it is the plan's
  /// own expectations that do not hold in the end.
  std::optional<std::size_t> step;
};

/// Something that is wrong with a file: a problem that keeps it from being a plan, or a finding about the plan.
struct Diagnostic {
  enum class Kind : std::uint8_t { problem, error, warning, note };
  Kind kind = Kind::problem;
  const planner::Diagnostic* said = nullptr;  ///< its place, message, help, related places, fix and story
  const rules::Finding* finding = nullptr;    ///< what only a finding has; nullptr for a problem
  /// What it follows from, by its place in the plan's `diagnostics`: with that mended, this one would be gone.
  std::optional<std::size_t> cause;

  /// nullptr for a problem.
  [[nodiscard]] const rules::Rule* rule() const { return finding == nullptr ? nullptr : finding->rule; }
  [[nodiscard]] bool suppressed() const { return finding != nullptr && finding->suppressed; }
};

/// Something that the forecast does not know, or that was never seen on a server, and the steps of which that is so.
struct Limit {
  std::string what;
  std::vector<std::size_t> steps;  ///< by their place in the plan's `steps`, in the order in which they are played
};

/// What is told of one plan file. Parts that only some formats tell are made when they are asked for: the changes of a
/// step (telling/changes.h), its claims (telling/claims.h), and what runs where before and after (telling/subjects.h).
struct PlanAccount {
  const Analysis* analysis = nullptr;
  std::optional<PlanVerdict> verdict;   ///< none where there is no forecast
  std::vector<Diagnostic> diagnostics;  ///< the problems, then the findings by place, the suppressed ones among them
  std::vector<StepAccount> steps;       ///< in the order in which they are played
  std::vector<Limit> not_modelled, unverified;

  [[nodiscard]] const std::string& file() const { return analysis->file; }
  [[nodiscard]] const planner::Plan& plan() const { return analysis->plan(); }
  [[nodiscard]] bool has_forecast() const { return analysis->forecast.has_value(); }
  [[nodiscard]] const simulator::Forecast& forecast() const { return *analysis->forecast; }
  [[nodiscard]] const simulator::World& world() const { return *forecast().world; }
  /// On what the forecast rests beside the plan.
  [[nodiscard]] std::span<const std::string> assumed() const;
  /// The rules that could not judge.
  [[nodiscard]] std::span<const rules::NotChecked> not_checked() const;
};

/// What happened, decided once: all that there is to tell of some plan files, with no word on how. Every format is
/// written from this value and from nothing else. It points into the analyses, which outlive it.
struct Account {
  Question question = Question::check;
  std::vector<PlanAccount> plans;
  Summary summary;
  Overall overall = Overall::clean;

  /// Whether this is a forecast that the user asked for: `lint` makes them too, and keeps them to itself.
  [[nodiscard]] bool tells_forecasts() const { return question != Question::lint; }
  /// Whether findings were asked for.
  [[nodiscard]] bool tells_findings() const { return question != Question::simulate; }
};
Account account_of(std::span<const Analysis> analyses, Question question);

}  // namespace replug::report
