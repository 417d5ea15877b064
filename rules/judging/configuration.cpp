#include "rules/judging/configuration.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "rules/judging/glob.h"
#include "text/printable.h"
#include "text/suggest.h"

namespace replug::rules {

namespace {

using planner::Node;

constexpr std::array<std::string_view, 3> keys{"profile", "rules", "paths"};
constexpr std::array<std::string_view, 4> severities{"off", "note", "warning", "error"};
constexpr std::array<std::string_view, 3> profiles{"default", "strict", "all"};

std::string help_for(std::string_view word, std::span<const std::string_view> words) {
  if (const auto near = text::nearest(word, words)) return fmt::format("Did you mean `{}`?", *near);
  std::string list;
  for (const auto one : words) list += fmt::format("{}`{}`", list.empty() ? "" : ", ", one);
  return fmt::format("It is one of {}.", list);
}

/// Reads the document of a configuration file.
class ConfigurationReader {
 public:
  ConfigurationReader(const planner::Document& document, planner::Problems& problems)
      : document_(document), problems_(problems) {}

  Configuration read(const Node& root) {
    if (!is_mapping(root, "The configuration")) return std::move(result_);
    for (const Node::Entry& entry : root.entries()) {
      const std::string_view key = entry.key->text();
      if (key == "profile") {
        read_profile(*entry.value);
      } else if (key == "rules") {
        result_.rules = read_rules(*entry.value, "`rules`");
      } else if (key == "paths") {
        read_paths(*entry.value);
      } else {
        problem(*entry.key, fmt::format("The configuration has no key `{}`.", text::printable(key)),
                help_for(key, keys));
      }
    }
    return std::move(result_);
  }

 private:
  void problem(const Node& at, std::string message, std::string help) {
    constexpr std::size_t most = 100;
    if (problems_.size() < most) problems_.push_back({document_.place(at), std::move(message), std::move(help), {}});
  }

  bool is_mapping(const Node& value, std::string_view what) {
    if (value.kind() == Node::Kind::mapping) return true;
    problem(value, fmt::format("{} must be a mapping.", what),
            "Write `KEY: VALUE` lines; `replug config` shows what they come to.");
    return false;
  }

  void read_profile(const Node& value) {
    result_.profile = parse_profile(value.text());
    result_.profile_place = document_.place(value);
    if (!result_.profile) {
      problem(value, fmt::format("There is no profile `{}`.", text::printable(value.text())),
              help_for(value.text(), profiles));
    }
  }

  std::vector<RuleSetting> read_rules(const Node& value, std::string_view what) {
    std::vector<RuleSetting> rules;
    if (!is_mapping(value, what)) return rules;
    for (const Node::Entry& entry : value.entries()) {
      if (const auto setting = read_rule(entry)) rules.push_back(*setting);
    }
    return rules;
  }

  std::optional<RuleSetting> read_rule(const Node::Entry& entry) {
    const std::string_view id = entry.key->text();
    const std::string_view word = entry.value->text();
    const Rule* rule = find_rule(id);
    const auto severity = parse_severity(word);
    if (rule == nullptr) {
      const auto near = nearest_rule(id);
      problem(*entry.key, fmt::format("There is no rule `{}`.", text::printable(id)),
              near ? fmt::format("Did you mean `{}`?", *near) : "`replug rules` lists them.");
    }
    if (!severity) {
      const bool scalar = entry.value->kind() == Node::Kind::scalar;
      problem(*entry.value,
              scalar ? fmt::format("There is no severity `{}`.", text::printable(word)) : "A severity must be a word.",
              help_for(word, severities));
    }
    if (rule == nullptr || !severity) return std::nullopt;
    return RuleSetting{rule, *severity, document_.place(*entry.value)};
  }

  void read_paths(const Node& value) {
    if (!is_mapping(value, "`paths`")) return;
    for (const Node::Entry& entry : value.entries()) {
      const std::string_view pattern = entry.key->text();
      if (pattern.empty() || pattern.starts_with('/') || pattern.starts_with("./") || pattern.starts_with("../")) {
        problem(*entry.key, fmt::format("The pattern `{}` fits no plan.", text::printable(pattern)),
                "Patterns are relative to the folder of this file: `plans/legacy/**`.");
      }
      result_.paths.push_back(
          {std::string(pattern), read_rules(*entry.value, fmt::format("`{}`", text::printable(pattern)))});
    }
  }

  const planner::Document& document_;
  planner::Problems& problems_;
  Configuration result_;
};

/// What decides on each rule, by its place in the catalogue.
class Decisions {
 public:
  Decisions() {
    for (const Rule* rule : catalogue()) decided_.push_back({rule, std::nullopt, {}});
  }

  void apply(const std::vector<RuleSetting>& settings, Origin origin) {
    for (const RuleSetting& setting : settings) {
      const auto found = std::ranges::find(decided_, setting.rule, &Effective::OfRule::rule);
      if (found == decided_.end()) continue;
      origin.place = setting.place;
      *found = {setting.rule, setting.severity, origin};
    }
  }

  /// What nobody decided on is decided by the profile.
  std::vector<Effective::OfRule> finish(Profile profile) {
    for (Effective::OfRule& one : decided_) {
      if (one.origin.kind == Origin::Kind::standard && one.rule->profile <= profile) one.severity = one.rule->severity;
    }
    return std::move(decided_);
  }

 private:
  std::vector<Effective::OfRule> decided_;
};

}  // namespace

Configuration read_configuration(const planner::Source& source, planner::Problems& problems) {
  if (source.text().find_first_not_of(" \t\r\n") == std::string_view::npos) return {};
  const auto document = planner::Document::parse(source, problems);
  if (document.root() == nullptr) return {};
  return ConfigurationReader(document, problems).read(*document.root());
}

Effective effective(const Configuration& configuration, std::string_view path, const Flags& flags) {
  Effective result;
  if (configuration.profile) {
    result.profile = *configuration.profile;
    result.profile_origin = {Origin::Kind::file, configuration.profile_place, ""};
  }
  if (flags.profile) {
    result.profile = *flags.profile;
    result.profile_origin = {Origin::Kind::flag, {}, ""};
  }
  Decisions decisions;
  decisions.apply(configuration.rules, {Origin::Kind::file, {}, ""});
  for (const PathSettings& one : configuration.paths) {
    if (!path.empty() && matches_path(one.pattern, path))
      decisions.apply(one.rules, {Origin::Kind::file, {}, one.pattern});
  }
  decisions.apply(flags.rules, {Origin::Kind::flag, {}, ""});
  result.rules = decisions.finish(result.profile);
  return result;
}

Settings Effective::settings() const {
  Settings settings;
  settings.profile = profile;
  for (const OfRule& one : rules) {
    if (one.origin.kind != Origin::Kind::standard) settings.severities.emplace(one.rule->id, one.severity);
  }
  return settings;
}

std::string_view to_string(Profile profile) { return profiles[static_cast<std::size_t>(profile)]; }

std::optional<Profile> parse_profile(std::string_view word) {
  const auto found = std::ranges::find(profiles, word);
  if (found == profiles.end()) return std::nullopt;
  return static_cast<Profile>(found - profiles.begin());
}

std::optional<std::optional<Severity>> parse_severity(std::string_view word) {
  if (word == "off") return std::optional<Severity>{};
  for (const auto severity : {Severity::note, Severity::warning, Severity::error}) {
    if (word == to_string(severity)) return severity;
  }
  return std::nullopt;
}

std::optional<std::string_view> nearest_rule(std::string_view name) {
  std::vector<std::string_view> ids;
  for (const Rule* rule : catalogue()) ids.push_back(rule->id);
  return text::nearest(name, ids);
}

}  // namespace replug::rules
