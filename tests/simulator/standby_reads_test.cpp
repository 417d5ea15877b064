// OpenBao from 2.5 on: standbys answer reads with plugins of their own (reference, section 12).

#include <string>

#include <gtest/gtest.h>

#include "tests/simulator/cluster_fixture.h"

namespace replug::simulator::test {
namespace {

const std::string enabled =
    registered("toy", {0, 1}) + "  - enable: {path: my/, plugin: toy, plugin_version: v1.0.0}\n";
const std::string tuned = enabled + "  - tune: {path: my/, plugin_version: v1.0.1}\n";
const std::string upgraded = tuned + "  - reload: {plugin: toy}\n";
const std::string old = "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0";
const std::string current = "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1";

Played play(const std::string& steps, const std::string& server = "openbao 2.6.2") {
  return Played(plan_of({.server = server, .nodes = 3, .steps = steps}));
}

TEST(Standbys, FollowAnEnableAndADisable) {
  const Played played = play(enabled);
  for (const char* node : {"node-0", "node-1", "node-2"}) {
    EXPECT_EQ(played.mount("my/", node), old) << node;
    EXPECT_EQ(played.processes(node), "a0") << node;
  }
  EXPECT_EQ(play(enabled + "  - disable: {path: my/}\n").processes("node-2"), "");
}

TEST(Standbys, OfOpenBaoBefore2_5RunNothing) {
  const Played played = play(enabled, "openbao 2.4.4");
  EXPECT_EQ(played.processes("node-1"), "");
  EXPECT_EQ(played.mount("my/", "node-1"), "nothing");
}

TEST(Standbys, FollowNeitherATuneNorAReload) {
  const Played played = play(upgraded);
  EXPECT_EQ(played.mount("my/"), current);
  EXPECT_EQ(played.mount("my/", "node-1"), old);
  EXPECT_EQ(played.processes("node-1"), "a0");
}

TEST(Standbys, AnswerReadsWithTheirOwnPlugin) {
  const Played played = play(upgraded + "  - request: {path: my/x}\n    at: node-1\n  - request: {path: my/x}\n");
  EXPECT_EQ(played.last_replies(2), "200 by v1.0.0 a0; 200 by v1.0.1 a1");
}

TEST(Standbys, LoadTheStoredTableWhenTheyAreRestarted) {
  const Played played = play(upgraded + "  - restart: {node: node-1}\n");
  EXPECT_EQ(played.mount("my/", "node-1"), current);
  EXPECT_EQ(played.mount("my/", "node-2"), old);
}

TEST(Standbys, LoadTheStoredTableWhenTheyAreSealedAndUnsealed) {
  const Played played = play(upgraded + "  - seal: {node: node-1}\n  - unseal: {node: node-1}\n");
  EXPECT_EQ(played.nodes(), "active, standby, standby");
  EXPECT_EQ(played.mount("my/", "node-1"), current);
}

TEST(StepDown, BothTheOldAndTheNewLeaderLoadTheStoredTableAndTheThirdNodeGoesOn) {
  const Played played = play(tuned + "  - step_down: {to: node-1}\n");
  EXPECT_EQ(played.mount("my/", "node-0"), current);
  EXPECT_EQ(played.mount("my/", "node-1"), current);
  EXPECT_EQ(played.mount("my/", "node-2"), old);
}

TEST(Reload, AtAStandbyStartsTheOldVersionAnewThere) {
  const Played played = play(upgraded + "  - reload: {plugin: toy}\n    at: node-1\n");
  EXPECT_EQ(played.reply(), "200");
  EXPECT_EQ(played.mount("my/", "node-1"), old);
}

TEST(Reload, AtAStandbyWithAnotherShaIsForwardedAfterItHappenedThere) {
  const Played played =
      play(enabled + "  - register: {type: secret, name: toy, version: v1.0.0, sha256: a2, command: toy-1.0.2}\n" +
           "  - reload: {mounts: [my/]}\n    at: node-1\n");
  EXPECT_EQ(played.reply(), "200");
  const std::string overwritten = "running configured v1.0.0, reports v1.0.0 a2, is v1.0.0 a2";
  EXPECT_EQ(played.mount("my/", "node-1"), overwritten);
  EXPECT_EQ(played.mount("my/", "node-0"), overwritten);
  EXPECT_EQ(played.mount("my/", "node-2"), old);
}

TEST(Reload, AtASealedStandbyIsRefused) {
  const Played played = play(
      tuned + "  - seal: {node: node-1}\n  - reload: {mounts: [my/]}\n    at: node-1\n  - unseal: {node: node-1}\n");
  EXPECT_EQ(played.reply(6), "503 Vault is sealed");
  EXPECT_EQ(played.mount("my/", "node-1"), current);
}

TEST(Crash, AtAStandbyIsRepairedByARequestThere) {
  const Played played =
      play(enabled + "  - crash: {mount: my/}\n    at: node-1\n  - request: {path: my/x}\n    at: node-1\n");
  EXPECT_EQ(played.reply(), "200 by v1.0.0 a0");
  const Played crashed = play(enabled + "  - crash: {mount: my/}\n    at: node-1\n");
  EXPECT_EQ(crashed.processes("node-1"), "");
  EXPECT_EQ(crashed.processes("node-0"), "a0");
  EXPECT_EQ(crashed.mount("my/", "node-1"), "respawns configured v1.0.0, reports v1.0.0 a0, is ? ?");
}

TEST(Standbys, WithoutTheFileHaveNoBackendUntilTheyAreRestarted) {
  const std::string steps = registered("toy", {0, 1}) + "  - uninstall: {file: toy-1.0.1}\n    at: node-1\n" +
                            "  - enable: {path: my/, plugin: toy, plugin_version: v1.0.1}\n";
  const std::string none = "absent configured v1.0.1, reports v1.0.1 -, is ? ?";
  EXPECT_EQ(play(steps).mount("my/", "node-1"), none);
  EXPECT_EQ(play(steps).mount("my/", "node-2"), current);
  const std::string repaired = steps +
                               "  - install: {file: toy-1.0.1, sha256: a1, type: secret, multiplexed: true}\n    at: "
                               "node-1\n  - reload: {mounts: [my/]}\n";
  EXPECT_EQ(play(repaired).mount("my/", "node-1"), none);
  EXPECT_EQ(play(repaired + "  - restart: {node: node-1}\n").mount("my/", "node-1"), current);
}

TEST(Standbys, ThatCannotStartANewMountLoadAllMountsFromTheStore) {
  const std::string steps =
      tuned +
      "  - uninstall: {file: toy-1.0.0}\n    at: node-1\n  - enable: {path: b/, plugin: toy, plugin_version: v1.0.0}\n";
  // Not multiplexed: else the new mount would share the process that the old one has.
  const Played played(plan_of({.server = "openbao 2.6.2", .nodes = 3, .multiplexed = false, .steps = steps}));
  EXPECT_EQ(played.mount("b/", "node-1"), "absent configured v1.0.0, reports v1.0.0 -, is ? ?");
  EXPECT_EQ(played.mount("my/", "node-1"), current) << "what was tuned takes effect there by itself";
  EXPECT_EQ(played.mount("my/", "node-2"), old);
}

TEST(Standbys, HaveNoConnectionsUntilTheyAreUsedThere) {
  const std::string steps = registered("toydb", {0}) +
                            "  - enable: {path: database/, plugin: database}\n"
                            "  - configure_database: {mount: database/, connection: db, plugin_name: toydb}\n";
  EXPECT_EQ(play(steps).processes("node-1"), "");
  const std::string used = steps + "  - request: {database: database/db}\n    at: node-1\n";
  EXPECT_EQ(play(used).processes("node-1"), "d0");
  EXPECT_EQ(
      play(used + "  - configure_database: {mount: database/, connection: db, allowed_roles: x}\n").processes("node-1"),
      "")
      << "a written configuration closes the connection elsewhere";
}

TEST(Restore, LeavesStandbysAsTheyWere) {
  const std::string steps = "  - backup: {}\n" + enabled + "  - restore: {}\n";
  const Played played = play(steps);
  EXPECT_EQ(played.mounts(), "");
  EXPECT_EQ(played.processes("node-0"), "");
  EXPECT_EQ(played.processes("node-1"), "a0") << "it goes on answering what the store no longer has";
  EXPECT_EQ(play(steps + "  - request: {path: my/x}\n    at: node-1\n").reply(), "200 by v1.0.0 a0");
  EXPECT_EQ(play(steps + "  - restart: {node: node-1}\n").processes("node-1"), "");
}

TEST(Restore, AStandbyLearnsOfAMountWhenItIsWrittenAgain) {
  const std::string steps = enabled + "  - backup: {}\n  - disable: {path: my/}\n  - restore: {}\n";
  EXPECT_EQ(play(steps).mount("my/", "node-0"), old);
  EXPECT_EQ(play(steps).mount("my/", "node-1"), "nothing");
  EXPECT_EQ(play(steps + "  - tune: {path: my/, plugin_version: v1.0.1}\n").mount("my/", "node-1"), current);
}

}  // namespace
}  // namespace replug::simulator::test
