#pragma once

#include <stdexcept>
#include <string>

namespace replug::simulator {

/// A bug of ours. Nothing but the command line catches it; there it is exit code 70.
class Bug : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] inline void report_bug(const char* condition, const char* file, int line) {
  throw Bug(std::string(file) + ":" + std::to_string(line) + ": ENSURE(" + condition + ") does not hold");
}

}  // namespace replug::simulator

/// What must be true whatever a plan says; checked in every build. A user's mistake is a value (a Problem, a Finding),
/// never this.
#define ENSURE(condition) ((condition) ? void() : ::replug::simulator::report_bug(#condition, __FILE__, __LINE__))
