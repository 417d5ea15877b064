// Every plan in plans/ is run as a user would run it; its whole output is kept in golden/.

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/examples/shell.h"

namespace replug::tests {
namespace {

const std::string replug = "NO_COLOR=1 '" REPLUG_BINARY "'";

std::vector<std::string> plans_in(const std::string& folder) {
  std::vector<std::string> plans;
  for (const auto& entry : std::filesystem::directory_iterator(source_dir / folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_regular_file() && name.ends_with(".yaml") &&
        slurp(entry.path()).find("\nsteps:") != std::string::npos) {
      plans.push_back(fmt::format("{}/{}", folder, name));
    }
  }
  std::ranges::sort(plans);
  return plans;
}

std::string test_name(const testing::TestParamInfo<std::string>& plan) {
  std::string name = std::filesystem::path(plan.param).stem().string();
  std::ranges::replace(name, '-', '_');
  return name;
}

void compare_with_golden(const std::string& plan) {
  const Finished run = shell(replug + " check " + plan);
  std::filesystem::path golden =
      source_dir / "tests/examples/golden" / std::filesystem::path(plan).lexically_relative("plans");
  golden.replace_extension(".txt");
  const std::string text = run.output + "exit code " + std::to_string(run.exit_code) + "\n";
  if (updates()) {
    std::filesystem::create_directories(golden.parent_path());
    std::ofstream(golden) << text;
  }
  EXPECT_EQ(text, slurp(golden)) << "REPLUG_UPDATE=1 writes it anew";
}

class RightPlan : public testing::TestWithParam<std::string> {};

TEST_P(RightPlan, prints_what_its_golden_file_says) { compare_with_golden(GetParam()); }

TEST_P(RightPlan, is_clean_under_every_rule) {
  const Finished run = shell(replug + " check --profile all --fail-on note " + GetParam());
  EXPECT_EQ(run.exit_code, 0) << run.output;
}

class WrongPlan : public testing::TestWithParam<std::string> {};

TEST_P(WrongPlan, prints_what_its_golden_file_says) { compare_with_golden(GetParam()); }

TEST_P(WrongPlan, is_not_clean) { EXPECT_NE(shell(replug + " check --fail-on warning " + GetParam()).exit_code, 0); }

TEST(Plans, there_is_one_for_each_procedure_and_some_that_are_wrong) {
  EXPECT_GE(plans_in("plans").size(), 8U);
  EXPECT_GE(plans_in("plans/wrong").size(), 5U);
}

INSTANTIATE_TEST_SUITE_P(Plans, RightPlan, testing::ValuesIn(plans_in("plans")), test_name);
INSTANTIATE_TEST_SUITE_P(Plans, WrongPlan, testing::ValuesIn(plans_in("plans/wrong")), test_name);

}  // namespace
}  // namespace replug::tests
