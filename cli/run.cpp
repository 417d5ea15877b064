#include "cli/run.h"

#include <csignal>
#include <exception>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "cli/trouble.h"
#include "cli/version.h"
#include "text/printable.h"

namespace replug::cli {
namespace {

std::string version_text() {
  return commit.empty() ? fmt::format("replug {}\n", version) : fmt::format("replug {} ({})\n", version, commit);
}

ExitCode carry_out(const CommandLine& line) {
  switch (line.command) {
    case Command::check:
    case Command::lint:
    case Command::simulate:
      return check(line);
    case Command::fix:
      return fix(line);
    case Command::config:
      return config(line);
    case Command::graph:
      return graph(line);
    case Command::rules:
      return rules(line);
    case Command::explain:
      return explain(line);
    case Command::capabilities:
      return capabilities(line);
    case Command::version:
      write_result(version_text());
      return ExitCode::clean;
    case Command::help:
      write_result(line.help);
      return ExitCode::clean;
  }
  return ExitCode::clean;
}

ExitCode tell_bug(std::string_view what) {
  write_message(
      fmt::format("replug: a bug in replug: {}\n"
                  "The result cannot be relied on. Please report this with the plan and the line above ({}).\n",
                  text::printable(what, 1000), std::string_view(version)));
  return ExitCode::bug;
}

}  // namespace

ExitCode guarded(const std::function<ExitCode()>& action) {
  try {
    return action();
  } catch (const Trouble& trouble) {
    write_message(fmt::format("replug: {}\n", trouble.what()));
    if (!trouble.hint().empty()) write_message(fmt::format("{}\n", trouble.hint()));
    return trouble.code();
  } catch (const std::exception& error) {
    return tell_bug(error.what());
  } catch (...) {
    return tell_bug("an unknown exception");
  }
}

int run(int argc, const char* const* argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that goes away (`replug … | head`) is told by write(), and is no failure
  return static_cast<int>(guarded([&] { return carry_out(parse_command_line(argc, argv)); }));
}

}  // namespace replug::cli
