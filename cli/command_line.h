#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/report.h"
#include "rules/judging/configuration.h"

namespace replug::cli {

enum class Format : std::uint8_t { text, json };
enum class GraphFormat : std::uint8_t { dot, mermaid };
enum class Color : std::uint8_t { automatic, always, never };
enum class Command : std::uint8_t {
  check,
  lint,
  simulate,
  fix,
  config,
  graph,
  rules,
  explain,
  capabilities,
  version,
  help
};

/// What the user asked for, checked.
struct CommandLine {
  Command command = Command::help;
  std::vector<std::string> plans;          ///< files, folders, `-`
  std::vector<std::string> include_roots;  ///< folders whose files plans may name, beside their repositories
  std::vector<std::string> servers;        ///< of capabilities: `vault-1.16.3`, or `openbao` `2.6.2`
  std::string rule;                        ///< of explain
  Format format = Format::text;
  GraphFormat graph_format = GraphFormat::dot;
  std::optional<rules::Severity> fail_on = rules::Severity::error;  ///< nothing: never
  Color color = Color::automatic;
  bool quiet = false;
  bool every_state = false;
  rules::Flags rules;          ///< --profile and --rule, which come before every configuration file
  std::string baseline;        ///< empty: none
  std::string write_baseline;  ///< empty: not asked
  bool show_suppressed = false;
  bool dry_run = false;  ///< of fix
  bool unsafe = false;   ///< of fix
  std::string help;      ///< the text to print, if that was asked
};

/// Trouble with the exit code for wrong usage where it is not understood.
CommandLine parse_command_line(int argc, const char* const* argv);

/// ` Did you mean "check"?`, or nothing if no candidate is near.
std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace replug::cli
