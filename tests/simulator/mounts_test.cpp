#include <string>

#include <gtest/gtest.h>

#include "tests/simulator/cluster_fixture.h"

/// Disabling and moving mounts, and requests to them: reference, section 10.
namespace replug::simulator::test {
namespace {

Played played(const std::string& steps, const std::string& server = "vault 1.14.9", bool multiplexed = true) {
  return Played(plan_of({.server = server, .multiplexed = multiplexed, .steps = steps}));
}

std::string enabled(std::string_view path, std::string_view plugin = "toy") {
  return fmt::format("  - enable: {{path: {}, plugin: {}, plugin_version: v1.0.0}}\n", path, plugin);
}

const std::string mounted = registered("toy", {0, 1}) + enabled("my/");
const std::string moved =
    "200 (Mount move has been queued. Progress will be reported in Vault's server log, tagged with the returned "
    "migration_id)";

TEST(Disable, NothingThereIsNoError) {
  EXPECT_EQ(played("  - disable: {path: my/}\n  - disable: {path: auth/my/}\n").last_replies(2), "204; 204");
}

TEST(Disable, APathBelowAMountIsNothing) {
  const Played run = played(mounted + "  - disable: {path: my/below/}\n");
  EXPECT_EQ(run.reply(), "204");
  EXPECT_EQ(run.mounts(), "my/");
}

TEST(Disable, TheServersOwnMountsStay) {
  EXPECT_EQ(played("  - disable: {path: sys/}\n").reply(), "400 cannot unmount \"sys/\"");
  EXPECT_EQ(played("  - disable: {path: auth/token/}\n").reply(), "400 token credential backend cannot be disabled");
}

TEST(Disable, AfterItThePathIsUnknown) {
  EXPECT_EQ(played(mounted + "  - disable: {path: my/}\n  - request: {path: my/version}\n").reply(),
            "404 no handler for route \"my/version\". route entry not found.");
}

TEST(Disable, TheFailureOfTheRollbackIsIgnoredOrNot) {
  const std::string steps = mounted + R"(
  - deregister: {type: secret, name: toy, version: v1.0.0}
  - crash: {mount: my/}
  - disable: {path: my/}
)";
  const std::string refusal = "400 plugin not found in the catalog: toy, version=v1.0.0";
  for (const char* server : {"vault 1.12.9", "vault 1.13.5", "vault 1.14.1"})
    EXPECT_EQ(played(steps, server).reply(), refusal) << server;
  for (const char* server : {"vault 1.12.10", "vault 1.13.6", "vault 1.14.2", "vault 1.15.0", "openbao 2.0.0"}) {
    EXPECT_EQ(played(steps, server).reply(), "204") << server;
  }
}

TEST(Disable, OneThatFailsLeavesTheMountTainted) {
  const Played run = played(mounted + R"(
  - deregister: {type: secret, name: toy, version: v1.0.0}
  - crash: {mount: my/}
  - disable: {path: my/}
  - request: {path: my/version}
  - tune: {path: my/, plugin_version: v1.0.1}
  - enable: {path: my/, plugin: kv}
  - register: {type: secret, name: toy, version: v1.0.0, sha256: a0, command: toy-1.0.0}
  - disable: {path: my/}
)",
                            "vault 1.12.1");
  EXPECT_EQ(run.last_replies(5),
            "404 no handler for route \"my/version\". route entry is tainted.; 204; 400 path is already in use at my/; "
            "204; 204");
  EXPECT_EQ(run.mounts(), "");
}

TEST(Disable, AnAuthMethodIsNotRolledBack) {
  EXPECT_EQ(played(registered("toyauth", {0}) + enabled("auth/my/", "toyauth") + R"(
  - deregister: {type: auth, name: toyauth, version: v1.0.0}
  - crash: {mount: auth/my/}
  - disable: {path: auth/my/}
)",
                   "vault 1.12.1")
                .reply(),
            "204");
}

TEST(Disable, AMountWithoutABackendIsJustRemoved) {
  const Played run = played(mounted + R"(
  - uninstall: {file: toy-1.0.0}
  - restart: {node: node-0}
  - disable: {path: my/}
)",
                            "vault 1.12.1");
  EXPECT_EQ(run.reply(), "204");
  EXPECT_EQ(run.mounts(), "");
}

TEST(Disable, ADeadProcessIsStartedForTheRollbackAndEndsAMomentLater) {
  const Played run = played(mounted + enabled("other/") +
                            "  - crash: {mount: my/}\n  - disable: {path: my/}\n  - request: {path: other/version}\n");
  EXPECT_EQ(run.reply(), "200 by v1.0.0 a0");
  EXPECT_EQ(run.processes(), "a0");
}

TEST(Disable, OfADatabaseEngineItsConnectionsEnd) {
  const Played run = played(registered("toydb", {0}) + R"(
  - enable: {path: d/, plugin: database}
  - configure_database: {mount: d/, connection: db, plugin_name: toydb}
  - disable: {path: d/}
)");
  EXPECT_EQ(run.processes(), "");
}

TEST(Move, TheProcessGoesOnUnderTheOtherPath) {
  const Played run =
      played(mounted + "  - tune: {path: my/, plugin_version: v1.0.1}\n  - move: {from: my/, to: your/}\n");
  EXPECT_EQ(run.reply(), moved);
  EXPECT_EQ(run.mounts(), "your/");
  EXPECT_EQ(run.mount("my/"), "nothing");
  EXPECT_EQ(run.mount("your/"), "running configured v1.0.1, reports v1.0.0 a0, is v1.0.0 a0");
  EXPECT_EQ(run.processes(), "a0");
}

TEST(Move, OpenBaoNamesItself) {
  EXPECT_EQ(played(mounted + "  - move: {from: my/, to: your/}\n", "openbao 2.6.2").reply(),
            "200 (Mount move has been queued. Progress will be reported in OpenBao's server log, tagged with the "
            "returned migration_id)");
}

TEST(Move, AMovedMountStillSharesItsProcessAndIsReloadedByName) {
  const std::string steps =
      mounted + enabled("other/") + "  - move: {from: my/, to: your/}\n  - crash: {mount: your/}\n";
  EXPECT_EQ(played(steps).mount("other/"), "respawns configured v1.0.0, reports v1.0.0 a0, is ? ?");
  const Played run = played(steps + "  - reload: {plugin: toy}\n");
  EXPECT_EQ(run.mount("your/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
  EXPECT_EQ(run.mount("other/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
  EXPECT_EQ(run.processes(), "a0");
}

TEST(Move, ItKeepsItsPlaceInTheTable) {
  const Played run = played(registered("toy", {0, 1}) + registered("toy", {2}) + enabled("a/") + enabled("b/") + R"(
  - move: {from: a/, to: z/}
  - tune: {path: z/, plugin_version: v1.0.1}
  - tune: {path: b/, plugin_version: v1.0.2}
  - uninstall: {file: toy-1.0.2}
  - reload: {plugin: toy}
)",
                            "vault 1.14.9", false);
  EXPECT_EQ(run.mount("z/"), "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1");
}

TEST(Move, ADatabaseEngineTakesItsConnectionsAlong) {
  const Played run = played(registered("toydb", {0}) + R"(
  - enable: {path: d/, plugin: database}
  - configure_database: {mount: d/, connection: db, plugin_name: toydb}
  - move: {from: d/, to: e/}
  - request: {database: e/db}
  - request: {database: d/db}
)");
  EXPECT_EQ(run.last_replies(2),
            "200 by v1.0.0 d0; 404 no handler for route \"d/creds/probe-db\". route entry not found.");
  EXPECT_EQ(run.processes(), "d0");
}

TEST(Move, ThePathMustBeFreeAndTheMountMustBeThere) {
  EXPECT_EQ(played(mounted + enabled("other/") + "  - move: {from: my/, to: other/}\n").reply(),
            "400 path already in use at \"other/\"");
  EXPECT_EQ(played(mounted + "  - move: {from: my/, to: my/below/}\n").reply(), "400 path already in use at \"my/\"");
  EXPECT_EQ(played(mounted + "  - move: {from: nowhere/, to: other/}\n").reply(),
            "400 no matching mount at \"nowhere/\"");
}

TEST(Move, NothingMovesBetweenTheTables) {
  EXPECT_EQ(played(mounted + "  - move: {from: my/, to: auth/my/}\n").reply(),
            "400 cannot remount to destination auth/my/");
  EXPECT_EQ(
      played(registered("toyauth", {0}) + enabled("auth/my/", "toyauth") + "  - move: {from: auth/my/, to: my/}\n")
          .reply(),
      "400 cannot remount auth mount to non-auth mount \"my/\"");
}

TEST(Move, TheServersOwnMountsStay) {
  EXPECT_EQ(played("  - move: {from: sys/, to: my/}\n").reply(), "400 cannot remount \"sys/\"");
  EXPECT_EQ(played("  - move: {from: auth/token/, to: auth/my/}\n").reply(), "400 cannot remount \"auth/token/\"");
}

TEST(Move, APathBelowAMountIsQueuedAndComesToNothing) {
  const Played run = played(mounted + "  - move: {from: my/below/, to: your/}\n");
  EXPECT_EQ(run.reply(), moved);
  EXPECT_EQ(run.mounts(), "my/");
}

TEST(Request, TheServersOwnMountsAnswerThemselves) {
  const Played run = played("  - request: {path: auth/token/lookup-self}\n");
  EXPECT_EQ(run.reply(), "200");
  EXPECT_EQ(run.forecast(0).not_modelled.size(), 1U);
}

}  // namespace
}  // namespace replug::simulator::test
