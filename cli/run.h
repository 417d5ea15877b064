#pragma once

#include <functional>

#include "cli/exit_code.h"

namespace replug::cli {

/// The program: does what the arguments say and gives the exit code.
int run(int argc, const char* const* argv);

/// Does it, and turns every exception into a message on standard error and an exit code. The one place that catches.
ExitCode guarded(const std::function<ExitCode()>& action);

}  // namespace replug::cli
