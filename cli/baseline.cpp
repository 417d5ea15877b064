#include "cli/baseline.h"

#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/files.h"
#include "cli/trouble.h"
#include "report/telling/json_text.h"
#include "rules/judging/rule.h"
#include "text/printable.h"

namespace replug::cli {
namespace {

[[noreturn]] void no_baseline(const std::string& file, std::string_view what) {
  throw Trouble(ExitCode::usage, fmt::format("{} is no baseline: {}.", text::printable(file, 1000), what),
                "A baseline is what --write-baseline or \"replug lint --format json\" wrote.");
}

template <class Action>
void for_each_open(std::span<const analysis::Analysis> analyses, const Action& action) {
  for (const auto& analysis : analyses) {
    if (!analysis.judgement) continue;
    for (const auto& finding : analysis.judgement->findings) {
      if (!finding.suppressed) action(analysis, finding);
    }
  }
}

}  // namespace

Baseline Baseline::read(const std::string& file) {
  const auto json = nlohmann::json::parse(read_regular_file(file, file), nullptr, false);
  if (json.is_discarded()) no_baseline(file, "it is no JSON");
  if (!json.is_object() || !json.contains("replug")) no_baseline(file, "it has no key \"replug\"");
  const auto findings = json.find("findings");
  if (findings == json.end() || !findings->is_array()) no_baseline(file, "it has no list \"findings\"");
  Baseline baseline;
  for (const auto& finding : *findings) {
    const bool has_fingerprint =
        finding.is_object() && finding.contains("fingerprint") && finding.at("fingerprint").is_string();
    if (!has_fingerprint) no_baseline(file, "a finding has no \"fingerprint\"");
    ++baseline.times_[finding.at("fingerprint").get<std::string>()];
  }
  return baseline;
}

Baseline Baseline::of(std::span<const analysis::Analysis> analyses) {
  Baseline baseline;
  for_each_open(analyses, [&](const auto&, const auto& finding) { ++baseline.times_[finding.fingerprint]; });
  return baseline;
}

void Baseline::accept(std::span<analysis::Analysis> analyses) {
  for (auto& analysis : analyses) {
    if (!analysis.judgement) continue;
    for (auto& finding : analysis.judgement->findings) {
      const auto found = times_.find(finding.fingerprint);
      if (finding.suppressed || found == times_.end() || found->second == 0) continue;
      --found->second;
      finding.suppressed = true;
      finding.suppression_reason = "in the baseline";
    }
  }
}

std::string Baseline::text(std::span<const analysis::Analysis> analyses) {
  report::ObjectText out;
  out.member("replug", 1);
  out.begin_list("findings");
  for_each_open(analyses, [&](const auto& analysis, const auto& finding) {
    out.element(report::compact({{"rule", finding.rule->id},
                                 {"fingerprint", finding.fingerprint},
                                 {"plan", analysis.file},
                                 {"message", finding.message}}));
  });
  out.end_list();
  return out.finish() + "\n";
}

}  // namespace replug::cli
