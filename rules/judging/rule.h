#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "planner/ordering/order.h"
#include "planner/reading/plan.h"
#include "rules/evidence/facts.h"
#include "rules/evidence/words.h"
#include "rules/judging/finding.h"
#include "simulator/run/forecast.h"
#include "simulator/run/simulate.h"

namespace replug::rules {

class Report;

/// A plan with its order and its run: what most rules look at.
struct PlayedPlan {
  const planner::Plan& plan;
  const planner::Schedule& schedule;
  const simulator::Forecast& forecast;
  const Facts& facts;

  [[nodiscard]] const simulator::World& world() const { return *forecast.world; }
};

struct Moment;
struct Suppressions;

/// What a rule looks at is what its check takes. Those that look at suppressions come last.
using PlanCheck = void (*)(const planner::Plan&, Report&);
using StepCheck = void (*)(const Moment&, Report&);
using ForecastCheck = void (*)(const PlayedPlan&, Report&);
using SuppressionCheck = void (*)(const Suppressions&, Report&);
using Check = std::variant<PlanCheck, StepCheck, ForecastCheck, SuppressionCheck>;

/// From which profile on a rule is asked: `default`, `strict`, `all`; each contains the one before.
enum class Profile : std::uint8_t { standard, strict, all };

/// A rule: its identity and its check, in one aggregate in one file.
struct Rule {
  std::string_view id;  ///< `immutable-version`; also the name of its file and its page
  Severity severity;
  Profile profile;
  std::string_view family;   ///< `data`, `catalog`, `taking-effect`, …
  std::string_view summary;  ///< one sentence: what is wrong when it fires
  std::string_view why;      ///< why it matters in Vault
  std::string_view url;      ///< Vault's page
  Check check;
  std::string_view incident = "";  ///< where it happened to somebody: an issue's address
};

/// Every rule, in the order of the catalogue.
std::span<const Rule* const> catalogue();
/// The rule of that id, or nullptr.
const Rule* find_rule(std::string_view id);

/// Where a check puts what it finds.
class Report {
 public:
  /// Starts a finding; the caller fills in the rest before the next one.
  Finding& finding(planner::Place place, std::string message, std::string help);
  /// The rule could not judge; said once in the end.
  void not_checked(std::string why);

 private:
  friend class Judge;
  const Rule* rule_ = nullptr;
  Severity severity_ = Severity::warning;
  std::vector<Finding>* findings_ = nullptr;
  std::vector<NotChecked>* not_checked_ = nullptr;
};

}  // namespace replug::rules
