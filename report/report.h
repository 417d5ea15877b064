#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "analysis/analysis.h"
#include "analysis/summary.h"

namespace replug::report {

using analysis::Analysis;
using analysis::Overall;
using analysis::Question;
using analysis::Summary;

struct Options {
  Question question = Question::check;
  bool every_state = false;  ///< `--states all`
  bool color = false;
  bool show_suppressed = false;  ///< text: the suppressed findings too
  bool quiet = false;            ///< text: only findings and the summary
  std::size_t width = 80;        ///< columns of the text report
};

/// The text report, for a person under time pressure.
std::string write_text(std::span<const Analysis> analyses, const Options& options);
/// `simulate --format json` of one plan: the forecast of the plan language's page. For several plans an object with
/// `forecasts`.
std::string write_forecast_json(std::span<const Analysis> analyses, const Options& options);
/// `lint` and `check --format json`: the findings of the plan language's page.
std::string write_findings_json(std::span<const Analysis> analyses, const Options& options);

}  // namespace replug::report
