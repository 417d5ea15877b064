// The database secrets engine (reference, section 8) and pins on its plugins (section 9).

#include <string>

#include <gtest/gtest.h>

#include "tests/simulator/cluster_fixture.h"

namespace replug::simulator::test {
namespace {

const std::string engine = registered("toydb", {0}) + "  - enable: {path: database/, plugin: database}\n";
const std::string configured =
    engine + "  - configure_database: {mount: database/, connection: db, plugin_name: toydb}\n";
const std::string two_versions = configured + registered("toydb", {1});

std::string write(const std::string& fields) {
  return "  - configure_database: {mount: database/, connection: db" + fields + "}\n";
}

Played play(const std::string& steps, const std::string& server = "vault 1.14.9") {
  return Played(plan_of({.server = server, .steps = steps}));
}

TEST(ConfigureDatabase, ANewConnectionTakesTheHighestVersion) {
  const Played played = play(registered("toydb", {0, 1}) + "  - enable: {path: database/, plugin: database}\n" +
                             write(", plugin_name: toydb"));
  EXPECT_EQ(played.reply(), "204");
  EXPECT_EQ(played.database("database/db"), "running toydb v1.0.1, reports ?, is v1.0.1 d1");
}

TEST(ConfigureDatabase, ANewConnectionTakesTheUnversionedEntryBeforeAnyOther) {
  const Played played =
      play("  - register: {type: database, name: toydb, sha256: d2, command: toydb-1.0.2}\n" + configured);
  EXPECT_EQ(played.database("database/db"), "running toydb -, reports ?, is - d2");
}

TEST(ConfigureDatabase, AnUpdateKeepsTheStoredVersion) {
  const Played played = play(two_versions + write(", allowed_roles: x"));
  EXPECT_EQ(played.database("database/db"), "running toydb v1.0.0, reports ?, is v1.0.0 d0");
}

TEST(ConfigureDatabase, AnUpdateWithAVersionRunsItAtOnce) {
  const Played played = play(two_versions + write(", plugin_version: v1.0.1"));
  EXPECT_EQ(played.database("database/db"), "running toydb v1.0.1, reports ?, is v1.0.1 d1");
  EXPECT_EQ(played.processes(), "d1");
}

TEST(ConfigureDatabase, AnyWriteAppliesAnOverwrittenEntry) {
  const Played played = play(
      configured + "  - register: {type: database, name: toydb, version: v1.0.0, sha256: d1, command: toydb-1.0.1}\n" +
      write(", allowed_roles: x"));
  EXPECT_EQ(played.database("database/db"), "running toydb v1.0.0, reports ?, is v1.0.0 d1");
}

TEST(ConfigureDatabase, AnEmptyVersionClearsItOnUpdate) {
  const Played played = play(two_versions + write(", plugin_version: \"\""));
  EXPECT_EQ(played.reply(),
            "400 error creating database object: invalid database version: 2 errors occurred:\n\t* plugin not found in "
            "the catalog: "
            "toydb\n\t* plugin not found in the catalog: toydb\n\n")
      << "the empty version never means the latest";
  EXPECT_EQ(played.database("database/db"), "running toydb v1.0.0, reports ?, is v1.0.0 d0");
  const Played unversioned =
      play(two_versions + "  - register: {type: database, name: toydb, sha256: d2, command: toydb-1.0.2}\n" +
           write(", plugin_version: \"\""));
  EXPECT_EQ(unversioned.database("database/db"), "running toydb -, reports ?, is - d2");
}

TEST(ConfigureDatabase, AnotherPluginNameKeepsTheVersion) {
  const std::string other =
      "  - register: {type: database, name: otherdb, version: v1.0.1, sha256: d1, command: toydb-1.0.1}\n";
  const Played played = play(configured + other + write(", plugin_name: otherdb"));
  EXPECT_EQ(played.reply(),
            "400 error creating database object: invalid database version: 2 errors occurred:\n\t* plugin not found in "
            "the catalog: "
            "otherdb, version=v1.0.0\n\t* plugin not found in the catalog: otherdb, version=v1.0.0\n\n");
  const Played given = play(configured + other + write(", plugin_name: otherdb, plugin_version: v1.0.1"));
  EXPECT_EQ(given.database("database/db"), "running otherdb v1.0.1, reports ?, is v1.0.1 d1");
}

TEST(ConfigureDatabase, WhatIsRefusedChangesNothing) {
  EXPECT_EQ(play("  - register: {type: database, name: toydb, sha256: d2, command: toydb-1.0.2}\n" +
                 write(", plugin_name: toydb"))
                .reply(),
            "404 no handler for route \"database/config/db\". route entry not found.");
  EXPECT_EQ(play(engine + write("")).reply(), "400 empty plugin name");
  EXPECT_EQ(play(engine + write(", plugin_name: toydb, plugin_version: x1")).reply(),
            "400 version \"x1\" is not a valid semantic version: Malformed version: x1");
  const Played missing = play(engine + "  - uninstall: {file: toydb-1.0.0}\n" + write(", plugin_name: toydb"));
  EXPECT_EQ(missing.reply().substr(0, 76),
            "400 error creating database object: invalid database version: 2 errors occur");
  EXPECT_EQ(missing.database("database/db"), "nothing") << "a refused write of a new connection stores nothing";
}

TEST(ConfigureDatabase, ABuiltinsVersionIsStoredAsNoneFrom1_12_2On) {
  const auto steps = [](const std::string& version) {
    return "  - enable: {path: database/, plugin: database}\n" +
           write(", plugin_name: postgresql-database-plugin, plugin_version: " + version);
  };
  EXPECT_EQ(play(steps("v1.14.9+builtin.vault")).database("database/db"),
            "running postgresql-database-plugin -, reports ?, is v1.14.9+builtin.vault -");
  const std::string old = steps("v1.12.1+builtin.vault");
  const Played kept = play(old, "vault 1.12.1");
  EXPECT_EQ(kept.database("database/db"),
            "running postgresql-database-plugin v1.12.1+builtin.vault, reports ?, is v1.12.1+builtin.vault -");
  const Played upgraded =
      play(old + "  - upgrade_server: {node: node-0, version: 1.14.9}\n  - request: {database: database/db}\n",
           "vault 1.12.1");
  EXPECT_EQ(upgraded.reply(), "200");
  EXPECT_EQ(upgraded.database("database/db"),
            "running postgresql-database-plugin -, reports ?, is v1.14.9+builtin.vault -");
}

TEST(ConfigureDatabase, ABuiltinsVersionCannotBeChosenWhileAnUnversionedEntryStandsBeforeIt) {
  const Played played = play(
      "  - register: {type: database, name: postgresql-database-plugin, sha256: d2, command: toydb-1.0.2}\n"
      "  - enable: {path: database/, plugin: database}\n" +
      write(", plugin_name: postgresql-database-plugin, plugin_version: v1.14.9+builtin.vault"));
  EXPECT_EQ(played.reply(),
            "400 database plugin \"postgresql-database-plugin\", version v1.14.9+builtin.vault not found, as it is "
            "overridden by an unversioned "
            "plugin of the same name. Omit `plugin_version` to use the unversioned plugin");
}

TEST(ConfigureDatabase, AVersionIsRefusedWhileThePluginIsPinned) {
  const std::string pinned = two_versions + "  - pin: {type: database, name: toydb, version: v1.0.1}\n";
  EXPECT_EQ(play(pinned + write(", plugin_version: v1.0.1"), "vault 1.17.0-beta1").reply(),
            "400 cannot specify plugin_version for plugin \"toydb\" as it is pinned (vv1.0.1)");
  EXPECT_EQ(play(pinned + write(", plugin_version: \"\""), "vault 1.17.0-beta1").reply(),
            "400 cannot specify plugin_version for plugin \"toydb\" as it is pinned (vv1.0.1)");
  const Played omitted = play(pinned + write(", allowed_roles: x"), "vault 1.17.0-beta1");
  EXPECT_EQ(omitted.database("database/db"), "running toydb v1.0.0, reports v1.0.1, is v1.0.1 d1")
      << "the pin runs, the stored version stays";
}

TEST(ConfigureDatabase, CreatedUnderAPinItStoresNoVersionAndWantsTheUnversionedEntryAfterAnUnpin) {
  const std::string steps =
      engine + "  - pin: {type: database, name: toydb, version: v1.0.0}\n" + write(", plugin_name: toydb") +
      "  - unpin: {type: database, name: toydb}\n  - reset_database: {mount: database/, connection: db}\n";
  const Played played = play(steps, "vault 1.17.0-beta1");
  EXPECT_EQ(played.reply().substr(0, 61), "500 1 error occurred:\n\t* unable to create database instance: ");
  EXPECT_EQ(played.database("database/db").substr(0, 14), "broken toydb -");
}

TEST(Connection, AKilledProcessFailsOneRequestAndTheNextIsAnswered) {
  const Played played = play(configured +
                             "  - crash: {database: database/db}\n  - request: {database: database/db}\n  - request: "
                             "{database: database/db}\n");
  EXPECT_EQ(played.last_replies(2), "500 1 error occurred:\n\t* plugin shutdown\n\n; 200 by v1.0.0 d0");
}

TEST(Connection, EachConnectionOfADeadSharedProcessGoesThroughItsOwnFailure) {
  const std::string steps = configured +
                            "  - configure_database: {mount: database/, connection: two, plugin_name: toydb}\n" +
                            "  - crash: {database: database/db}\n  - request: {database: database/two}\n  - request: "
                            "{database: database/two}\n"
                            "  - request: {database: database/db}\n  - request: {database: database/db}\n";
  const Played played = play(steps);
  EXPECT_EQ(played.last_replies(4),
            "500 1 error occurred:\n\t* plugin shutdown\n\n; 200 by v1.0.0 d0; 500 1 error occurred:\n\t* plugin "
            "shutdown\n\n; 200 by v1.0.0 d0");
  EXPECT_EQ(played.processes(), "d0") << "they share one process again";
}

TEST(Connection, AWriteOnADeadSharedProcessIsRefusedAndAResetRepairs) {
  const std::string steps = configured + "  - crash: {database: database/db}\n" + write(", allowed_roles: x") +
                            "  - reset_database: {mount: database/, connection: db}\n";
  const Played played = play(steps);
  EXPECT_EQ(played.reply(5),
            "400 error creating database object: invalid database version: 2 errors occurred:\n\t* rpc error: code = "
            "Unavailable desc = "
            "connection error: desc = \"transport: error while dialing: dial unix <socket>: connect: connection "
            "refused\"\n\t* Incompatible API "
            "version with plugin. Plugin version: 5, Client versions: [3 4]\n\n");
  EXPECT_EQ(played.reply(6), "204");
  EXPECT_EQ(played.database("database/db"), "running toydb v1.0.0, reports ?, is v1.0.0 d0");
}

TEST(Connection, ARoleThatWasNeverWrittenIsUnknown) {
  EXPECT_EQ(play(engine + "  - request: {database: database/other}\n").reply(), "400 unknown role: probe-other");
}

TEST(ResetDatabase, BuildsTheInstanceAnewOrLeavesItDown) {
  EXPECT_EQ(play(engine + "  - reset_database: {mount: database/, connection: x}\n").reply(),
            "500 1 error occurred:\n\t* failed to find entry for connection with name: \"x\"\n\n");
  const Played down =
      play(configured + "  - uninstall: {file: toydb-1.0.0}\n  - reset_database: {mount: database/, connection: db}\n");
  EXPECT_EQ(down.reply().substr(0, 61), "500 1 error occurred:\n\t* unable to create database instance: ");
  EXPECT_EQ(down.processes(), "");
  EXPECT_EQ(down.database("database/db"), "broken toydb v1.0.0, reports ?, is ? ?");
}

TEST(ReloadDatabase, ResetsTheConnectionsOfAPluginFrom1_16On) {
  const std::string steps =
      configured + "  - configure_database: {mount: database/, connection: two, plugin_name: toydb}\n";
  EXPECT_EQ(play(steps + "  - reload_database: {mount: database/, plugin: toydb}\n").reply(),
            "404 1 error occurred:\n\t* unsupported path\n\n");
  EXPECT_EQ(play(steps + "  - reload_database: {mount: database/, plugin: toydb}\n", "vault 1.16.3").reply(), "200");
  EXPECT_EQ(play(steps + "  - reload_database: {mount: database/, plugin: other}\n", "vault 1.16.3").reply(),
            "200 (no connections were found with plugin_name \"other\")");
  const Played failing =
      play(configured + "  - uninstall: {file: toydb-1.0.0}\n  - reload_database: {mount: database/, plugin: toydb}\n",
           "vault 1.16.3");
  EXPECT_EQ(failing.reply().substr(0, 65), "500 1 error occurred:\n\t* failed to reload connection \"db\": unable");
}

TEST(Reload, OfADatabasePluginByNameReachesItsConnectionsFrom1_16On) {
  const std::string steps = configured +
                            "  - register: {type: database, name: toydb, version: v1.0.0, sha256: d1, command: "
                            "toydb-1.0.1}\n  - reload: {plugin: toydb}\n";
  EXPECT_EQ(play(steps).database("database/db"), "running toydb v1.0.0, reports ?, is v1.0.0 d0");
  EXPECT_EQ(play(steps).reply(), "200");
  EXPECT_EQ(play(steps, "vault 1.16.3").database("database/db"), "running toydb v1.0.0, reports v1.0.0, is v1.0.0 d1");
  EXPECT_EQ(play(steps, "openbao 2.6.2").reply(),
            "400 plugin \"toydb\" cannot be reloaded, only plugins of type auth and secret can be reloaded");
}

TEST(Reload, OfTheEngineClosesEveryConnection) {
  const Played by_mount = play(configured + "  - reload: {mounts: [database/]}\n");
  EXPECT_EQ(by_mount.processes(), "");
  EXPECT_EQ(by_mount.database("database/db"), "respawns toydb v1.0.0, reports ?, is ? ?");
  EXPECT_EQ(play(configured + "  - reload: {plugin: database}\n").processes(), "");
  EXPECT_EQ(play(configured + "  - reload: {plugin: database}\n", "openbao 2.6.2").reply(),
            "400 plugin not found in the catalog: \"database\"");
}

TEST(Disable, OfTheEngineWipesItsConnections) {
  const Played played = play(configured +
                             "  - disable: {path: database/}\n  - enable: {path: database/, plugin: database}\n  - "
                             "request: {database: database/db}\n");
  EXPECT_EQ(played.processes(), "");
  EXPECT_EQ(played.database("database/db"), "nothing");
  EXPECT_EQ(played.reply(), "400 unknown role: probe-db");
}

TEST(Move, OfTheEngineTakesItsConnectionsAlong) {
  const Played played = play(configured +
                             "  - move: {from: database/, to: other/}\n  - request: {database: other/db}\n  - request: "
                             "{database: database/db}\n");
  EXPECT_EQ(played.reply(5), "200 by v1.0.0 d0");
  EXPECT_EQ(played.reply(6).substr(0, 41), "404 no handler for route \"database/creds/");
  EXPECT_EQ(played.processes(), "d0");
  EXPECT_EQ(played.database("other/db"), "running toydb v1.0.0, reports ?, is v1.0.0 d0");
}

TEST(ReadingTheConfiguration, StartsThePluginFrom1_16On) {
  const std::string steps =
      configured +
      "  - reload: {mounts: [database/]}\n  - register: {type: secret, name: toy, sha256: a0, command: toy-1.0.0}\n";
  EXPECT_EQ(play(steps).processes(), "");
  EXPECT_EQ(play(steps, "vault 1.16.3").processes(), "d0") << "somebody looks between two steps";
}

TEST(ReadingTheConfiguration, ShowsTheOldVersionOfADeadProcessAndRepairsNothing) {
  const Played played = play(configured +
                                 "  - crash: {database: database/db}\n  - register: {type: secret, name: toy, sha256: "
                                 "a0, command: toy-1.0.0}\n",
                             "vault 1.16.3");
  EXPECT_EQ(played.database("database/db"), "broken toydb v1.0.0, reports v1.0.0, is ? ?");
  EXPECT_EQ(played.processes(), "");
}

}  // namespace
}  // namespace replug::simulator::test
