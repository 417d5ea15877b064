#include "report/baseline_json.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "report/json.h"
#include "rules/judging/rule.h"

namespace replug::report {

ReadBaseline read_baseline(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_discarded()) return {{}, "it is no JSON"};
  if (!json.is_object() || !json.contains("replug")) return {{}, "it has no key \"replug\""};
  const auto findings = json.find("findings");
  if (findings == json.end() || !findings->is_array()) return {{}, "it has no list \"findings\""};
  analysis::Baseline baseline;
  for (const auto& finding : *findings) {
    const bool has_fingerprint =
        finding.is_object() && finding.contains("fingerprint") && finding.at("fingerprint").is_string();
    if (!has_fingerprint) return {{}, "a finding has no \"fingerprint\""};
    baseline.add(finding.at("fingerprint").get<std::string>());
  }
  return {std::move(baseline), ""};
}

std::string write_baseline(std::span<const analysis::Analysis> analyses) {
  ObjectText out;
  out.member("replug", 1);
  out.begin_list("findings");
  for (const auto& analysis : analyses) {
    if (!analysis.judgement) continue;
    for (const auto& finding : analysis.judgement->findings) {
      if (finding.suppressed) continue;
      out.element(compact({{"rule", finding.rule->id},
                           {"fingerprint", finding.fingerprint},
                           {"plan", analysis.file},
                           {"message", finding.message}}));
    }
  }
  out.end_list();
  return out.finish() + "\n";
}

}  // namespace replug::report
