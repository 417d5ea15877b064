// What real servers refused is an error of `check` at the very step; and where they refused nothing, no step is said to
// be refused.

#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "planner/reading/planned_step.h"
#include "tests/rules/fixture.h"

namespace replug::tests {
namespace {

const std::filesystem::path recordings = source_dir / "tests/conformance/recordings";

std::vector<std::string> servers() {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(recordings)) {
    if (entry.is_directory()) found.push_back(entry.path().filename().string());
  }
  std::ranges::sort(found);
  return found;
}

// The plan as somebody would write it who does not know yet what is refused.
std::string without_fails(std::string text) {
  constexpr std::string_view mark = "\n    fails: true";
  for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos;) text.erase(at, mark.size());
  return text;
}

std::set<std::string> refused_by_server(const std::filesystem::path& plan) {
  std::filesystem::path observed = plan;
  std::set<std::string> ids;
  const auto recording = nlohmann::json::parse(slurp(observed.replace_extension(".observed.json")));
  for (const auto& step : recording["steps"]) {
    if (step["reply"]["status"].get<int>() >= 400) ids.insert(step["id"].get<std::string>());
  }
  return ids;
}

std::set<std::string> errors_of(const analysis::Analysis& analysis, std::string_view rule) {
  std::set<std::string> ids;
  for (const rules::Finding& finding : analysis.judgement->findings) {
    const bool counts = finding.severity == rules::Severity::error && (rule.empty() || finding.rule->id == rule);
    if (counts && finding.step) ids.insert(analysis.plan().steps[*finding.step].step.id.str());
  }
  return ids;
}

class OnServer : public testing::TestWithParam<std::string> {};

TEST_P(OnServer, every_refusal_is_an_error_at_its_step_and_nothing_else_is_said_to_be_refused) {
  std::size_t plans = 0;
  std::size_t refusals = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(recordings / GetParam())) {
    if (entry.path().extension() != ".yaml") continue;
    rules::Settings settings;
    settings.profile = rules::Profile::all;
    const auto source = std::make_shared<planner::Source>(entry.path().string(), without_fails(slurp(entry.path())));
    const analysis::Analysis analysis =
        analysis::analyse(source, files_beside(entry.path()), settings, analysis::Question::check);
    ASSERT_TRUE(analysis.judgement) << entry.path();
    const std::set<std::string> refused = refused_by_server(entry.path());
    const std::set<std::string> errors = errors_of(analysis, "");
    for (const std::string& id : refused) EXPECT_TRUE(errors.contains(id)) << entry.path() << " " << id;
    EXPECT_EQ(errors_of(analysis, "step-refused"), refused) << entry.path();
    refusals += refused.size();
    ++plans;
  }
  EXPECT_GT(plans, 50U);
  EXPECT_GT(refusals, 50U);
}

INSTANTIATE_TEST_SUITE_P(Recordings, OnServer, testing::ValuesIn(servers()), [](const auto& server) {
  std::string name = server.param;
  std::ranges::replace_if(
      name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
});

}  // namespace
}  // namespace replug::tests
