// The simulator against real servers: every recording is played, and every observation compared.

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tests/conformance/fidelity.h"
#include "tests/conformance/recording.h"

namespace replug::conformance {
namespace {

class Recorded : public testing::TestWithParam<std::string> {};

TEST_P(Recorded, PlansEndAsOnTheServer) {
  for (const fs::path& plan : plans(GetParam())) {
    const Comparison comparison = compare(plan);
    EXPECT_GT(comparison.points, 0U) << plan;
    for (const std::string& different : comparison.different) ADD_FAILURE() << plan.string() << " " << different;
  }
}

INSTANTIATE_TEST_SUITE_P(Servers, Recorded, testing::ValuesIn(folders()), [](const auto& folder) {
  std::string name = folder.param;
  std::ranges::replace_if(
      name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
});

TEST(Recordings, HaveAPlanForEveryObservationAndTheOtherWayRound) {
  std::size_t all = 0;
  for (const std::string& folder : folders()) {
    for (const auto& entry : fs::directory_iterator(recordings() / folder)) {
      const std::string file = entry.path().string();
      const bool observed = file.ends_with(".observed.json");
      const std::string other = observed ? file.substr(0, file.size() - 14) + ".yaml"
                                         : fs::path(file).replace_extension(".observed.json").string();
      EXPECT_TRUE(fs::exists(other)) << other << " is missing";
      all += observed ? 1 : 0;
    }
  }
  EXPECT_EQ(all, 748U) << "no recording may get lost";
}

// The comparison itself: what differs is found.
TEST(Comparing, FindsWhatDiffers) {
  const Json seen = Json::parse(R"({"reply": {"status": 204, "errors": ["a\n b"], "warnings": []}, "state": {
    "nodes": {"node-0": {"role": "active", "processes": [{"sha256": "aa", "count": 1}]}},
    "catalog": [], "pins": [], "mounts": {"my/": {"type": "toy", "plugin_version": "v1.0.0", "running_plugin_version": "v1.0.0",
    "running_sha256": "aa"}}, "databases": {}}})");
  const Json same = Json::parse(
      R"({"nodes": {"node-0": {"role": "active", "sealed": false, "processes": [{"sha256": "aa", "count": 1}]}},
    "catalog": [], "pins": [], "mounts": {"my/": {"type": "toy", "plugin_version": "v1.0.0", "nodes": {"node-0":
    {"plugin_version": "v1.0.0", "running_plugin_version": "v1.0.0", "running_sha256": "aa"}}}}, "databases": {}})");
  simulator::Reply reply = simulator::succeeded(204);
  simulator::Texts texts;
  reply.message = {simulator::Code::connection_name, texts.intern("a b")};
  const auto differing = [&](const Json& said) {
    std::set<std::string> names;
    const Points points(seen, reply, said);
    for (const Point& point : points.list()) {
      if (point.seen != point.said) names.insert(point.name);
    }
    return names;
  };
  EXPECT_TRUE(differing(same).empty());

  Json other = same;
  other["nodes"]["node-0"]["processes"][0]["count"] = 2;
  other["mounts"]["my/"]["nodes"]["node-0"]["running_sha256"] = "bb";
  other["pins"].push_back({{"type", "secret"}, {"name", "toy"}, {"version", "v1.0.0"}});
  EXPECT_EQ(differing(other), (std::set<std::string>{"node node-0 processes", "mount my/ running_sha256", "pins"}));
  other = same;
  other["mounts"].erase("my/");
  EXPECT_TRUE(differing(other).contains("mounts"));
  EXPECT_TRUE(differing(other).contains("mount my/ type"));
}

// docs/fidelity.md tells how much was compared; the numbers come from here.
TEST(Fidelity, TheDocumentedNumbersAreThoseOfTheRecordings) {
  const std::string table = observation_table();
  write_to(fs::path(REPLUG_BINARY).parent_path() / "fidelity-observations.md", table);
  const fs::path page = fs::path(REPLUG_SOURCE_DIR) / "docs/fidelity.md";
  const std::string text = contents(page);
  ASSERT_FALSE(text.empty()) << page << " is missing";
  const std::string updated = with_block(text, table);
  if (std::getenv("REPLUG_UPDATE") != nullptr) write_to(page, updated);
  EXPECT_EQ(contents(page), updated) << "scripts/update-fidelity writes the numbers anew";
}

}  // namespace
}  // namespace replug::conformance
