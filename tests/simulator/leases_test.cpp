// Leases: what a disable, a move and a revocation do with them (reference, section 10).

#include "simulator/vault/leases.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/simulator/cluster_fixture.h"

namespace replug::simulator::test {
namespace {

const std::string configured = registered("toydb", {0}) +
                               "  - enable: {path: database/, plugin: database}\n"
                               "  - configure_database: {mount: database/, connection: db, plugin_name: toydb}\n";
const std::string ask = "  - request: {database: database/db}\n";
const std::string crash = "  - crash: {database: database/db}\n";
const std::string uninstall = "  - uninstall: {file: toydb-1.0.0}\n";
const std::string disable = "  - disable: {path: database/}\n";
const std::string shut_down =
    "400 failed to revoke \"database/creds/probe-db/<lease>\" (1 / 1): failed to revoke entry: resp: "
    "(*logical.Response)(nil) err: plugin shutdown";

Played play(const std::string& steps, const std::string& server = "vault 1.17.0-beta1",
            const std::string& cluster = {}) {
  return Played(plan_of({.server = server, .cluster = cluster, .steps = steps}));
}

std::uint32_t outstanding(const Played& played, std::string_view path) {
  return outstanding_leases(played.cluster(), played.world()->mount(played.world()->texts().find(path)));
}

TEST(Leases, AnsweredRequestForCredentialsLeavesOneWhichAReloadAndAConfigurationKeep) {
  const Played played = play(configured + ask + ask + "  - reset_database: {mount: database/, connection: db}\n" +
                             "  - reload: {mounts: [database/]}\n" +
                             "  - configure_database: {mount: database/, connection: db, allowed_roles: x}\n");
  EXPECT_EQ(outstanding(played, "database/"), 2U);
}

TEST(Leases, ARefusedRequestLeavesNone) { EXPECT_EQ(outstanding(play(configured + crash + ask), "database/"), 0U); }

TEST(Leases, ADisableRevokesThemThroughWhatIsConfiguredNow) {
  const Played played = play(configured + ask + registered("toydb", {1}) +
                             "  - configure_database: {mount: database/, connection: db, plugin_version: v1.0.1}\n" +
                             "  - deregister: {type: database, name: toydb, version: v1.0.0}\n" + disable);
  EXPECT_EQ(played.reply(), "204");
  EXPECT_EQ(played.mounts(), "");
}

TEST(Leases, ADeadProcessStopsADisableOnce) {
  const Played played = play(configured + ask + crash + disable + ask + "  - enable: {path: database/, plugin: kv}\n" +
                             "  - reset_database: {mount: database/, connection: db}\n" + disable);
  EXPECT_EQ(played.reply(6), shut_down);
  EXPECT_EQ(played.reply(7), "404 no handler for route \"database/creds/probe-db\". route entry is tainted.");
  EXPECT_EQ(played.reply(8), "400 path is already in use at database/");
  EXPECT_EQ(played.reply(9), "404 no handler for route \"database/reset/db\". route entry is tainted.");
  EXPECT_EQ(played.reply(10), "204");
  EXPECT_EQ(played.mounts(), "");
}

TEST(Leases, OpenBaoNamesTheNamespaceOfATaintFrom2_3On) {
  const std::string steps = configured + ask + crash + disable + ask;
  EXPECT_EQ(play(steps, "openbao 2.6.2").reply(),
            "404 no handler for route \"database/creds/probe-db\" on namespace \"\". route entry or namespace is "
            "tainted.");
  EXPECT_EQ(play(steps, "openbao 2.0.0").reply(),
            "404 no handler for route \"database/creds/probe-db\". route entry is tainted.");
}

TEST(Leases, ATaintedEngineListsNoConnectionsAndAnswersNobody) {
  const Played played = play(configured + ask + crash + disable);
  EXPECT_TRUE(connections_by_label(played.cluster()).empty());
  EXPECT_EQ(played.database("database/db").substr(0, 6), "absent");
}

TEST(Leases, AMissingFileStopsADisableUntilTheyAreForgotten) {
  const Played played = play(configured + ask + uninstall + crash + disable + disable +
                             "  - revoke_leases: {prefix: database/, force: true}\n" + disable);
  EXPECT_EQ(played.reply(7), shut_down);
  EXPECT_EQ(played.reply(8),
            "400 failed to revoke \"database/creds/probe-db/<lease>\" (1 / 1): failed to revoke entry: resp: "
            "(*logical.Response)(nil) err: unable to create database instance: invalid database version: 2 errors "
            "occurred:\n\t* error verifying checksum: open <plugin_directory>/toydb-1.0.0: no such file or "
            "directory\n\t* error verifying checksum: open <plugin_directory>/toydb-1.0.0: no such file or "
            "directory\n\n");
  EXPECT_EQ(played.last_replies(2), "204; 204");
  EXPECT_EQ(played.mounts(), "");
}

TEST(Leases, ADisableWithoutAnyAsksNobody) { EXPECT_EQ(play(configured + crash + uninstall + disable).reply(), "204"); }

TEST(Leases, ThoseBeforeTheFirstThatFailsAreGone) {
  const std::string second =
      "  - configure_database: {mount: database/, connection: ab, plugin_name: toydb, plugin_version: v1.0.1}\n"
      "  - request: {database: database/ab}\n";
  const Played played = play(configured + registered("toydb", {1}) + second + ask + ask + crash + disable);
  EXPECT_NE(played.reply().find("probe-db/<lease>\" (2 / 3)"), std::string::npos) << played.reply();
  EXPECT_EQ(outstanding(played, "database/"), 2U);
}

TEST(Leases, TheClusterTellsHowManyThereAre) {
  const std::string cluster =
      "  catalog:\n"
      "    - {type: secret, name: toy, version: v1.0.0, sha256: a0, command: toy-1.0.0}\n"
      "    - {type: database, name: toydb, version: v1.0.0, sha256: d0, command: toydb-1.0.0}\n"
      "  secrets:\n    my/: {type: toy, plugin_version: v1.0.0, leases: 120}\n"
      "  auth:\n    my/: {type: toyauth, plugin_version: v1.0.0, leases: 7}\n"
      "  databases:\n    database/: {db: {plugin_name: toydb, plugin_version: v1.0.0, leases: 3}}\n";
  const std::string gone = "  - uninstall: {file: toy-1.0.0}\n  - crash: {mount: my/}\n";
  const Played played =
      play(gone + "  - disable: {path: my/}\n" + ask + crash + disable, "vault 1.17.0-beta1", cluster);
  EXPECT_EQ(played.reply(3),
            "400 failed to revoke \"my/<lease>\" (1 / 120): failed to revoke entry: resp: (*logical.Response)(nil) "
            "err: error verifying checksum: open <plugin_directory>/toy-1.0.0: no such file or directory");
  EXPECT_NE(played.reply(6).find("(1 / 4)"), std::string::npos) << played.reply(6);
  EXPECT_EQ(outstanding(played, "auth/my/"), 7U);
}

TEST(Leases, TokensAreRevokedWithoutTheirPlugin) {
  const std::string cluster =
      "  auth:\n    my/: {type: toyauth, plugin_version: v1.0.0, leases: 7}\n"
      "  catalog:\n"
      "    - {type: auth, name: toyauth, version: v1.0.0, sha256: c0, command: toyauth-1.0.0}\n";
  EXPECT_EQ(play("  - uninstall: {file: toyauth-1.0.0}\n  - crash: {mount: auth/my/}\n  - disable: {path: auth/my/}\n",
                 "vault 1.17.0-beta1", cluster)
                .reply(),
            "204");
}

TEST(Leases, AMoveRevokesThoseOfTheOldPath) {
  const Played played = play(configured + ask + "  - move: {from: database/, to: other/}\n");
  EXPECT_EQ(played.mounts(), "other/");
  EXPECT_EQ(outstanding(played, "other/"), 0U);
}

TEST(Leases, AMoveThatCannotRevokeThemLeavesTheMountWhereItWas) {
  const Played played = play(configured + ask + crash + "  - move: {from: database/, to: other/}\n");
  EXPECT_EQ(played.reply().substr(0, 3), "200");
  EXPECT_EQ(played.mounts(), "database/");
  EXPECT_FALSE(played.forecast(5).unverified.empty());
}

TEST(Leases, ASnapshotBringsThemBack) {
  const Played played = play(configured + ask + "  - backup: {}\n" + disable + "  - restore: {}\n");
  EXPECT_EQ(outstanding(played, "database/"), 1U);
}

TEST(RevokeLeases, IsQueuedAndTriedAgain) {
  const Played played = play(configured + ask + crash + "  - revoke_leases: {prefix: database/}\n");
  EXPECT_EQ(played.reply(), "202");
  EXPECT_EQ(outstanding(played, "database/"), 0U);
  EXPECT_TRUE(played.forecast(5).unverified.empty());
}

TEST(RevokeLeases, WhatCannotBeRevokedStays) {
  const Played played = play(configured + ask + uninstall + crash + "  - revoke_leases: {prefix: database/creds/}\n");
  EXPECT_EQ(played.reply(), "202");
  EXPECT_EQ(outstanding(played, "database/"), 1U);
  EXPECT_FALSE(played.forecast(6).unverified.empty());
}

TEST(RevokeLeases, OfOneRoleLeavesTheOthers) {
  const std::string second =
      "  - configure_database: {mount: database/, connection: ab, plugin_name: toydb}\n"
      "  - request: {database: database/ab}\n";
  const std::string both = configured + ask + second;
  EXPECT_EQ(outstanding(play(both + "  - revoke_leases: {prefix: database/creds/probe-ab}\n"), "database/"), 1U);
  EXPECT_EQ(outstanding(play(both + "  - revoke_leases: {prefix: data}\n"), "database/"), 2U) << "no path segment";
  const Played unknown = play(both + "  - revoke_leases: {prefix: database/creds/reader, force: true}\n");
  EXPECT_EQ(outstanding(unknown, "database/"), 2U);
  EXPECT_FALSE(unknown.forecast(6).not_modelled.empty());
}

TEST(RotateRoot, MakesOnlyThatConnectionAnewFromThePresentEntry) {
  const Played played = play(
      configured + "  - configure_database: {mount: database/, connection: sibling, plugin_name: toydb}\n" +
          "  - register: {type: database, name: toydb, version: v1.0.0, sha256: d1, command: toydb-1.0.1}\n" +
          "  - rotate_root: {mount: database/, connection: db}\n" + ask + "  - request: {database: database/sibling}\n",
      "openbao 2.6.2");
  EXPECT_EQ(played.last_replies(3), "204; 200 by v1.0.0 d1; 200 by v1.0.0 d0");
}

TEST(RotateRoot, OfAConnectionThatIsNotThereOrWhoseProcessIsDeadFails) {
  const std::string rotate = "  - rotate_root: {mount: database/, connection: db}\n";
  EXPECT_EQ(play(registered("toydb", {0}) + "  - enable: {path: database/, plugin: database}\n" + rotate).reply(),
            "500 1 error occurred:\n\t* failed to find entry for connection with name: \"db\"\n\n");
  EXPECT_EQ(play(configured + crash + rotate + rotate, "openbao 2.6.2").last_replies(2),
            "500 1 error occurred:\n\t* plugin shutdown\n\n; 204");
}

}  // namespace
}  // namespace replug::simulator::test
