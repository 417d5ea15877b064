#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "planner/reading/document.h"
#include "planner/reading/problem.h"
#include "rules/judging/judge.h"

namespace replug::rules {

/// What is said of one rule. A rule that takes options gets them here, once there is one.
struct RuleSetting {
  const Rule* rule = nullptr;
  std::optional<Severity> severity;  ///< nothing: off
  planner::Place place;              ///< of the value; nowhere if a flag says it
};

/// What is said of the rules for some plans.
struct PathSettings {
  std::string pattern;  ///< of paths relative to the folder of the file
  std::vector<RuleSetting> rules;
};

/// What a file `.replug.yaml` says. It points into the source that it was read from.
struct Configuration {
  std::optional<Profile> profile;
  planner::Place profile_place;
  std::vector<RuleSetting> rules;
  std::vector<PathSettings> paths;
};

/// Reads it. What is wrong becomes a problem, and the rest is read.
Configuration read_configuration(const planner::Source& source, planner::Problems& problems);

/// What the command line says; of two that name the same rule the later one counts.
struct Flags {
  std::optional<Profile> profile;
  std::vector<RuleSetting> rules;
};

/// Who decided on a value.
struct Origin {
  enum class Kind : std::uint8_t { standard, file, flag };
  Kind kind = Kind::standard;
  planner::Place place;  ///< in the file
  std::string pattern;   ///< under `paths`
};

/// The configuration that counts for one plan, with what decided on each value.
struct Effective {
  struct OfRule {
    const Rule* rule;
    std::optional<Severity> severity;  ///< nothing: the rule is not asked
    Origin origin;                     ///< standard: the rule's own severity, or its profile
  };
  Profile profile = Profile::standard;
  Origin profile_origin;
  std::vector<OfRule> rules;  ///< all of the catalogue

  [[nodiscard]] Settings settings() const;
};

/// Flags come before `paths`, those before `rules`, and of `paths` the last that fits. `path`: of the plan, relative to
/// the folder of the configuration; empty if it has none.
Effective effective(const Configuration& configuration, std::string_view path, const Flags& flags);

std::string_view to_string(Profile profile);
/// `default`, `strict`, `all`.
std::optional<Profile> parse_profile(std::string_view word);
/// `error`, `warning`, `note`; `off` is a value without a severity; nothing for every other word.
std::optional<std::optional<Severity>> parse_severity(std::string_view word);
/// The rule that was most likely meant.
std::optional<std::string_view> nearest_rule(std::string_view name);

}  // namespace replug::rules
