#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "cli/exit_code.h"

namespace replug::cli {

/// What ends the program before there is a result: a flag that is not understood, a file that cannot be read. Caught
/// once, in run().
class Trouble : public std::runtime_error {
 public:
  Trouble(ExitCode code, const std::string& message, std::string hint = {})
      : std::runtime_error(message), code_(code), hint_(std::move(hint)) {}

  [[nodiscard]] ExitCode code() const { return code_; }
  /// What to do instead; may be empty.
  [[nodiscard]] const std::string& hint() const { return hint_; }

 private:
  ExitCode code_;
  std::string hint_;
};

}  // namespace replug::cli
