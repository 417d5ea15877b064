#pragma once

#include <string>

#include "report/options.h"
#include "report/telling/account.h"

namespace replug::report {

/// The text report, for a person under time pressure.
std::string write_text(const Account& account, const Options& options);

}  // namespace replug::report
