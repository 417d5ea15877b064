#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/rule_pages.h"
#include "cli/terminal.h"
#include "cli/trouble.h"
#include "report/telling/columns.h"
#include "report/telling/page.h"
#include "rules/judging/rule.h"
#include "text/printable.h"

namespace replug::cli {
namespace {

std::string_view profile_word(rules::Profile profile) {
  switch (profile) {
    case rules::Profile::standard:
      return "default";
    case rules::Profile::strict:
      return "strict";
    case rules::Profile::all:
      return "all";
  }
  return "";
}

std::string rules_as_json() {
  auto list = nlohmann::ordered_json::array();
  for (const auto* rule : rules::catalogue()) {
    list.push_back({{"id", rule->id},
                    {"severity", to_string(rule->severity)},
                    {"profile", profile_word(rule->profile)},
                    {"family", rule->family},
                    {"summary", rule->summary},
                    {"why", rule->why},
                    {"url", rule->url}});
  }
  const nlohmann::ordered_json all = {{"replug", 1}, {"rules", std::move(list)}};
  return all.dump(2) + "\n";
}

std::string rules_as_text(bool color) {
  report::Page page(80, color);
  for (const auto* rule : rules::catalogue()) {
    const auto profile =
        rule->profile == rules::Profile::standard ? "" : fmt::format(", profile {}", profile_word(rule->profile));
    page.line(page.painted(report::Ink::strong, rule->id) +
              fmt::format("  ({}{})", to_string(rule->severity), profile));
    page.paragraph("    ", rule->summary);
  }
  page.gap();
  page.line("\"replug explain RULE\" tells more about one.");
  return page.take();
}

}  // namespace

ExitCode rules(const CommandLine& line) {
  write_result(line.as_json ? rules_as_json() : rules_as_text(wants_color(line.color)));
  return ExitCode::clean;
}

ExitCode explain(const CommandLine& line) {
  const auto* rule = rules::find_rule(line.rule);
  if (rule == nullptr) {
    std::vector<std::string> ids;
    for (const auto* one : rules::catalogue()) ids.emplace_back(one->id);
    throw Trouble(ExitCode::usage,
                  fmt::format("there is no rule \"{}\".{}", text::printable(line.rule), did_you_mean(line.rule, ids)),
                  "\"replug rules\" lists them.");
  }
  if (const auto text = rule_page(rule->id); !text.empty()) {
    write_result(text);
    return ExitCode::clean;
  }
  report::Page page(80, wants_color(line.color));
  page.line(page.painted(report::Ink::strong, rule->id) + fmt::format("  ({})", to_string(rule->severity)));
  page.gap();
  page.paragraph("", rule->summary);
  page.gap();
  if (!rule->why.empty()) page.paragraph("", rule->why);
  page.gap();
  page.line(rule->url);
  write_result(page.take());
  return ExitCode::clean;
}

}  // namespace replug::cli
