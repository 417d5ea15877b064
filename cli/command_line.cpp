#include "cli/command_line.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/trouble.h"
#include "text/printable.h"
#include "text/suggest.h"

namespace replug::cli {
namespace {

constexpr std::string_view about = R"(Checks and simulates plans for changing the plugins of a Vault or OpenBao
cluster: tells what will run where after every step, before anybody touches the
real cluster.

Example:
  replug check plans/upgrade-secrets-engine.yaml
)";

constexpr std::string_view exit_codes = R"(Exit codes:
   0  clean
   1  findings at or above --fail-on, or a verdict that is not ok
   2  wrong usage
   3  nothing to check, or a file that is no plan or cannot be read
   4  incomplete: a limit was reached, or something is not modelled
  70  a bug in replug

"replug COMMAND --help" tells more about a command.)";

/// The values of the flags as they were typed.
struct Typed {
  std::string format = "text";
  std::string graph_format = "dot";
  std::string fail_on = "error";
  std::string color = "auto";
  std::string states = "last";
  std::string profile;
  std::vector<std::string> rules;
  std::string help_for;
};

template <class Value>
struct Word {
  std::string_view word;
  Value value;
};
template <class Value>
Word(std::string_view, Value) -> Word<Value>;  // clang 14 does not deduce it by itself

constexpr std::array commands{
    Word{"check", Command::check},     Word{"lint", Command::lint},       Word{"simulate", Command::simulate},
    Word{"fix", Command::fix},         Word{"config", Command::config},   Word{"graph", Command::graph},
    Word{"rules", Command::rules},     Word{"explain", Command::explain}, Word{"capabilities", Command::capabilities},
    Word{"version", Command::version}, Word{"help", Command::help},
};

template <class Words>
std::vector<std::string> words_of(const Words& words) {
  std::vector<std::string> result;
  result.reserve(words.size());
  for (const auto& word : words) result.emplace_back(word.word);
  return result;
}

[[noreturn]] void wrong_usage(const std::string& message, const std::string& hint = {}) {
  throw Trouble(ExitCode::usage, message, hint);
}

std::string quoted(const std::string& text) { return "\"" + text::printable(text) + "\""; }

/// The value that a word stands for; what it is not is told with the words there are.
template <class Words>
auto choose(std::string_view flag, const std::string& word, const Words& words) {
  const auto found = std::ranges::find_if(words, [&](const auto& one) { return one.word == word; });
  if (found != words.end()) return found->value;
  wrong_usage(fmt::format("{} cannot be {}.{}", flag, quoted(word), did_you_mean(word, words_of(words))),
              fmt::format("It is one of: {}.", fmt::join(words_of(words), ", ")));
}

/// A flag whose value is one of a few words.
void add_word(CLI::App& command, const std::string& flag, std::string& value, const std::string& sentence) {
  command.add_option(flag, value, sentence)->type_name("WORD")->capture_default_str();
}

void add_plans(CLI::App& command, CommandLine& line) {
  command.add_option("PLAN", line.plans, "files, folders to search for plans, or - for stdin")->type_name("");
}

void add_format(CLI::App& command, Typed& typed) { add_word(command, "--format", typed.format, "text or json"); }

/// What no file can say of itself.
void add_include_root(CLI::App& command, CommandLine& line) {
  command
      .add_option("--include-root", line.include_roots, "a folder outside the repository whose files plans may name")
      ->type_name("DIR")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
}

/// What comes before the configuration files.
void add_rule_flags(CLI::App& command, Typed& typed) {
  add_word(command, "--profile", typed.profile, "which rules are asked: default, strict or all");
  command.add_option("--rule", typed.rules, "a rule's severity: off, note, warning or error; can be repeated")
      ->type_name("ID=WORD")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
}

/// The flags of check, lint and simulate: the same, so that the commands can be exchanged.
void add_report_flags(CLI::App& command, CommandLine& line, Typed& typed) {
  add_plans(command, line);
  add_include_root(command, line);
  add_format(command, typed);
  add_word(command, "--fail-on", typed.fail_on, "exit code 1 from this on: error, warning, note; never");
  add_word(command, "--color", typed.color, "auto, always or never");
  command.add_flag("-q,--quiet", line.quiet, "only what is wrong, and the summary");
  add_word(command, "--states", typed.states, "in JSON, the state after which steps: last or all");
  add_rule_flags(command, typed);
  command.add_option("--baseline", line.baseline, "accepts the findings in FILE, and reports what is new")
      ->type_name("FILE");
  command.add_option("--write-baseline", line.write_baseline, "accepts the findings of now, and writes them to FILE")
      ->type_name("FILE");
  command.add_flag("--show-suppressed", line.show_suppressed, "in text, also the findings that were accepted");
}

CLI::App& add_command(CLI::App& app, const std::string& name, const std::string& sentence, const std::string& example) {
  auto& command = *app.add_subcommand(name, sentence);
  command.footer("Example:\n  " + example);
  command.allow_extras();  // what is left over is told by tell_leftovers, with a suggestion
  return command;
}

void add_commands(CLI::App& app, CommandLine& line, Typed& typed) {
  add_report_flags(
      add_command(app, "check", "Tells everything: forecast and findings.", "replug check plans/upgrade.yaml"), line,
      typed);
  add_report_flags(add_command(app, "lint", "Tells what is wrong with plans.", "replug lint --fail-on warning plans/"),
                   line, typed);
  add_report_flags(add_command(app, "simulate", "Tells what will run where after every step.",
                               "replug simulate --format json --states all plans/upgrade.yaml"),
                   line, typed);
  auto& fix = add_command(app, "fix", "Applies the repairs that are safe.", "replug fix --dry-run plans/upgrade.yaml");
  add_plans(fix, line);
  add_include_root(fix, line);
  add_rule_flags(fix, typed);
  fix.add_flag("--dry-run", line.dry_run, "shows what would change, and writes nothing");
  fix.add_flag("--unsafe", line.unsafe, "applies also repairs that want a look");
  auto& config = add_command(app, "config", "Tells which configuration counts.", "replug config plans/upgrade.yaml");
  config.add_option("PLAN", line.plans, "for which plan or folder; default: the current folder")->type_name("");
  add_include_root(config, line);
  add_format(config, typed);
  add_rule_flags(config, typed);
  auto& graph =
      add_command(app, "graph", "Draws the order of a plan's steps.", "replug graph plans/upgrade.yaml | dot -Tsvg");
  add_plans(graph, line);
  add_include_root(graph, line);
  add_word(graph, "--format", typed.graph_format, "dot or mermaid");
  add_format(add_command(app, "rules", "Lists the rules.", "replug rules --format json"), typed);
  add_command(app, "explain", "Tells what a rule finds, and why.", "replug explain immutable-version")
      .add_option("RULE", line.rule, "the rule's name, as in findings")
      ->type_name("");
  add_command(app, "capabilities", "Tells how a release of a server is simulated.", "replug capabilities vault-1.16.3")
      .add_option("SERVER", line.servers, "vault-VERSION or openbao-VERSION; default: the newest known")
      ->type_name("");
  add_command(app, "version", "Tells the version of replug.", "replug version");
  add_command(app, "help", "Tells this, or more about a command.", "replug help check")
      .add_option("COMMAND", typed.help_for, "the command")
      ->type_name("");
}

std::vector<std::string> flags_of(const CLI::App& command) {
  std::vector<std::string> flags;
  for (const auto* option : command.get_options()) {
    for (const auto& name : option->get_lnames()) flags.push_back("--" + name);
  }
  return flags;
}

/// What no flag and no argument took. CLI11 counts the `--` before files among it.
std::vector<std::string> leftovers(const CLI::App& app) {
  auto left = app.remaining();
  std::erase(left, "--");
  return left;
}

void tell_leftovers(const CLI::App& app, const CLI::App* command) {
  const auto before = leftovers(app);
  if (command == nullptr && before.empty()) {
    wrong_usage("say what to do.",
                fmt::format("One of: {}. For example: replug check plans/", fmt::join(words_of(commands), ", ")));
  }
  if (!before.empty() && !before.front().starts_with('-')) {
    wrong_usage(fmt::format("there is no command {}.{}", quoted(before.front()),
                            did_you_mean(before.front(), words_of(commands))),
                fmt::format("The commands are: {}.", fmt::join(words_of(commands), ", ")));
  }
  if (!before.empty()) {
    wrong_usage(fmt::format("the flag {} must stand behind a command.", quoted(before.front())),
                "For example: replug check --quiet plans/");
  }
  const auto behind = leftovers(*command);
  if (behind.empty()) return;
  const auto& first = behind.front();
  const auto name = command->get_name();
  if (!first.starts_with('-')) wrong_usage(fmt::format("{} does not take {}.", name, quoted(first)));
  const auto flag = first.substr(0, first.find('='));
  wrong_usage(fmt::format("{} has no flag {}.{}", name, quoted(flag), did_you_mean(flag, flags_of(*command))),
              fmt::format("\"replug {} --help\" lists its flags. Behind -- everything is a file.", name));
}

/// `ID=WORD`.
rules::RuleSetting rule_setting(const std::string& typed) {
  const auto equals = typed.find('=');
  if (equals == std::string::npos) {
    wrong_usage(fmt::format("--rule cannot be {}.", quoted(typed)), "For example: --rule immutable-version=warning");
  }
  const auto id = typed.substr(0, equals);
  const auto* rule = rules::find_rule(id);
  if (rule == nullptr) {
    const auto near = rules::nearest_rule(id);
    wrong_usage(
        fmt::format("there is no rule {}.{}", quoted(id), near ? fmt::format(" Did you mean \"{}\"?", *near) : ""),
        "\"replug rules\" lists them.");
  }
  using Severity = std::optional<rules::Severity>;
  const auto severity = choose(
      "--rule " + id, typed.substr(equals + 1),
      std::array{Word{"off", Severity()}, Word{"note", Severity(rules::Severity::note)},
                 Word{"warning", Severity(rules::Severity::warning)}, Word{"error", Severity(rules::Severity::error)}});
  return {rule, severity, {}};
}

void read_values(const Typed& typed, CommandLine& line) {
  using rules::Profile;
  using rules::Severity;
  using FailOn = std::optional<Severity>;
  line.format = choose("--format", typed.format, std::array{Word{"text", Format::text}, Word{"json", Format::json}});
  line.graph_format = choose("--format", typed.graph_format,
                             std::array{Word{"dot", GraphFormat::dot}, Word{"mermaid", GraphFormat::mermaid}});
  line.fail_on = choose("--fail-on", typed.fail_on,
                        std::array{Word{"error", FailOn(Severity::error)}, Word{"warning", FailOn(Severity::warning)},
                                   Word{"note", FailOn(Severity::note)}, Word{"never", FailOn()}});
  line.color =
      choose("--color", typed.color,
             std::array{Word{"auto", Color::automatic}, Word{"always", Color::always}, Word{"never", Color::never}});
  line.every_state = choose("--states", typed.states, std::array{Word{"last", false}, Word{"all", true}});
  if (!typed.profile.empty()) {
    line.rules.profile = choose(
        "--profile", typed.profile,
        std::array{Word{"default", Profile::standard}, Word{"strict", Profile::strict}, Word{"all", Profile::all}});
  }
  for (const auto& rule : typed.rules) line.rules.rules.push_back(rule_setting(rule));
}

void check_arguments(const CommandLine& line, const std::string& name) {
  const bool takes_plans = line.command == Command::check || line.command == Command::lint ||
                           line.command == Command::simulate || line.command == Command::graph ||
                           line.command == Command::fix;
  if (takes_plans && line.plans.empty()) {
    wrong_usage(fmt::format("{} needs a plan.", name), fmt::format("For example: replug {} plans/upgrade.yaml", name));
  }
  if (line.command == Command::graph && line.plans.size() > 1) wrong_usage("graph draws one plan at a time.");
  if (line.command == Command::config && line.plans.size() > 1) wrong_usage("config takes one plan at a time.");
  if (line.command == Command::explain && line.rule.empty()) {
    wrong_usage("explain needs the name of a rule.", "\"replug rules\" lists them.");
  }
}

std::string help_of(CLI::App& app, const std::string& command) {
  if (command.empty()) return app.get_formatter()->make_help(&app, "replug", CLI::AppFormatMode::Normal);
  choose("the command", command, commands);
  return app.get_subcommand(command)->help("replug");
}

}  // namespace

std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates) {
  const std::vector<std::string_view> views(candidates.begin(), candidates.end());
  const auto near = text::nearest(word, views);
  return near ? fmt::format(" Did you mean \"{}\"?", *near) : "";
}

CommandLine parse_command_line(int argc, const char* const* argv) {
  CommandLine line;
  Typed typed;
  CLI::App app{std::string(about), "replug"};
  app.footer(std::string(exit_codes));
  app.require_subcommand(0, 1);
  app.allow_extras();
  bool version = false;
  app.add_flag("--version", version, "tells the version of replug");
  add_commands(app, line, typed);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    line.help = app.help();
    return line;
  } catch (const CLI::ParseError& error) {
    wrong_usage(text::printable(error.what(), 300));
  }
  const auto chosen = app.get_subcommands();
  if (version && chosen.empty()) {
    line.command = Command::version;
    return line;
  }
  const CLI::App* command = chosen.empty() ? nullptr : chosen.front();
  tell_leftovers(app, command);
  line.command = choose("the command", command->get_name(), commands);
  read_values(typed, line);
  check_arguments(line, command->get_name());
  if (line.command == Command::help) line.help = help_of(app, typed.help_for);
  return line;
}

}  // namespace replug::cli
