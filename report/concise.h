#pragma once

#include <string>

#include "report/options.h"
#include "report/telling/account.h"

namespace replug::report {

/// `file:line:col: error[rule] text`, one line for each diagnostic: what editors and log viewers make links of. A
/// problem that keeps a file from being a plan is an error without a rule.
std::string write_concise(const Account& account, const Options& options);

}  // namespace replug::report
