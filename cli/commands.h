#pragma once

#include "cli/command_line.h"
#include "cli/exit_code.h"

namespace replug::cli {

// The commands. Each writes its result to standard output.

ExitCode check(const CommandLine& line);  ///< check, lint and simulate
ExitCode fix(const CommandLine& line);
ExitCode config(const CommandLine& line);
ExitCode graph(const CommandLine& line);
ExitCode rules(const CommandLine& line);
ExitCode explain(const CommandLine& line);
ExitCode capabilities(const CommandLine& line);

}  // namespace replug::cli
