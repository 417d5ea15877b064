#include <string>

#include <gtest/gtest.h>

#include "tests/simulator/cluster_fixture.h"

/// Pinned versions: reference, section 9.
namespace replug::simulator::test {
namespace {

const std::string with_pins = "vault 1.17.0";

Played played(const std::string& steps, const std::string& server = with_pins) {
  return Played(plan_of({.server = server, .steps = steps}));
}

const std::string mounted =
    registered("toy", {0, 1}) + "  - enable: {path: my/, plugin: toy, plugin_version: v1.0.0}\n";
const std::string pin = "  - pin: {type: secret, name: toy, version: v1.0.1}\n";
const std::string unpin = "  - unpin: {type: secret, name: toy}\n";
const std::string reload = "  - reload: {plugin: toy}\n";

TEST(Pin, OlderServersAndOpenBaoHaveNone) {
  for (const char* server : {"vault 1.15.1", "openbao 2.6.2"}) {
    EXPECT_EQ(played(registered("toy", {1}) + pin + unpin, server).last_replies(2),
              "404 1 error occurred:\n\t* unsupported path\n\n; 404 1 error occurred:\n\t* unsupported path\n\n");
  }
}

TEST(Pin, TheVersionIsCheckedInTheServersOrder) {
  const auto reply = [](const std::string& version) {
    return played(registered("toy", {0}) + "  - pin: {type: secret, name: toy, version: " + version + "}\n").reply();
  };
  EXPECT_EQ(reply("one"), "400 version \"one\" is not a valid semantic version: Malformed version: one");
  EXPECT_EQ(reply("\"\""), "400 missing plugin version");
  EXPECT_EQ(reply("1.0.0rc1"), "400 version \"1.0.0rc1\" is not a valid semantic version: Malformed version: 1.0.0rc1");
  EXPECT_EQ(reply("v1.17.0+builtin.vault"), "400 cannot pin a builtin plugin: \"v1.17.0+builtin.vault\"");
  EXPECT_EQ(reply("v9.9.9"),
            "400 plugin not found in the catalog; secret plugin \"toy\" version v9.9.9 does not exist");
  EXPECT_EQ(reply("1.0.0"), "200");
}

TEST(Pin, ABuiltinIsNotPinnedToAnotherVersion) {
  EXPECT_EQ(played("  - pin: {type: secret, name: transit, version: v1.0.0}\n").reply(),
            "400 plugin not found in the catalog; secret plugin \"transit\" version v1.0.0 does not exist");
}

TEST(Unpin, ItMayBeRepeated) {
  EXPECT_EQ(played(registered("toy", {1}) + pin + unpin + unpin).last_replies(2), "200; 200");
}

TEST(Pin, NothingHappensUntilTheNextLoad) {
  const Played run = played(mounted + pin);
  EXPECT_EQ(run.mount("my/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(Pin, ItBeatsTheConfiguredVersionAtAReloadAndAtAnUnseal) {
  const std::string runs = "running configured v1.0.0, reports v1.0.1 a1, is v1.0.1 a1";
  EXPECT_EQ(played(mounted + pin + reload).mount("my/"), runs);
  EXPECT_EQ(played(mounted + pin + "  - restart: {node: node-0}\n").mount("my/"), runs);
}

TEST(Pin, ACrashGoesByTheVersionThatWasCaptured) {
  EXPECT_EQ(played(mounted + pin + "  - crash: {mount: my/}\n  - request: {path: my/version}\n").reply(),
            "200 by v1.0.0 a0");
}

TEST(Pin, ADatabaseConnectionGoesByItAfterACrash) {
  const Played run = played(registered("toydb", {0, 1}) + R"(
  - enable: {path: d/, plugin: database}
  - configure_database: {mount: d/, connection: db, plugin_name: toydb, plugin_version: v1.0.0}
  - pin: {type: database, name: toydb, version: v1.0.1}
  - crash: {database: d/db}
  - request: {database: d/db}
  - request: {database: d/db}
)");
  EXPECT_EQ(run.last_replies(2), "500 1 error occurred:\n\t* plugin shutdown\n\n; 200 by v1.0.1 d1");
}

TEST(Pin, AfterTheUnpinTheConfiguredVersionIsBackAtTheNextLoad) {
  const Played run = played(mounted + pin + reload + unpin);
  EXPECT_EQ(run.mount("my/"), "running configured v1.0.0, reports v1.0.1 a1, is v1.0.1 a1");
  EXPECT_EQ(played(mounted + pin + reload + unpin + reload).mount("my/"),
            "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(Pin, AnEnableTakesNoVersionNotEvenThePinnedOne) {
  for (const char* version : {"v1.0.0", "v1.0.1", "one"}) {
    EXPECT_EQ(played(registered("toy", {0, 1}) + pin +
                     "  - enable: {path: my/, plugin: toy, plugin_version: " + version + "}\n")
                  .reply(),
              "400 cannot specify plugin_version for secret plugin \"toy\", as it is pinned to version v1.0.1");
  }
}

TEST(Pin, OfAnAuthMethodTheTextNamesThat) {
  EXPECT_EQ(played(registered("toyauth", {0}) + R"(
  - pin: {type: auth, name: toyauth, version: v1.0.0}
  - enable: {path: auth/my/, plugin: toyauth, plugin_version: v1.0.0}
)")
                .reply(),
            "400 cannot specify plugin_version for auth plugin \"toyauth\", as it is pinned to version v1.0.0");
}

TEST(Pin, AnEnableWithoutAVersionStoresThePin) {
  const Played run = played(registered("toy", {0, 1}) + registered("toy", {2}) + pin +
                            "  - enable: {path: my/, plugin: toy}\n" + unpin + reload);
  EXPECT_EQ(run.mount("my/"), "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1");
}

TEST(Pin, ATuneIsRefusedBeforeItsVersionIsRead) {
  const std::string refusal =
      "400 plugin_version cannot be set for secret plugin \"toy\" as a pinned version v1.0.1 is in effect";
  for (const char* version : {"v1.0.0", "v1.0.1", "one", "v9.9.9"}) {
    EXPECT_EQ(played(mounted + pin + "  - tune: {path: my/, plugin_version: " + version + "}\n").reply(), refusal)
        << version;
  }
  EXPECT_EQ(played(mounted + pin + "  - tune: {path: nowhere/, plugin_version: v1.0.0}\n").reply(),
            "400 tune of path \"nowhere/\" failed: no mount entry found");
}

TEST(Pin, ThePinnedVersionCannotBeDeregistered) {
  const std::string refusal = "500 1 error occurred:\n\t* cannot delete a pinned version\n\n";
  EXPECT_EQ(
      played(registered("toy", {0, 1}) + pin + "  - deregister: {type: secret, name: toy, version: 1.0.1}\n").reply(),
      refusal);
  EXPECT_EQ(
      played(registered("toy", {0, 1}) + pin + "  - deregister: {type: secret, name: toy, version: v1.0.0}\n").reply(),
      "204");
  EXPECT_EQ(
      played(registered("toy", {0, 1}) + pin + unpin + "  - deregister: {type: secret, name: toy, version: v1.0.1}\n")
          .reply(),
      "204");
}

TEST(Pin, ThePinnedVersionCanBeOverwritten) {
  const Played run = played(mounted + pin + reload + R"(
  - register: {type: secret, name: toy, version: v1.0.1, sha256: a2, command: toy-1.0.2}
  - reload: {plugin: toy}
)");
  EXPECT_EQ(run.mount("my/"), "running configured v1.0.0, reports v1.0.1 a2, is v1.0.1 a2");
}

TEST(Pin, AnotherPinTakesItsPlace) {
  const Played run =
      played(mounted + registered("toy", {2}) + pin + "  - pin: {type: secret, name: toy, version: v1.0.2}\n" + reload);
  EXPECT_EQ(run.mount("my/"), "running configured v1.0.0, reports v1.0.2 a2, is v1.0.2 a2");
}

TEST(Pin, OneThatCannotRunFailsTheReloadAndTheNextRequestStartsTheCapturedVersion) {
  const std::string before = mounted + pin + "  - uninstall: {file: toy-1.0.1}\n";
  const Played run = played(before + reload + "  - request: {path: my/version}\n");
  EXPECT_EQ(run.reply(6).substr(0, 3), "500");
  EXPECT_EQ(run.reply(), "200 by v1.0.0 a0");
  EXPECT_EQ(played(before + "  - restart: {node: node-0}\n  - request: {path: my/version}\n").reply(),
            "404 no handler for route \"my/version\". route entry found, but backend is nil.");
}

TEST(Pin, WithoutItAReloadRepairs) {
  const Played run =
      played(mounted + pin + "  - uninstall: {file: toy-1.0.1}\n  - restart: {node: node-0}\n" + unpin + reload);
  EXPECT_EQ(run.mount("my/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(Pin, WhatIsCompiledIntoTheCoreReportsItAndRunsItsOwnCode) {
  const Played run = played(R"(
  - enable: {path: k/, plugin: kv}
  - register: {type: secret, name: kv, version: v1.0.0, sha256: a0, command: toy-1.0.0}
  - pin: {type: secret, name: kv, version: v1.0.0}
  - reload: {plugin: kv}
)");
  EXPECT_EQ(run.mount("k/"), "running configured -, reports v1.0.0 -, is v0.19.0+builtin -");
}

TEST(Pin, ItIsNotInForceOnAnOlderServer) {
  const Played run =
      played(mounted + pin +
             "  - upgrade_server: {node: node-0, version: 1.15.1}\n  - tune: {path: my/, plugin_version: v9.9.9}\n");
  EXPECT_EQ(run.reply(), "400 plugin not found in the catalog: toy, version=v9.9.9");
}

}  // namespace
}  // namespace replug::simulator::test
