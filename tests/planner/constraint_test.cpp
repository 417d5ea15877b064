#include <string_view>

#include <gtest/gtest.h>

#include "planner/reading/plan.h"
#include "simulator/medium/version.h"

namespace replug::planner {
namespace {

bool allows(std::string_view constraint, std::string_view version) {
  const auto parsed = parse_constraint(constraint);
  const auto read = simulator::parse_version(version, simulator::Strictness::lax);
  EXPECT_TRUE(parsed) << constraint;
  EXPECT_TRUE(read) << version;
  return parsed && read && parsed->allows(*read);
}

TEST(VersionConstraint, NoneAndAnyAreWords) {
  EXPECT_TRUE(allows("any", "v0.0.1"));
  EXPECT_TRUE(allows("any", "v1.0.0-rc1"));
  EXPECT_FALSE(allows("none", "v1.0.0"));
}

TEST(VersionConstraint, ComparesWithEachOperator) {
  EXPECT_TRUE(allows("1.2.0", "v1.2.0"));
  EXPECT_TRUE(allows("=1.2.0", "v1.2.0"));
  EXPECT_FALSE(allows("=1.2.0", "v1.2.1"));
  EXPECT_TRUE(allows("!=1.2.0", "v1.2.1"));
  EXPECT_FALSE(allows("!= 1.2.0", "v1.2.0"));
  EXPECT_TRUE(allows(">1.2.0", "v1.10.0"));
  EXPECT_FALSE(allows(">1.2.0", "v1.2.0"));
  EXPECT_TRUE(allows(">= v1.2.0", "1.2.0"));
  EXPECT_TRUE(allows("<=1.2.0", "v1.2.0"));
  EXPECT_FALSE(allows("<1.2.0", "v1.2.0"));
}

TEST(VersionConstraint, AllOfItMustHold) {
  for (const std::string_view range : {">=1.0.1, <2", ">=1.0.1,<2", " >= 1.0.1 , < 2 ", ">=1.0.1 <2"}) {
    EXPECT_FALSE(allows(range, "v1.0.0")) << range;
    EXPECT_TRUE(allows(range, "v1.0.1")) << range;
    EXPECT_TRUE(allows(range, "v1.99.0")) << range;
    EXPECT_FALSE(allows(range, "v2.0.0")) << range;
  }
}

TEST(VersionConstraint, PadsShortVersions) {
  EXPECT_TRUE(allows("=1", "v1.0.0"));
  EXPECT_TRUE(allows("<2", "v1.9.9"));
}

TEST(VersionConstraint, LeavesTheLastSegmentOfAPessimisticOneFree) {
  EXPECT_TRUE(allows("~> 1.2.3", "v1.2.9"));
  EXPECT_FALSE(allows("~> 1.2.3", "v1.2.2"));
  EXPECT_FALSE(allows("~> 1.2.3", "v1.3.0"));
  EXPECT_TRUE(allows("~> 1.2", "v1.3.0"));
  EXPECT_FALSE(allows("~> 1.2", "v2.0.0"));
}

TEST(VersionConstraint, IsMeantForPrereleasesOnlyIfItNamesOne) {
  EXPECT_FALSE(allows(">=1.0.0", "v1.1.0-rc1"));
  EXPECT_FALSE(allows("<2", "v2.0.0-rc1")) << "it may have what 2.0.0 has";
  EXPECT_TRUE(allows(">=1.1.0-rc1", "v1.1.0-rc2"));
  EXPECT_TRUE(allows(">=1.1.0-rc1", "v1.1.0"));
  EXPECT_FALSE(allows(">=1.1.0-rc1", "v1.2.0-rc1"));
}

TEST(VersionConstraint, DoesNotLookAtMetadata) { EXPECT_TRUE(allows("=1.16.3", "1.16.3+ent")); }

TEST(VersionConstraint, IsNotEveryText) {
  for (const std::string_view text :
       {"", " ", ">", ">>1", ">=1,", ",", "1 2", "=> 1", "~1.0", "one", ">=1 || <0", "none, any", "1.0.x"}) {
    EXPECT_FALSE(parse_constraint(text)) << text;
  }
}

}  // namespace
}  // namespace replug::planner
