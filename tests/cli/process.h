#pragma once

#include <string>
#include <vector>

/// What a run of the program came to, seen from outside.
struct Outcome {
  int exit_code = -1;  ///< 128 + the signal, if one ended it
  std::string out;
  std::string err;
};

struct Surroundings {
  std::string input{};                     ///< on standard input
  std::vector<std::string> environment{};  ///< `NAME=value`; nothing else is set
  std::string folder = ".";                ///< the current directory
  bool terminal = false;                   ///< standard output is a terminal
  bool reader_is_gone = false;             ///< standard output is a pipe that nobody reads (`replug … | true`)
};

/// Runs the program replug with these arguments.
Outcome run_replug(const std::vector<std::string>& arguments, const Surroundings& surroundings = {});
