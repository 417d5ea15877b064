#pragma once

#include <string_view>

#include "cli/command_line.h"

namespace replug::cli {

/// Whether the result is written in colours: --color, else NO_COLOR, TERM and whether standard output is a terminal.
bool wants_color(Color color);

/// Writes the result to standard output. Quiet where nobody reads any more (`replug … | head`); Trouble where it cannot
/// be written.
void write_result(std::string_view text);
/// For everything that is not the result.
void write_message(std::string_view text);

}  // namespace replug::cli
