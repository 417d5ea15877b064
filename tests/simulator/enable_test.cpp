#include <string>

#include <gtest/gtest.h>

#include "tests/simulator/cluster_fixture.h"

/// Enabling secrets engines and auth methods: reference, section 3; what a mount runs when it is made: 5.1 and 5.5.
namespace replug::simulator::test {
namespace {

Played played(const std::string& steps, const std::string& server = "vault 1.14.9") {
  return Played(plan_of({.server = server, .steps = steps}));
}

const std::string shadowed_transit = "  - register: {type: secret, name: transit, sha256: a0, command: toy-1.0.0}\n";
const std::string external_transit =
    "  - register: {type: secret, name: transit, version: v1.0.0, sha256: a0, command: toy-1.0.0}\n";

TEST(Enable, WithoutAVersionTheUnversionedEntryIsFollowed) {
  const Played run = played(registered("toy", {1}) + R"(
  - register: {type: secret, name: toy, sha256: a0, command: toy-1.0.0}
  - enable: {path: my/, plugin: toy}
)");
  EXPECT_EQ(run.mount("my/"), "running configured -, reports - a0, is - a0");
}

TEST(Enable, WithoutAnUnversionedEntryTheHighestVersionIsFrozen) {
  const Played run = played(registered("toy", {0, 1}) + "  - enable: {path: my/, plugin: toy}\n" +
                            registered("toy", {2}) + "  - reload: {plugin: toy}\n");
  EXPECT_EQ(run.mount("my/"), "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1");
}

TEST(Enable, PrereleasesTakePartInTheChoice) {
  const Played run = played(registered("toy", {0}) + R"(
  - register: {type: secret, name: toy, version: v1.1.0-rc1, sha256: a1, command: toy-1.0.1}
  - enable: {path: my/, plugin: toy}
)");
  EXPECT_EQ(run.mount("my/"), "running configured v1.1.0-rc1, reports v1.1.0-rc1 a1, is v1.1.0-rc1 a1");
}

TEST(Enable, OfEquivalentVersionsTheOneWithoutMetadataIsChosen) {
  const Played run = played(registered("toy", {0}) + R"(
  - register: {type: secret, name: toy, version: v1.0.0+ent, sha256: a1, command: toy-1.0.1}
  - enable: {path: my/, plugin: toy}
)");
  EXPECT_EQ(run.mount("my/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(Enable, AnEmptyVersionIsNone) {
  EXPECT_EQ(
      played(registered("toy", {0, 1}) + "  - enable: {path: my/, plugin: toy, plugin_version: \"\"}\n").mount("my/"),
      "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1");
}

TEST(Enable, AVersionNeedNotBeCanonicalNorStrictlySemantic) {
  const Played run = played(R"(
  - register: {type: secret, name: toy, version: 1.0.0-rc1, sha256: a0, command: toy-1.0.0}
  - enable: {path: my/, plugin: toy, plugin_version: 1.0.0rc1}
)");
  EXPECT_EQ(run.mount("my/"), "running configured v1.0.0-rc1, reports v1.0.0-rc1 a0, is v1.0.0-rc1 a0");
}

TEST(Enable, BeforeOneTwelveNoVersionIsLookedAt) {
  const Played run = played(R"(
  - register: {type: secret, name: toy, version: v1.0.0, sha256: a0, command: toy-1.0.0}
  - enable: {path: my/, plugin: toy, plugin_version: nonsense}
  - tune: {path: my/, plugin_version: nonsense}
)",
                            "vault 1.11.4");
  EXPECT_EQ(run.last_replies(2), "204; 204");
  EXPECT_EQ(run.mount("my/"), "running configured -, reports - a0, is - a0");
}

TEST(Enable, TheVersionOfABuiltinIsNotKept) {
  const Played run = played("  - enable: {path: t/, plugin: transit, plugin_version: v1.14.9+builtin.vault}\n");
  EXPECT_EQ(run.mount("t/"), "running configured -, reports v1.14.9+builtin.vault -, is v1.14.9+builtin.vault -");
}

TEST(Enable, InOneTwelveZeroAndOneTheVersionOfABuiltinIsKept) {
  const std::string steps = R"(
  - enable: {path: t/, plugin: transit, plugin_version: v1.12.1+builtin.vault}
  - enable: {path: kv/, plugin: kv, plugin_version: v0.13.3+builtin}
  - enable: {path: u/, plugin: transit}
)";
  const Played run = played(steps, "vault 1.12.1");
  EXPECT_EQ(run.last_replies(3), "204; 204; 204");
  EXPECT_EQ(run.mount("t/"),
            "running configured v1.12.1+builtin.vault, reports v1.12.1+builtin.vault -, is v1.12.1+builtin.vault -");
  EXPECT_EQ(run.mount("kv/"), "running configured v0.13.3+builtin, reports v0.13.3+builtin -, is v0.13.3+builtin -");
  EXPECT_EQ(run.mount("u/"), "running configured -, reports v1.12.1+builtin.vault -, is v1.12.1+builtin.vault -");
}

TEST(Enable, ABuiltinVersionThatIsOverriddenCannotBeChosen) {
  EXPECT_EQ(
      played(shadowed_transit + "  - enable: {path: t/, plugin: transit, plugin_version: v1.14.9+builtin.vault}\n")
          .reply(),
      "400 secret plugin \"transit\", version v1.14.9+builtin.vault not found, as it is overridden by an unversioned "
      "plugin of the "
      "same name. Omit `plugin_version` to use the unversioned plugin");
}

TEST(Enable, AnUnversionedEntryStandsBeforeTheBuiltin) {
  EXPECT_EQ(played(shadowed_transit + "  - enable: {path: t/, plugin: transit}\n").mount("t/"),
            "running configured -, reports - a0, is - a0");
}

TEST(Enable, AVersionedEntryIsChosenBeforeTheBuiltin) {
  EXPECT_EQ(played(external_transit + "  - enable: {path: t/, plugin: transit}\n").mount("t/"),
            "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(Enable, WhatIsCompiledIntoTheCoreHasNoOtherVersion) {
  const std::string kv = "  - register: {type: secret, name: kv, version: v1.0.0, sha256: a0, command: toy-1.0.0}\n";
  const std::string refusal = "400 cannot select non-builtin version of secrets plugin kv";
  EXPECT_EQ(played(kv + "  - enable: {path: k/, plugin: kv, plugin_version: v1.0.0}\n").reply(), refusal);
  EXPECT_EQ(played(kv + "  - enable: {path: k/, plugin: kv}\n").reply(), refusal)
      << "the highest version is chosen, then refused";
  EXPECT_EQ(played("  - enable: {path: d/, plugin: database, plugin_version: v1.0.0}\n").reply(),
            "400 cannot select non-builtin version of secrets plugin database");
}

TEST(Enable, AMalformedVersionWinsOverATakenPathAndThatOverAMissingVersion) {
  const std::string taken = registered("toy", {0}) + "  - enable: {path: my/, plugin: toy}\n";
  EXPECT_EQ(played(taken + "  - enable: {path: my/, plugin: toy, plugin_version: one}\n").reply(),
            "400 version \"one\" is not a valid semantic version: Malformed version: one");
  EXPECT_EQ(played(taken + "  - enable: {path: my/, plugin: toy, plugin_version: v9.9.9}\n").reply(),
            "400 path is already in use at my/");
}

TEST(Enable, WhatIsNotInTheCatalogIsRefused) {
  EXPECT_EQ(played("  - enable: {path: my/, plugin: toy}\n").reply(), "400 plugin not found in the catalog: toy");
  EXPECT_EQ(played("  - enable: {path: my/, plugin: toy, plugin_version: \"1\"}\n").reply(),
            "400 plugin not found in the catalog: toy, version=v1.0.0");
}

TEST(Enable, AFileThatIsGoneIsToldForBothProtocols) {
  const Played run =
      played(registered("toy", {0}) + "  - uninstall: {file: toy-1.0.0}\n  - enable: {path: my/, plugin: toy}\n");
  const std::string line =
      "\t* error verifying checksum: open <plugin_directory>/toy-1.0.0: no such file or directory\n";
  EXPECT_EQ(run.reply(), "400 invalid backend version: 2 errors occurred:\n" + line + line + "\n");
  EXPECT_EQ(run.mounts(), "");
  EXPECT_EQ(run.processes(), "");
}

TEST(Enable, APluginOfTheOtherKindIsRefusedAndItsProcessStays) {
  for (const bool multiplexed : {false, true}) {
    const Played run = Played(plan_of({.multiplexed = multiplexed, .steps = R"(
  - register: {type: secret, name: toyauth, sha256: c0, command: toyauth-1.0.0}
  - enable: {path: my/, plugin: toyauth}
  - register: {type: auth, name: toy, sha256: a0, command: toy-1.0.0}
  - enable: {path: auth/my/, plugin: toy}
)"}));
    EXPECT_EQ(
        run.last_replies(3),
        "400 unknown backend type: \"toyauth\"; 204; 400 cannot mount \"toy\" of type \"secret\" as an auth backend");
    EXPECT_EQ(run.mounts(), "");
    EXPECT_EQ(run.processes(), "a0 c0");
  }
}

TEST(Enable, AProcessOfTheOtherKindEndsWithTheServer) {
  const Played run = played(R"(
  - register: {type: secret, name: toyauth, sha256: c0, command: toyauth-1.0.0}
  - enable: {path: my/, plugin: toyauth}
  - restart: {node: node-0}
)");
  EXPECT_EQ(run.processes(), "");
}

TEST(Enable, ADatabasePluginIsNoBackendAtAll) {
  const Played run = played(
      "  - register: {type: secret, name: toydb, sha256: d0, command: toydb-1.0.0}\n  - enable: {path: my/, plugin: "
      "toydb}\n");
  EXPECT_EQ(run.reply(),
            "400 invalid backend version: 2 errors occurred:\n\t* <the plugin did not start>\n\t* <the plugin did not "
            "start>\n\n");
  EXPECT_EQ(run.processes(), "");
}

TEST(Path, ItIsTakenByAMountThatIsItsBeginning) {
  EXPECT_EQ(played("  - enable: {path: a/b/, plugin: kv}\n  - enable: {path: a/b/c/, plugin: kv}\n").reply(),
            "400 path is already in use at a/b/");
}

TEST(Path, ItIsTakenByAMountBelowIt) {
  EXPECT_EQ(played("  - enable: {path: a/b/, plugin: kv}\n  - enable: {path: a/, plugin: kv}\n").reply(),
            "400 path is already in use at a/b/");
}

TEST(Path, OfSeveralMountsBelowItTheFirstInTheTableIsTold) {
  EXPECT_EQ(played(R"(
  - enable: {path: a/z/, plugin: kv}
  - enable: {path: a/b/, plugin: kv}
  - enable: {path: a/, plugin: kv}
)")
                .reply(),
            "400 path is already in use at a/z/");
}

TEST(Path, ANameThatOnlyBeginsAlikeIsFree) {
  EXPECT_EQ(played("  - enable: {path: a/, plugin: kv}\n  - enable: {path: ab/, plugin: kv}\n").reply(), "204");
}

TEST(Path, OfAnAuthMethodItIsToldWithoutAuth) {
  const std::string userpass = "  - enable: {path: auth/u/, plugin: userpass}\n";
  EXPECT_EQ(played(userpass + userpass).reply(), "400 path is already in use at u/");
  EXPECT_EQ(played(userpass + "  - enable: {path: auth/u/v/, plugin: userpass}\n").reply(),
            "400 path is already in use at u/");
  EXPECT_EQ(played(userpass + "  - enable: {path: u/, plugin: kv}\n").reply(), "204") << "the tables are two";
}

TEST(Path, TheServersOwnMountsAreNotMountedOver) {
  EXPECT_EQ(played("  - enable: {path: sys/, plugin: kv}\n").reply(), "400 cannot mount \"sys/\"");
  EXPECT_EQ(played("  - enable: {path: identity/x/, plugin: kv}\n").reply(), "400 cannot mount \"identity/x/\"");
  EXPECT_EQ(played("  - enable: {path: auth/token/, plugin: userpass}\n").reply(),
            "400 path is already in use at token/");
  EXPECT_EQ(played("  - enable: {path: auth/token/x/, plugin: userpass}\n").reply(),
            "400 path is already in use at token/");
}

TEST(Path, TheServersOwnEnginesAreNotMountedTwice) {
  EXPECT_EQ(played("  - enable: {path: my/, plugin: system}\n").reply(),
            "400 mount type of \"system\" is not mountable");
  EXPECT_EQ(played("  - enable: {path: auth/my/, plugin: token}\n").reply(),
            "400 token credential backend cannot be instantiated");
}

TEST(Enable, AMountOfTheSameEntrySharesItsProcessIfThePluginMultiplexes) {
  const std::string steps =
      registered("toy", {0}) + "  - enable: {path: a/, plugin: toy}\n  - enable: {path: b/, plugin: toy}\n";
  EXPECT_EQ(Played(plan_of({.multiplexed = true, .steps = steps})).processes(), "a0");
  EXPECT_EQ(Played(plan_of({.multiplexed = false, .steps = steps})).processes(), "a0×2");
}

TEST(Enable, TwoNamesOfOneFileShareNothing) {
  const Played run = played(registered("toy", {0}) + R"(
  - register: {type: secret, name: other, version: v1.0.0, sha256: a0, command: toy-1.0.0}
  - enable: {path: a/, plugin: toy}
  - enable: {path: b/, plugin: other}
)");
  EXPECT_EQ(run.processes(), "a0×2");
}

TEST(Enable, WithoutAVersionItNeedsACatalogThatCanBeListed) {
  const Played run =
      Played(plan_of({.server = "vault 1.17.0", .cluster = "  storage: file\n", .steps = registered("toy", {0}) + R"(
  - upgrade_server: {node: node-0, version: 1.15.1}
  - enable: {path: my/, plugin: toy, plugin_version: v1.0.0}
  - enable: {path: k/, plugin: kv}
  - register: {type: secret, name: toy, version: v1.0.0, sha256: a0, command: toy-1.0.0}
  - enable: {path: k/, plugin: kv}
)"}));
  const std::string text =
      "failed to decode plugin entry: json: cannot unmarshal string into Go struct field PluginRunner.type of type "
      "consts.PluginType";
  EXPECT_EQ(run.last_replies(4), "400 " + text + "; 500 1 error occurred:\n\t* " + text + "\n\n; 204; 204");
  EXPECT_EQ(run.forecast(3).unverified.size(), 1U);
}

}  // namespace
}  // namespace replug::simulator::test
