// Snapshots of integrated storage (reference, section 11.3).

#include <string>

#include <gtest/gtest.h>

#include "tests/simulator/cluster_fixture.h"

namespace replug::simulator::test {
namespace {

const std::string enabled = registered("toy", {0}) + "  - enable: {path: my/, plugin: toy, plugin_version: v1.0.0}\n";
const std::string upgrade =
    registered("toy", {1}) + "  - tune: {path: my/, plugin_version: v1.0.1}\n  - reload: {plugin: toy}\n";
const std::string before = "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0";

Played play(const std::string& steps, int nodes = 1, const std::string& server = "vault 1.14.9") {
  return Played(plan_of({.server = server, .nodes = nodes, .steps = steps}));
}

TEST(Restore, UndoesAnUpgradeProcessIncluded) {
  const Played played = play(enabled + "  - backup: {}\n" + upgrade + "  - restore: {}\n");
  EXPECT_EQ(played.reply(3), "200");
  EXPECT_EQ(played.reply(), "204");
  EXPECT_EQ(played.mount("my/"), before);
  EXPECT_EQ(played.processes(), "a0");
  EXPECT_EQ(played.catalog(), "secret toy v1.0.0 a0");
}

TEST(Restore, BringsBackWhatWasDisabledAndTakesWhatWasEnabled) {
  const Played played = play(
      enabled +
      "  - backup: {name: x}\n  - disable: {path: my/}\n  - enable: {path: b/, plugin: toy, plugin_version: v1.0.0}\n"
      "  - restore: {name: x}\n  - request: {path: my/x}\n  - request: {path: b/x}\n");
  EXPECT_EQ(played.last_replies(2), "200 by v1.0.0 a0; 404 no handler for route \"b/x\". route entry not found.");
  EXPECT_EQ(played.mounts(), "my/");
}

TEST(Restore, OfATuneThatWasNotReloadedMakesItTakeEffect) {
  const Played played = play(enabled + registered("toy", {1}) +
                             "  - tune: {path: my/, plugin_version: v1.0.1}\n  - backup: {}\n  - restore: {}\n");
  EXPECT_EQ(played.mount("my/"), "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1");
}

TEST(Restore, HealsACrashedProcessWhoseEntryWasDeregistered) {
  const Played played = play(enabled +
                             "  - backup: {}\n  - deregister: {type: secret, name: toy, version: v1.0.0}\n  - crash: "
                             "{mount: my/}\n  - restore: {}\n");
  EXPECT_EQ(played.mount("my/"), before);
}

TEST(Restore, DoesNotBringBackFiles) {
  const Played played = play(enabled + "  - backup: {}\n  - uninstall: {file: toy-1.0.0}\n  - restore: {}\n");
  EXPECT_EQ(played.mount("my/"), "absent configured v1.0.0, reports v1.0.0 -, is ? ?");
}

TEST(Restore, ClosesConnectionsAndBringsTheirConfigurationBack) {
  const std::string steps =
      registered("toydb", {0, 1}) +
      "  - enable: {path: database/, plugin: database}\n"
      "  - configure_database: {mount: database/, connection: db, plugin_name: toydb, plugin_version: v1.0.0}\n"
      "  - backup: {}\n  - configure_database: {mount: database/, connection: db, plugin_version: v1.0.1}\n"
      "  - configure_database: {mount: database/, connection: two, plugin_name: toydb}\n  - restore: {}\n";
  const Played played = play(steps);
  EXPECT_EQ(played.processes(), "");
  EXPECT_EQ(played.database("database/db"), "respawns toydb v1.0.0, reports ?, is ? ?");
  EXPECT_EQ(played.database("database/two"), "nothing");
}

TEST(Restore, TakesPinsBack) {
  const Played played = play(enabled + registered("toy", {1}) +
                                 "  - backup: {}\n  - pin: {type: secret, name: toy, version: v1.0.1}\n  - reload: "
                                 "{plugin: toy}\n  - restore: {}\n",
                             1, "vault 1.16.3");
  EXPECT_EQ(played.mount("my/"), before);
}

TEST(Restore, MayBeDoneTwice) {
  const Played played =
      play(enabled + "  - backup: {}\n  - disable: {path: my/}\n  - restore: {}\n" + upgrade + "  - restore: {}\n");
  EXPECT_EQ(played.mount("my/"), before);
}

TEST(Restore, TakesTheLastSnapshotOfThatName) {
  const Played played = play(enabled + "  - backup: {}\n" + upgrade +
                             "  - backup: {}\n  - backup: {name: other}\n  - disable: {path: my/}\n  - restore: {}\n");
  EXPECT_EQ(played.mount("my/"), "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1");
}

TEST(Restore, ReachesTheLeaderOnlyAlsoAfterAFailover) {
  const Played played =
      play(enabled + "  - backup: {}\n" + upgrade + "  - step_down: {to: node-2}\n  - restore: {}\n", 3);
  EXPECT_EQ(played.nodes(), "standby, standby, active");
  EXPECT_EQ(played.mount("my/", "node-2"), before);
  EXPECT_EQ(played.processes("node-0"), "");
}

TEST(Restore, OfWhatWasNeverTakenIsNotModelled) {
  const Played played = play(enabled + "  - restore: {name: elsewhere}\n");
  EXPECT_EQ(played.forecast(2).not_modelled.size(), 1U);
  EXPECT_EQ(played.mount("my/"), before);
}

TEST(Snapshots, AreForIntegratedStorageOnly) {
  const Played played(plan_of({.cluster = "  storage: consul\n", .steps = "  - backup: {}\n  - restore: {}\n"}));
  EXPECT_EQ(played.last_replies(2),
            "404 1 error occurred:\n\t* unsupported path\n\n; 404 1 error occurred:\n\t* unsupported path\n\n");
}

TEST(Restore, TheOrderOfTheTablesIsThatOfTheSnapshot) {
  // Order shows in what a reload by name reaches before it stops at the first failure.
  const auto steps = [](const std::string& between) {
    return enabled +
           "  - enable: {path: b/, plugin: toy, plugin_version: v1.0.0}\n  - enable: {path: c/, plugin: toy, "
           "plugin_version: v1.0.0}\n"
           "  - backup: {}\n" +
           between + "  - restore: {}\n";
  };
  const Played played = play(steps("  - disable: {path: my/}\n"));
  const auto order = played.cluster().order(0, Table::secrets);
  std::string paths;
  for (const MountId mount : order) paths += played.world()->mount(mount).path.str();
  EXPECT_EQ(paths, "my/b/c/");
}

}  // namespace
}  // namespace replug::simulator::test
