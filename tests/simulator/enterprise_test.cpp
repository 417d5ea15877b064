// Vault Enterprise: nodes beside the active one that run plugins of their own (reference, section 12). From
// documentation only.

#include <string>

#include <gtest/gtest.h>

#include "tests/simulator/cluster_fixture.h"

namespace replug::simulator::test {
namespace {

const std::string performance =
    "  nodes:\n    node-0: {role: active}\n    node-1: {role: performance_standby}\n    node-2: {role: "
    "performance_standby}\n";
const std::string secondaries =
    "  nodes:\n    node-0: {role: active}\n    eu-0: {role: active, replica: eu}\n    eu-1: {role: standby, replica: "
    "eu}\n"
    "    dr-0: {role: active, replica: dr}\n  replicas:\n    eu: performance_secondary\n    dr: dr_secondary\n";
const std::string tuned =
    registered("toy", {0, 1}) +
    "  - enable: {path: my/, plugin: toy, plugin_version: v1.0.0}\n  - tune: {path: my/, plugin_version: v1.0.1}\n";

Played play(const std::string& cluster, const std::string& steps) {
  return Played(plan_of({.server = "vault 1.16.3+ent", .cluster = cluster, .steps = steps}));
}

TEST(PerformanceStandby, RunsItsOwnPlugins) {
  const Played played =
      play(performance, tuned + "  - crash: {mount: my/}\n    at: node-1\n  - request: {path: my/x}\n    at: node-2\n");
  EXPECT_EQ(played.processes("node-0"), "a0");
  EXPECT_EQ(played.processes("node-1"), "");
  EXPECT_EQ(played.reply(), "200 by v1.0.0 a0");
}

TEST(PerformanceStandby, IsNotReachedByALocalReload) {
  const Played played = play(performance, tuned + "  - reload: {plugin: toy}\n");
  EXPECT_EQ(played.mount("my/", "node-0"), "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1");
  EXPECT_EQ(played.mount("my/", "node-1"), "running configured v1.0.1, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(PerformanceStandby, IsReachedByAGlobalReload) {
  const Played played = play(performance, tuned + "  - reload: {plugin: toy, scope: global}\n");
  EXPECT_EQ(played.reply(), "202");
  for (const char* node : {"node-0", "node-1", "node-2"}) {
    EXPECT_EQ(played.mount("my/", node), "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1") << node;
  }
  EXPECT_FALSE(played.forecast(4).unverified.empty());
}

TEST(PerformanceStandby, NeedsTheFileTheReplyOfTheGlobalReloadDoesNotTell) {
  const Played played =
      play(performance,
           tuned + "  - uninstall: {file: toy-1.0.1}\n    at: node-2\n  - reload: {plugin: toy, scope: global}\n");
  EXPECT_EQ(played.reply(), "202");
  EXPECT_EQ(played.mount("my/", "node-2"), "respawns configured v1.0.1, reports v1.0.0 a0, is ? ?");
}

TEST(PerformanceStandby, WhoGivesUpTheLeadBecomesOne) {
  const Played played = play(performance, tuned + "  - step_down: {}\n");
  EXPECT_EQ(played.nodes(), "performance_standby, active, performance_standby");
  EXPECT_EQ(played.processes("node-0"), "a1");
}

TEST(GlobalReload, OnACommunityServerReachesTheNodeThatHandlesIt) {
  const Played played(
      plan_of({.server = "vault 1.16.3", .nodes = 3, .steps = tuned + "  - reload: {plugin: toy, scope: global}\n"}));
  EXPECT_EQ(played.reply(), "202");
  EXPECT_EQ(played.processes("node-1"), "");
}

TEST(PerformanceSecondary, RunsPluginsOnItsActiveNode) {
  const Played played =
      play(secondaries, tuned + "  - request: {path: my/x}\n    at: eu-0\n  - request: {path: my/x}\n    at: eu-1\n");
  EXPECT_EQ(played.processes("eu-0"), "a0");
  EXPECT_EQ(played.processes("eu-1"), "");
  EXPECT_EQ(played.last_replies(2), "200 by v1.0.0 a0; 200 by v1.0.0 a0")
      << "its standby passes the request to its own active node";
}

TEST(PerformanceSecondary, PassesWritesToThePrimary) {
  const Played played = play(secondaries, tuned + "  - disable: {path: my/}\n    at: eu-0\n");
  EXPECT_EQ(played.reply(), "204");
  EXPECT_EQ(played.mounts(), "");
  EXPECT_EQ(played.processes("eu-0"), "");
}

TEST(PerformanceSecondary, HasALeaderOfItsOwn) {
  const Played played = play(secondaries, tuned + "  - step_down: {}\n    at: eu-0\n");
  EXPECT_EQ(played.nodes(), "active, standby, active, active");
  EXPECT_EQ(played.processes("eu-1"), "a1");
  EXPECT_EQ(played.processes("node-0"), "a0");
}

TEST(PerformanceSecondary, ANodeOfAnotherClusterCannotTakeTheLead) {
  const Played played = play(secondaries, tuned + "  - step_down: {to: eu-1}\n");
  EXPECT_EQ(played.nodes(), "active, active, standby, active");
}

TEST(DrSecondary, RunsNothingAndAnswersNothing) {
  const Played played =
      play(secondaries, tuned + "  - request: {path: my/x}\n    at: dr-0\n  - restart: {node: dr-0}\n");
  EXPECT_EQ(played.reply(5), "400 path disabled in replication DR secondary mode");
  EXPECT_EQ(played.processes("dr-0"), "");
  EXPECT_EQ(played.mount("my/", "dr-0"), "nothing");
}

}  // namespace
}  // namespace replug::simulator::test
