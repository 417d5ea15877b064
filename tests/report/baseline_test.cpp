// A baseline written and read again.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "report/baseline_json.h"
#include "tests/report/analysed.h"

namespace replug::report {
namespace {

TEST(BaselineJson, AcceptsWhatItWasWrittenFrom) {
  std::vector<analysis::Analysis> analyses(1);
  analyses.front() = analysed(
      "replug: 1\n"
      "cluster: {server: {product: vault, version: 1.16.3}, nodes: {v0: {role: active}}}\n"
      "steps: [{tune: {path: a/, plugin_version: v1.0.0}}]\n");
  ASSERT_FALSE(analyses.front().judgement->findings.empty());
  auto read = read_baseline(write_baseline(analyses));
  ASSERT_TRUE(read.baseline) << read.reason;
  read.baseline->accept(analyses);
  for (const auto& finding : analyses.front().judgement->findings) EXPECT_TRUE(finding.suppressed);
  auto again = read_baseline(write_baseline(analyses));
  ASSERT_TRUE(again.baseline) << "a baseline of nothing is one";
}

TEST(BaselineJson, SaysWhyATextIsNone) {
  EXPECT_EQ(read_baseline("{").reason, "it is no JSON");
  EXPECT_EQ(read_baseline("[]").reason, "it has no key \"replug\"");
  EXPECT_EQ(read_baseline("{\"replug\": 1, \"findings\": 1}").reason, "it has no list \"findings\"");
}

}  // namespace
}  // namespace replug::report
