// What the release notes in a plan answer, for rules and for whoever drafts a plan.

#include "planner/reading/releases.h"

#include <gtest/gtest.h>

#include "tests/planner/reading.h"

namespace replug::planner {
namespace {

class Releases : public testing::Test {
 protected:
  [[nodiscard]] VersionChange change(std::string_view from, std::string_view to) const {
    const Plan& plan = *reading_.plan;
    return version_change(plan, "secret", "p", plan.texts->intern(from), plan.texts->intern(to));
  }

  Reading reading_ = read_text(
      "replug: 1\n"
      "cluster: {server: {product: vault, version: 1.16.3}, nodes: {v0: {role: active}}}\n"
      "releases:\n"
      "  - {type: auth, name: p, versions: {v1.5.0: {}}}\n"
      "  - type: secret\n"
      "    name: p\n"
      "    versions:\n"
      "      v2.0.0: {schema: 2, upgrade_from: '>=1.1', downgrade_to: none}\n"
      "      v1.0.0: {schema: 1}\n"
      "      v1.1.0: {schema: 1, downgrade_to: '>=1.0'}\n"
      "      v1.2.0: {}\n"
      "steps: [{confirm: go on}]\n");
};

TEST_F(Releases, SayFromWhereAnUpgradeMayCome) {
  ASSERT_TRUE(reading_.plan) << told(reading_.problems);
  EXPECT_EQ(may_upgrade(change("v1.1.0", "v2.0.0")), Answer::yes);
  EXPECT_EQ(may_upgrade(change("v1.0.0", "v2.0.0")), Answer::no);
  EXPECT_EQ(may_upgrade(change("", "v2.0.0")), Answer::unknown) << "an unversioned plugin is below nothing";
  EXPECT_EQ(may_upgrade(change("v1.0.0", "v1.1.0")), Answer::unknown) << "not said";
  EXPECT_EQ(may_upgrade(change("v2.0.0", "v3.0.0")), Answer::unknown) << "not listed";
}

TEST_F(Releases, SayWhereAWayLeadsBack) {
  ASSERT_TRUE(reading_.plan) << told(reading_.problems);
  EXPECT_TRUE(is_downgrade(change("v1.1.0", "v1.0.0")));
  EXPECT_FALSE(is_downgrade(change("v1.0.0", "v1.0.0+ent")));
  EXPECT_FALSE(is_downgrade(change("v1.0.0", "")));
  EXPECT_EQ(may_downgrade(change("v1.1.0", "v1.0.0")), Answer::yes);
  EXPECT_EQ(may_downgrade(change("v2.0.0", "v1.1.0")), Answer::no);
  EXPECT_EQ(may_downgrade(change("v1.2.0", "v1.1.0")), Answer::unknown);
  EXPECT_TRUE(is_one_way(*change("v1.0.0", "v2.0.0").reached));
  EXPECT_FALSE(is_one_way(*change("v1.0.0", "v1.1.0").reached));
}

TEST_F(Releases, SayWhatMigratesAndWhichSchemaIsLeft) {
  ASSERT_TRUE(reading_.plan) << told(reading_.problems);
  EXPECT_EQ(migrates(change("v1.0.0", "v2.0.0")), Answer::yes);
  EXPECT_EQ(migrates(change("v1.0.0", "v1.1.0")), Answer::no);
  EXPECT_EQ(migrates(change("v2.0.0", "v1.0.0")), Answer::no) << "a migration is not taken back";
  EXPECT_EQ(migrates(change("v1.0.0", "v1.2.0")), Answer::unknown);
  EXPECT_EQ(migrates(change("v1.2.0", "v2.0.0")), Answer::unknown);
  EXPECT_EQ(schema_after(2, change("v2.0.0", "v1.0.0").reached), 2);
  EXPECT_EQ(schema_after(1, change("v1.0.0", "v2.0.0").reached), 2);
  EXPECT_EQ(schema_after(1, change("v1.0.0", "v1.2.0").reached), std::nullopt);
  EXPECT_EQ(schema_after(std::nullopt, change("v1.2.0", "v1.0.0").reached), 1);
}

TEST_F(Releases, AreListedByPluginInTheOrderOfThePlan) {
  ASSERT_TRUE(reading_.plan) << told(reading_.problems);
  std::string listed;
  for (const Release* release : releases_of(*reading_.plan, "secret", "p")) listed += release->version.str() + " ";
  EXPECT_EQ(listed, "v2.0.0 v1.0.0 v1.1.0 v1.2.0 ");
  EXPECT_TRUE(releases_of(*reading_.plan, "secret", "q").empty());
  EXPECT_TRUE(releases_of(*reading_.plan, "database", "p").empty());
}

}  // namespace
}  // namespace replug::planner
