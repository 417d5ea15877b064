#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/configuration.h"
#include "cli/reach.h"
#include "cli/terminal.h"
#include "report/columns.h"
#include "report/excerpt.h"
#include "report/json.h"
#include "report/page.h"
#include "rules/judging/rule.h"
#include "text/printable.h"

namespace replug::cli {
namespace {

using report::Json;
using rules::Origin;

std::string_view kind_word(Origin::Kind kind) {
  switch (kind) {
    case Origin::Kind::standard:
      return "default";
    case Origin::Kind::file:
      return "file";
    case Origin::Kind::flag:
      return "flag";
  }
  return "";
}

std::string_view severity_word(const rules::Effective::OfRule& one) {
  return one.severity ? to_string(*one.severity) : "off";
}

/// `.replug.yaml:3:5 for plans/legacy/**`, `flag`, `default`.
std::string origin_text(const Origin& origin) {
  if (origin.kind != Origin::Kind::file) return std::string(kind_word(origin.kind));
  const auto place = report::place_text(origin.place);
  return origin.pattern.empty() ? place : fmt::format("{} for {}", place, text::printable(origin.pattern));
}

std::string origin_text(const rules::Effective::OfRule& one) {
  const bool by_profile = one.origin.kind == Origin::Kind::standard && !one.severity;
  return by_profile ? fmt::format("default: only in profile {}", to_string(one.rule->profile))
                    : origin_text(one.origin);
}

Json origin_json(const Origin& origin) {
  Json result = {{"kind", kind_word(origin.kind)}};
  if (origin.kind == Origin::Kind::file) result["place"] = report::json(origin.place, "");
  if (!origin.pattern.empty()) result["pattern"] = origin.pattern;
  return result;
}

std::string as_json(const ConfigurationFile* file, const rules::Effective& effective) {
  report::ObjectText out;
  out.member("replug", 1);
  out.member("file", file == nullptr ? Json() : Json(file->source->name()));
  out.member("profile", {{"value", to_string(effective.profile)}, {"from", origin_json(effective.profile_origin)}});
  out.begin_list("rules");
  for (const auto& one : effective.rules) {
    out.element(
        report::compact({{"rule", one.rule->id}, {"severity", severity_word(one)}, {"from", origin_json(one.origin)}}));
  }
  out.end_list();
  return out.finish() + "\n";
}

std::string as_text(const ConfigurationFile* file, const rules::Effective& effective, bool color) {
  constexpr std::size_t width = 100'000;  // a line for each rule, to be searched and compared
  report::Page page(width, color);
  const std::string title = "configuration";
  std::size_t widest = title.size();
  for (const auto& one : effective.rules) widest = std::max(widest, one.rule->id.size());
  const auto line = [&](std::string_view what, std::string_view value, const std::string& from) {
    page.line(fmt::format("{}  {}  {}", report::padded(what, widest), report::padded(value, 7), from));
  };
  page.line(fmt::format("{}  {}", report::padded(title, widest),
                        file == nullptr ? "no file" : report::one_line(file->source->name())));
  line("profile", to_string(effective.profile), origin_text(effective.profile_origin));
  page.gap();
  for (const auto& one : effective.rules) line(one.rule->id, severity_word(one), origin_text(one));
  return page.take();
}

bool is_folder(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

}  // namespace

ExitCode config(const CommandLine& line) {
  const std::string plan = line.plans.empty() ? "." : line.plans.front();
  const bool folder = is_folder(plan);
  const auto where = folder ? std::filesystem::weakly_canonical(plan) : folder_of(plan == "-" ? standard_input : plan);
  const Reach reach(line.include_roots);
  Configurations configurations(line.rules, reach);
  const auto effective =
      folder ? configurations.of_folder(where) : configurations.of_plan(plan == "-" ? standard_input : plan);
  if (const auto problems = configurations.problems(); !problems.empty()) {
    report::Options options;
    options.question = analysis::Question::lint;
    options.color = wants_color(line.color);
    write_result(line.format == Format::json ? write_findings_json(problems, options) : write_text(problems, options));
    return ExitCode::unreadable;
  }
  const auto* file = configurations.file_for(where);
  write_result(line.format == Format::json ? as_json(file, effective)
                                           : as_text(file, effective, wants_color(line.color)));
  return ExitCode::clean;
}

}  // namespace replug::cli
