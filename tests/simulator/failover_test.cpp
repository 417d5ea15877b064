// Who leads after what, and what the new leader loads (reference, sections 7 and 12).

#include <string>

#include <gtest/gtest.h>

#include "tests/simulator/cluster_fixture.h"

namespace replug::simulator::test {
namespace {

const std::string tuned = registered("toy", {0, 1}) +
                          "  - enable: {path: my/, plugin: toy, plugin_version: v1.0.0}\n"
                          "  - tune: {path: my/, plugin_version: v1.0.1}\n";

std::string three(const std::string& steps, const std::string& server = "vault 1.14.9") {
  return plan_of({.server = server, .nodes = 3, .steps = tuned + steps});
}

TEST(StepDown, TheNextLeaderLoadsWhatIsConfigured) {
  const Played played(three("  - step_down: {}\n"));
  EXPECT_EQ(played.reply(), "204");
  EXPECT_EQ(played.nodes(), "standby, active, standby");
  EXPECT_EQ(played.processes("node-0"), "");
  EXPECT_EQ(played.mount("my/", "node-1"), "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1");
}

TEST(StepDown, TheNamedStandbyTakesOver) {
  EXPECT_EQ(Played(three("  - step_down: {to: node-2}\n")).nodes(), "standby, standby, active");
}

TEST(StepDown, ToItselfChangesNothing) {
  const Played played(three("  - step_down: {to: node-0}\n"));
  EXPECT_EQ(played.nodes(), "active, standby, standby");
  EXPECT_EQ(played.mount("my/"), "running configured v1.0.1, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(StepDown, OfAStandbyChangesNothing) {
  const Played played(three("  - step_down: {}\n    at: node-1\n"));
  EXPECT_EQ(played.reply(), "204");
  EXPECT_EQ(played.nodes(), "active, standby, standby");
}

TEST(StepDown, WithoutAStandbyTheLeaderGoesOn) {
  const Played played(plan_of({.steps = tuned + "  - step_down: {}\n"}));
  EXPECT_EQ(played.nodes(), "active");
  EXPECT_EQ(played.processes(), "a0");
}

TEST(StepDown, ASealedStandbyCannotTakeOver) {
  EXPECT_EQ(Played(three("  - seal: {node: node-1}\n  - step_down: {}\n")).nodes(), "standby, sealed, active");
  EXPECT_EQ(Played(three("  - seal: {node: node-1}\n  - step_down: {to: node-1}\n")).nodes(),
            "standby, sealed, active");
}

TEST(Seal, OfTheLeaderHandsTheLeadOn) {
  EXPECT_EQ(Played(three("  - seal: {node: node-0}\n")).nodes(), "sealed, active, standby");
  EXPECT_EQ(Played(three("  - seal: {node: node-0, to: node-2}\n")).nodes(), "sealed, standby, active");
  EXPECT_EQ(Played(three("  - seal: {node: node-0, to: node-0}\n")).nodes(), "sealed, active, standby")
      << "a sealed node cannot lead";
}

TEST(Seal, WithAllNodesSealedTheFirstUnsealedLeads) {
  const std::string sealed = "  - seal: {node: node-0}\n  - seal: {node: node-1}\n  - seal: {node: node-2}\n";
  Played played(three(sealed + "  - request: {path: my/x}\n  - request: {path: my/x}\n    at: node-1\n  - unseal: "
                               "{node: node-2}\n  - request: {path: my/x}\n"),
                7);
  EXPECT_EQ(played.nodes(), "sealed, sealed, sealed");
  played.rest();
  EXPECT_EQ(played.last_replies(4), "503 Vault is sealed; 503 Vault is sealed; 200; 200 by v1.0.1 a1");
  EXPECT_EQ(played.nodes(), "sealed, sealed, active");
}

TEST(Requests, AtASealedNodeAreRefusedWhileAnotherLeads) {
  const Played played(
      three("  - seal: {node: node-0}\n  - request: {path: my/x}\n    at: node-0\n  - request: {path: my/x}\n    at: "
            "node-2\n  - request: {path: my/x}\n"));
  EXPECT_EQ(played.last_replies(3), "503 Vault is sealed; 200 by v1.0.1 a1; 200 by v1.0.1 a1");
}

TEST(Requests, AtEachNodeGoToEachAndTheFirstRefusalIsTheSteps) {
  const Played played(three("  - seal: {node: node-2}\n  - request: {path: my/x}\n    at: each\n"));
  const StepForecast& step = played.forecast(5);
  ASSERT_EQ(step.replies.size(), 3U);
  EXPECT_EQ(told(step.replies[0].reply), "200 by v1.0.0 a0");
  EXPECT_EQ(told(step.replies[1].reply), "200 by v1.0.0 a0") << "a standby of Vault passes it on";
  EXPECT_EQ(told(step.replies[2].reply), "503 Vault is sealed");
  EXPECT_EQ(told(step.reply), "503 Vault is sealed");
}

TEST(Requests, AtAListOfNodesAndThroughALoadBalancerAreCarriedOut) {
  const Played played(
      three("  - request: {path: my/x}\n    at: [node-2, node-0]\n  - request: {path: my/x}\n    at: load_balancer\n"));
  EXPECT_EQ(played.forecast(4).replies.size(), 2U);
  EXPECT_EQ(played.forecast(4).node, played.node_id("node-2"));
  EXPECT_EQ(played.reply(), "200 by v1.0.0 a0");
}

TEST(Reload, AtAStandbyOfVaultIsPassedToTheLeader) {
  const Played played(three("  - reload: {plugin: toy}\n    at: node-1\n"));
  EXPECT_EQ(played.mount("my/"), "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1");
  EXPECT_EQ(played.processes("node-1"), "");
}

TEST(Crash, AtAStandbyThatRunsNothingHitsNothing) {
  const Played played(three("  - crash: {mount: my/}\n    at: node-1\n"));
  EXPECT_EQ(played.processes("node-0"), "a0");
}

TEST(Restart, OfTheLeaderHandsTheLeadOnAndTheNodeComesBackAsStandby) {
  EXPECT_EQ(Played(three("  - restart: {node: node-0}\n")).nodes(), "standby, active, standby");
  EXPECT_EQ(Played(three("  - restart: {node: node-0, to: node-2}\n")).nodes(), "standby, standby, active");
  const Played itself(three("  - restart: {node: node-0, to: node-0}\n"));
  EXPECT_EQ(itself.nodes(), "active, standby, standby");
  EXPECT_EQ(itself.processes(), "a1") << "its process ended: it loads anew, however quick it is";
}

TEST(Restart, OfAStandbyDoesNotTouchTheLeader) {
  const Played played(three("  - restart: {node: node-1}\n"));
  EXPECT_EQ(played.nodes(), "active, standby, standby");
  EXPECT_EQ(played.processes("node-0"), "a0");
  EXPECT_TRUE(played.forecast(4).changes.empty());
}

TEST(Failover, ToANodeWithoutTheFileIsAnOutageOfThatMount) {
  const Played played(
      three("  - uninstall: {file: toy-1.0.1}\n    at: node-1\n  - step_down: {}\n  - request: {path: my/x}\n"));
  EXPECT_EQ(played.reply(), "404 no handler for route \"my/x\". route entry found, but backend is nil.");
  EXPECT_EQ(played.nodes(), "standby, active, standby");
}

// V1.14:vault/ha.go waitForLeadership: a leader that cannot load the tables lets the lock go and tries again later.
TEST(Failover, ANodeThatCannotLoadTheTablesGivesTheLeadToTheNext) {
  const std::string steps = registered("toyauth", {0}) +
                            "  - enable: {path: auth/my/, plugin: toyauth, plugin_version: v1.0.0}\n"
                            "  - uninstall: {file: toyauth-1.0.0}\n    at: node-1\n  - step_down: {}\n";
  const Played played(plan_of({.server = "vault 1.12.1", .nodes = 3, .steps = steps}));
  EXPECT_EQ(played.nodes(), "standby, standby, active");
}

TEST(Failover, WhereNoNodeCanLoadTheTablesNobodyLeadsUntilOneCan) {
  const std::string steps =
      registered("toyauth", {0}) +
      "  - enable: {path: auth/my/, plugin: toyauth, plugin_version: v1.0.0}\n"
      "  - uninstall: {file: toyauth-1.0.0}\n  - step_down: {}\n  - request: {path: auth/my/x}\n    at: node-1\n"
      "  - install: {file: toyauth-1.0.0, sha256: c0, type: auth, multiplexed: true}\n    at: node-2\n"
      "  - request: {path: auth/my/x}\n";
  Played played(plan_of({.server = "vault 1.12.1", .nodes = 3, .steps = steps}), 5);
  EXPECT_EQ(played.nodes(), "standby, standby, standby");
  EXPECT_EQ(played.reply(), "500 local node not active but active cluster node not found");
  played.rest();
  EXPECT_EQ(played.nodes(), "standby, standby, active");
  EXPECT_EQ(played.reply(), "200 by v1.0.0 c0");
}

}  // namespace
}  // namespace replug::simulator::test
