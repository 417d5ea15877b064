#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rules/judging/finding.h"
#include "rules/judging/rule.h"

namespace replug::rules {

/// Which rules are asked and how severe their findings are.
struct Settings {
  Profile profile = Profile::standard;
  std::map<std::string, std::optional<Severity>, std::less<>> severities;  ///< by rule; no severity: off
};

struct Judgement {
  std::vector<Finding> findings;        ///< by place, the suppressed ones among them
  std::vector<NotChecked> not_checked;  ///< by rule
};

/// Asks every rule of the profile. Linear in the plan: each rule sees each step once.
Judgement judge(const planner::Plan& plan, const planner::Schedule& schedule, const simulator::Forecast& forecast,
                const Settings& settings = {});
/// Asks the rules that need only the plan; for a plan whose steps could not be ordered.
Judgement judge(const planner::Plan& plan, const Settings& settings = {});

}  // namespace replug::rules
