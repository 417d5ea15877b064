#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tests/simulator/cluster_fixture.h"

/// Vault's page "Upgrading Vault plugins", statement by statement, in our own words.
/// https://developer.hashicorp.com/vault/docs/upgrading/plugins
namespace replug::simulator::test {
namespace {

const std::string enable = "  - enable: {path: my/, plugin: toy, plugin_version: v1.0.0}\n";
const std::string tune = "  - tune: {path: my/, plugin_version: v1.0.1}\n";
const std::string reload = "  - reload: {plugin: toy}\n";

/// Registered in two versions, mounted in the first, tuned to the second.
std::string up_to_tune() { return registered("toy", {0, 1}) + enable + tune; }

Played played(const std::string& steps, const std::string& server = "vault 1.14.9") {
  return Played(plan_of({.server = server, .steps = steps}));
}

TEST(UpgradePage, UntilTheReloadTheMountRunsTheFirstVersion) {
  const Played run = played(up_to_tune() + "  - request: {path: my/version}\n");
  EXPECT_EQ(run.reply(), "200 by v1.0.0 a0");
  EXPECT_EQ(run.processes(), "a0");
}

TEST(UpgradePage, AfterTheTuneTheVersionDiffersFromTheRunningVersion) {
  EXPECT_EQ(played(up_to_tune()).mount("my/"), "running configured v1.0.1, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(UpgradePage, TheReloadEndsTheOldProcessAndStartsTheNewOne) {
  const Played run = played(up_to_tune() + reload);
  EXPECT_EQ(run.reply(), "200");
  EXPECT_EQ(run.processes(), "a1");
}

TEST(UpgradePage, AfterTheReloadTheRunningVersionIsTheVersion) {
  EXPECT_EQ(played(up_to_tune() + reload).mount("my/"), "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1");
}

TEST(UpgradePage, AuthMethodsAreUpgradedByTheSameSteps) {
  const Played run = played(registered("toyauth", {0, 1}) + R"(
  - enable: {path: auth/my/, plugin: toyauth, plugin_version: v1.0.0}
  - tune: {path: auth/my/, plugin_version: v1.0.1}
  - request: {path: auth/my/version}
  - reload: {plugin: toyauth}
)");
  EXPECT_EQ(run.last_replies(4), "204; 204; 200 by v1.0.0 c0; 200");
  EXPECT_EQ(run.mount("auth/my/"), "running configured v1.0.1, reports v1.0.1 c1, is v1.0.1 c1");
}

TEST(UpgradePage, ABuiltinIsUpgradedByTheSameSteps) {
  const Played run = played(R"(
  - enable: {path: t/, plugin: transit}
  - register: {type: secret, name: transit, version: v1.0.1, sha256: a1, command: toy-1.0.1}
  - tune: {path: t/, plugin_version: v1.0.1}
  - check: [{mount: t/, plugin_version: v1.0.1}]
  - reload: {plugin: transit}
)");
  EXPECT_EQ(run.reply(), "200");
  EXPECT_EQ(run.mount("t/"), "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1");
}

TEST(UpgradePage, TheSecondVersionNeedsTheNameOfTheFirst) {
  const Played run = played(registered("toy", {0}) + R"(
  - register: {type: secret, name: toy-new, version: v1.0.1, sha256: a1, command: toy-1.0.1}
)" + enable + tune);
  EXPECT_EQ(run.reply(), "400 plugin not found in the catalog: toy, version=v1.0.1");
}

TEST(UpgradePage, TheSecondVersionNeedsTheTypeOfTheFirst) {
  const Played run = played(registered("toy", {0}) + R"(
  - register: {type: auth, name: toy, version: v1.0.1, sha256: a1, command: toy-1.0.1}
)" + enable + tune);
  EXPECT_EQ(run.reply(), "400 plugin not found in the catalog: toy, version=v1.0.1");
}

TEST(UpgradePage, AReloadByPluginReachesEveryMountOfIt) {
  const Played run = played(registered("toy", {0, 1}) + R"(
  - enable: {path: a/, plugin: toy, plugin_version: v1.0.0}
  - enable: {path: b/, plugin: toy, plugin_version: v1.0.0}
  - tune: {path: [a/, b/], plugin_version: v1.0.1}
  - reload: {plugin: toy}
)");
  EXPECT_EQ(run.mount("a/"), "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1");
  EXPECT_EQ(run.mount("b/"), "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1");
}

TEST(UpgradePage, AReloadByMountsReachesASubsetOfThem) {
  const Played run = Played(plan_of({.multiplexed = false, .steps = registered("toy", {0, 1}) + R"(
  - enable: {path: a/, plugin: toy, plugin_version: v1.0.0}
  - enable: {path: b/, plugin: toy, plugin_version: v1.0.0}
  - tune: {path: [a/, b/], plugin_version: v1.0.1}
  - reload: {mounts: [b/]}
)"}));
  EXPECT_EQ(run.mount("a/"), "running configured v1.0.1, reports v1.0.0 a0, is v1.0.0 a0");
  EXPECT_EQ(run.mount("b/"), "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1");
}

TEST(UpgradePage, AReloadReachesOnlyTheNodeThatHandlesIt) {
  const Played run = Played(plan_of({.server = "openbao 2.6.2", .nodes = 3, .steps = up_to_tune() + reload}));
  EXPECT_EQ(run.processes("node-0"), "a1");
  EXPECT_EQ(run.processes("node-1"), "a0");
  EXPECT_EQ(run.processes("node-2"), "a0");
}

TEST(UpgradePage, AReloadOfScopeGlobalReachesTheOtherNodes) {
  const std::string nodes = R"(
  nodes:
    node-0: {role: active}
    node-1: {role: performance_standby}
)";
  const std::string before = registered("toy", {0, 1}) + enable + tune;
  const Played local = Played(plan_of({.server = "vault 1.16.3+ent", .cluster = nodes, .steps = before + reload}));
  EXPECT_EQ(local.processes("node-1"), "a0");
  const Played global = Played(plan_of({.server = "vault 1.16.3+ent",
                                        .cluster = nodes,
                                        .steps = before + "  - reload: {plugin: toy, scope: global}\n"}));
  EXPECT_EQ(global.reply(), "202");
  EXPECT_EQ(global.processes("node-0"), "a1");
  EXPECT_EQ(global.processes("node-1"), "a1");
}

TEST(UpgradePage, UntilItsConfigurationIsWrittenAConnectionRunsTheFirstVersion) {
  const Played run = played(registered("toydb", {0}) + R"(
  - enable: {path: database/, plugin: database}
  - configure_database: {mount: database/, connection: db, plugin_name: toydb, plugin_version: v1.0.0}
)" + registered("toydb", {1}) +
                            "  - request: {database: database/db}\n");
  EXPECT_EQ(run.reply(), "200 by v1.0.0 d0");
}

TEST(UpgradePage, WritingTheConfigurationReloadsAConnectionAtOnceAndKeepsWhatIsNotGiven) {
  const Played run = played(registered("toydb", {0, 1}) + R"(
  - enable: {path: database/, plugin: database}
  - configure_database: {mount: database/, connection: db, plugin_name: toydb, plugin_version: v1.0.0}
  - configure_database: {mount: database/, connection: db, plugin_version: v1.0.1}
)");
  EXPECT_EQ(run.reply(), "204");
  EXPECT_EQ(run.database("database/db"), "running toydb v1.0.1, reports ?, is v1.0.1 d1");
  EXPECT_EQ(run.processes(), "d1");
}

TEST(UpgradePage, AWriteOfAConfigurationThatGivesNoVersionKeepsTheVersion) {
  const Played run = played(registered("toydb", {0, 1}) + R"(
  - enable: {path: database/, plugin: database}
  - configure_database: {mount: database/, connection: db, plugin_name: toydb, plugin_version: v1.0.0}
  - configure_database: {mount: database/, connection: db, allowed_roles: "*"}
)");
  EXPECT_EQ(run.database("database/db"), "running toydb v1.0.0, reports ?, is v1.0.0 d0");
}

TEST(UpgradePage, ADowngradeIsTheSameProcedure) {
  const Played run = played(up_to_tune() + reload + R"(
  - tune: {path: my/, plugin_version: v1.0.0}
  - reload: {plugin: toy}
)");
  EXPECT_EQ(run.last_replies(2), "204; 200");
  EXPECT_EQ(run.mount("my/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(UpgradePage, TheCatalogTellsToWhichVersionsOneCanGoBack) {
  EXPECT_EQ(played(up_to_tune() + reload).catalog(), "secret toy v1.0.0 a0, secret toy v1.0.1 a1");
}

TEST(UpgradePage, DisablingAMountWipesItsData) {
  const Played run = played(registered("toydb", {0}) + R"(
  - enable: {path: database/, plugin: database}
  - configure_database: {mount: database/, connection: db, plugin_name: toydb, plugin_version: v1.0.0}
  - disable: {path: database/}
  - enable: {path: database/, plugin: database}
  - request: {database: database/db}
)");
  EXPECT_EQ(run.reply(), "400 unknown role: probe-db");
  EXPECT_EQ(run.database("database/db"), "nothing");
}

TEST(UpgradePage, DisablingAMountLeavesTheCatalogAsItIs) {
  const Played run = played(up_to_tune() + "  - disable: {path: my/}\n");
  EXPECT_EQ(run.mounts(), "");
  EXPECT_EQ(run.processes(), "");
  EXPECT_EQ(run.catalog(), "secret toy v1.0.0 a0, secret toy v1.0.1 a1");
}

TEST(UpgradePage, AnUpgradeTouchesNothingButWhatRuns) {
  const Played run = played(up_to_tune() + reload);
  std::set<std::string> fields;
  for (const Change& change : run.forecast(4).changes) {
    fields.insert(std::string(to_string(change.what)) + ' ' + std::string(to_string(change.field)));
  }
  EXPECT_EQ(fields, (std::set<std::string>{"mount actual_sha256", "mount actual_version",
                                           "mount running_plugin_version", "mount running_sha256"}));
}

TEST(UpgradePage, OverwritingAVersionChangesNothingThatRuns) {
  const Played run = played(registered("toy", {0}) + enable + R"(
  - register: {type: secret, name: toy, version: v1.0.0, sha256: a1, command: toy-1.0.1}
)");
  EXPECT_EQ(run.mount("my/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(UpgradePage, OverwritingAVersionHitsEveryUserOfItAtItsNextStart) {
  std::string steps = registered("toy", {0});
  for (const char* path : {"a/", "b/", "c/", "d/", "e/"}) {
    steps += fmt::format("  - enable: {{path: {}, plugin: toy, plugin_version: v1.0.0}}\n", path);
  }
  steps += R"(
  - register: {type: secret, name: toy, version: v1.0.0, sha256: a1, command: toy-1.0.1}
  - restart: {node: node-0}
)";
  const Played run = Played(plan_of({.multiplexed = false, .steps = steps}));
  EXPECT_EQ(run.processes(), "a1×5");
  EXPECT_EQ(run.mount("c/"), "running configured v1.0.0, reports v1.0.0 a1, is v1.0.0 a1");
}

TEST(UpgradePage, BeforeOneTwelveAnUpgradeIsAnOverwriteAndAReload) {
  const Played run = played(R"(
  - register: {type: secret, name: toy, version: v1.0.0, sha256: a0, command: toy-1.0.0}
  - enable: {path: my/, plugin: toy}
  - register: {type: secret, name: toy, version: v1.0.1, sha256: a1, command: toy-1.0.1}
  - request: {path: my/version}
  - reload: {plugin: toy}
)",
                            "vault 1.11.12");
  EXPECT_EQ(run.last_replies(2), "200 by  a0; 200");
  EXPECT_EQ(run.catalog(), "secret toy a1");
  EXPECT_EQ(run.mount("my/"), "running configured -, reports - a1, is - a1");
}

TEST(UpgradePage, BeforeOneTwelveARestartBetweenOverwriteAndReloadRunsTheNewBinaryToo) {
  const Played run = played(R"(
  - register: {type: secret, name: toy, sha256: a0, command: toy-1.0.0}
  - enable: {path: my/, plugin: toy}
  - register: {type: secret, name: toy, sha256: a1, command: toy-1.0.1}
  - crash: {mount: my/}
  - request: {path: my/version}
)",
                            "vault 1.11.12");
  EXPECT_EQ(run.reply(), "200 by  a1");
}

}  // namespace
}  // namespace replug::simulator::test
