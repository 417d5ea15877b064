#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "report/options.h"
#include "report/telling/account.h"

namespace replug::report {

/// One way to tell an account. `--format`, its help and its errors are made from the table of them.
struct Format {
  std::string_view name;       ///< `text`
  std::string_view extension;  ///< of a file that has it: `txt`
  std::string_view sentence;   ///< what it is for
  std::string (*write)(const Account& account, const Options& options);
  std::vector<std::string_view> commands;  ///< that offer it
};

/// All of them; of those that a command offers, the first is what it writes if nobody says otherwise.
std::span<const Format> formats();
/// Those that a command offers; none for a command that tells no account.
std::vector<const Format*> formats_of(std::string_view command);

}  // namespace replug::report
