#include "analysis/baseline.h"

namespace replug::analysis {

Baseline Baseline::of(std::span<const Analysis> analyses) {
  Baseline baseline;
  for (const auto& analysis : analyses) {
    if (!analysis.judgement) continue;
    for (const auto& finding : analysis.judgement->findings) {
      if (!finding.suppressed) baseline.add(finding.fingerprint);
    }
  }
  return baseline;
}

void Baseline::accept(std::span<Analysis> analyses) {
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

}  // namespace replug::analysis
