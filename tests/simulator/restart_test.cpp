// What a node loads when it is restarted, sealed and unsealed (reference, section 7).

#include <string>

#include <gtest/gtest.h>

#include "tests/simulator/cluster_fixture.h"

namespace replug::simulator::test {
namespace {

const std::string enabled =
    registered("toy", {0, 1}) + "  - enable: {path: my/, plugin: toy, plugin_version: v1.0.0}\n";

TEST(Restart, LoadsATuneThatWasNotReloaded) {
  const Played played(
      plan_of({.steps = enabled + "  - tune: {path: my/, plugin_version: v1.0.1}\n  - restart: {node: node-0}\n"}));
  EXPECT_EQ(played.reply(), "0");
  EXPECT_EQ(played.mount("my/"), "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1");
  EXPECT_EQ(played.processes(), "a1");
}

TEST(Restart, LoadsAnOverwrittenEntry) {
  const Played played(plan_of(
      {.steps = enabled + "  - register: {type: secret, name: toy, version: v1.0.0, sha256: a2, command: toy-1.0.2}\n"
                          "  - restart: {node: node-0}\n"}));
  EXPECT_EQ(played.mount("my/"), "running configured v1.0.0, reports v1.0.0 a2, is v1.0.0 a2");
}

TEST(Restart, LoadsAPinAndItsRemoval) {
  const std::string steps =
      enabled + "  - pin: {type: secret, name: toy, version: v1.0.1}\n  - restart: {node: node-0}\n";
  const Played pinned(plan_of({.server = "vault 1.16.3", .steps = steps}));
  EXPECT_EQ(pinned.mount("my/"), "running configured v1.0.0, reports v1.0.1 a1, is v1.0.1 a1");
  const Played unpinned(
      plan_of({.server = "vault 1.16.3",
               .steps = steps + "  - unpin: {type: secret, name: toy}\n  - restart: {node: node-0}\n"}));
  EXPECT_EQ(unpinned.mount("my/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(Restart, APluginThatCannotBeLoadedLeavesItsMountWithoutABackend) {
  const std::string steps =
      enabled + "  - uninstall: {file: toy-1.0.0}\n  - restart: {node: node-0}\n  - request: {path: my/x}\n";
  for (const char* server : {"vault 1.12.1", "vault 1.14.9", "openbao 2.6.2"}) {
    const Played played(plan_of({.server = server, .steps = steps}));
    EXPECT_EQ(played.node("node-0"), "active") << server;
    EXPECT_EQ(played.mount("my/"), "absent configured v1.0.0, reports v1.0.0 -, is ? ?") << server;
    EXPECT_EQ(played.reply(), "404 no handler for route \"my/x\". route entry found, but backend is nil.") << server;
  }
  const Played newer(plan_of({.server = "vault 1.16.3", .steps = steps}));
  EXPECT_EQ(newer.mount("my/"), "absent configured v1.0.0, reports v1.0.0 a0, is ? ?")
      << "what is reported is stale from 1.16 on";
}

TEST(Restart, AMountWithoutABackendIsRevivedByAReloadAndByNothingElse) {
  const std::string steps =
      enabled +
      "  - uninstall: {file: toy-1.0.0}\n  - restart: {node: node-0}\n"
      "  - install: {file: toy-1.0.0, sha256: a0, type: secret, multiplexed: true}\n  - request: {path: my/x}\n"
      "  - reload: {mounts: [my/]}\n  - request: {path: my/x}\n";
  const Played played(plan_of({.steps = steps}));
  EXPECT_EQ(played.reply(7).substr(0, 3), "404");
  EXPECT_EQ(played.last_replies(2), "200; 200 by v1.0.0 a0");
}

TEST(Restart, AnAuthMethodThatCannotBeLoadedKeepsVaultBefore1_12_3Sealed) {
  const std::string steps =
      registered("toyauth", {0}) +
      "  - enable: {path: auth/my/, plugin: toyauth, plugin_version: v1.0.0}\n  - uninstall: {file: toyauth-1.0.0}\n"
      "  - restart: {node: node-0}\n  - request: {path: auth/my/x}\n";
  const Played old(plan_of({.server = "vault 1.12.2", .steps = steps}));
  EXPECT_EQ(old.node("node-0"), "sealed");
  EXPECT_EQ(old.processes(), "");
  EXPECT_EQ(old.reply(), "503 Vault is sealed");
  const Played repaired(plan_of({.server = "vault 1.12.3", .steps = steps}));
  EXPECT_EQ(repaired.node("node-0"), "active");
  EXPECT_EQ(repaired.reply(), "404 no handler for route \"auth/my/x\". route entry found, but backend is nil.");
}

TEST(Restart, AnUnversionedEntryOfItsNameLetsTheBrokenAuthMethodBePassedOver) {
  const std::string steps =
      registered("toyauth", {0}) +
      "  - register: {type: auth, name: toyauth, sha256: c1, command: toyauth-1.0.1}\n"
      "  - enable: {path: auth/my/, plugin: toyauth, plugin_version: v1.0.0}\n  - uninstall: {file: toyauth-1.0.0}\n"
      "  - restart: {node: node-0}\n";
  const Played played(plan_of({.server = "vault 1.12.2", .steps = steps}));
  EXPECT_EQ(played.node("node-0"), "active");
  EXPECT_EQ(played.mount("auth/my/").substr(0, 6), "absent");
}

TEST(Restart, TheWrongKindOfPluginStopsTheUnsealAndItsProcessStays) {
  // Register does not notice the kind, nor does a reload; the unseal does.
  const std::string steps =
      enabled +
      "  - register: {type: secret, name: toy, version: v1.0.0, sha256: c0, command: toyauth-1.0.0}\n"
      "  - reload: {mounts: [my/]}\n  - restart: {node: node-0}\n";
  const Played played(plan_of({.steps = steps}));
  EXPECT_EQ(played.node("node-0"), "sealed");
  EXPECT_EQ(played.processes(), "c0");
}

TEST(Restart, ABuiltinVersionThatWasTunedIsBlanked) {
  const std::string steps =
      "  - enable: {path: t/, plugin: transit}\n  - tune: {path: t/, plugin_version: v1.14.9+builtin.vault}\n";
  Played played(plan_of({.steps = steps + "  - restart: {node: node-0}\n"}), 2);
  EXPECT_EQ(played.mount("t/"),
            "running configured v1.14.9+builtin.vault, reports v1.14.9+builtin.vault -, is v1.14.9+builtin.vault -");
  played.rest();
  EXPECT_EQ(played.mount("t/"), "running configured -, reports v1.14.9+builtin.vault -, is v1.14.9+builtin.vault -");
  EXPECT_EQ(played.cluster().stored(0).version, 0U) << "it is blanked in storage, for good";
}

TEST(Restart, MountsOfOneEntryShareOneProcessAgain) {
  const std::string steps = enabled +
                            "  - enable: {path: b/, plugin: toy, plugin_version: v1.0.0}\n  - reload: {mounts: [my/]}\n"
                            "  - crash: {mount: my/}\n  - restart: {node: node-0}\n";
  const Played played(plan_of({.steps = steps}));
  EXPECT_EQ(played.processes(), "a0");
  EXPECT_EQ(played.mount("b/").substr(0, 7), "running");
}

TEST(Restart, DatabaseConnectionsAreMadeAtTheirFirstUse) {
  const std::string steps = registered("toydb", {0}) +
                            "  - enable: {path: database/, plugin: database}\n"
                            "  - configure_database: {mount: database/, connection: db, plugin_name: toydb}\n"
                            "  - restart: {node: node-0}\n  - request: {database: database/db}\n";
  Played played(plan_of({.steps = steps}), 4);
  EXPECT_EQ(played.processes(), "");
  EXPECT_EQ(played.database("database/db"), "respawns toydb v1.0.0, reports ?, is ? ?");
  played.rest();
  EXPECT_EQ(played.reply(), "200 by v1.0.0 d0");
  EXPECT_EQ(played.processes(), "d0");
}

TEST(Seal, EndsEveryProcessAndRefusesRequests) {
  const Played played(plan_of({.steps = enabled + "  - seal: {node: node-0}\n  - request: {path: my/x}\n  - register: "
                                                  "{type: secret, name: toy, sha256: a0, command: toy-1.0.0}\n"}));
  EXPECT_EQ(played.node("node-0"), "sealed");
  EXPECT_EQ(played.processes(), "");
  EXPECT_EQ(played.last_replies(2), "503 Vault is sealed; 503 Vault is sealed");
}

TEST(Seal, TwiceIsAsOnce) {
  const Played played(plan_of({.steps = enabled + "  - seal: {node: node-0}\n  - seal: {node: node-0}\n  - unseal: "
                                                  "{node: node-0}\n  - unseal: {node: node-0}\n"}));
  EXPECT_EQ(played.node("node-0"), "active");
  EXPECT_EQ(played.processes(), "a0");
}

TEST(Seal, OfAStandbyIsToldToBeRefusedByAServer) {
  const Played played(plan_of({.nodes = 3, .steps = "  - seal: {node: node-1}\n"}));
  EXPECT_EQ(played.nodes(), "active, sealed, standby");
  ASSERT_EQ(played.forecast(0).unverified.size(), 1U);
  EXPECT_NE(played.forecast(0).unverified.front().find("vault cannot seal when in standby mode"), std::string::npos);
}

TEST(Unseal, LoadsAsARestart) {
  const Played played(plan_of({.steps = enabled + "  - tune: {path: my/, plugin_version: v1.0.1}\n  - seal: {node: "
                                                  "node-0}\n  - unseal: {node: node-0}\n  - request: {path: my/x}\n"}));
  EXPECT_EQ(played.last_replies(3), "204; 200; 200 by v1.0.1 a1");
}

}  // namespace
}  // namespace replug::simulator::test
