#include <string>

#include <gtest/gtest.h>

#include "tests/simulator/cluster_fixture.h"

/// Tuning a mount to another version: reference, section 4.
namespace replug::simulator::test {
namespace {

const std::string mounted =
    registered("toy", {0, 1}) + "  - enable: {path: my/, plugin: toy, plugin_version: v1.0.0}\n";

Played played(const std::string& steps, const std::string& server = "vault 1.14.9") {
  return Played(plan_of({.server = server, .steps = steps}));
}

TEST(Tune, NothingIsReloaded) {
  const Played run = played(mounted + "  - tune: {path: my/, plugin_version: v1.0.1}\n");
  EXPECT_EQ(run.reply(), "204");
  EXPECT_EQ(run.mount("my/"), "running configured v1.0.1, reports v1.0.0 a0, is v1.0.0 a0");
  EXPECT_EQ(run.processes(), "a0");
}

TEST(Tune, TheVersionIsMadeCanonical) {
  EXPECT_EQ(played(mounted + "  - tune: {path: my/, plugin_version: 1.0.1}\n").mount("my/"),
            "running configured v1.0.1, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(Tune, AVersionThatIsNotRegisteredIsRefused) {
  const Played run = played(mounted + "  - tune: {path: my/, plugin_version: v9.9.9}\n");
  EXPECT_EQ(run.reply(), "400 plugin not found in the catalog: toy, version=v9.9.9");
  EXPECT_EQ(run.mount("my/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(Tune, TheFileIsNotLookedAt) {
  const Played run =
      played(mounted + "  - uninstall: {file: toy-1.0.1}\n  - tune: {path: my/, plugin_version: v1.0.1}\n");
  EXPECT_EQ(run.reply(), "204");
}

TEST(Tune, AVersionCannotBeCleared) {
  EXPECT_EQ(played(mounted + "  - tune: {path: my/, plugin_version: \"\"}\n").reply(),
            "400 version \"\" is not a valid semantic version: Malformed version: ");
}

TEST(Tune, AMalformedVersionIsRefused) {
  EXPECT_EQ(played(mounted + "  - tune: {path: my/, plugin_version: one}\n").reply(),
            "400 version \"one\" is not a valid semantic version: Malformed version: one");
}

TEST(Tune, AnUnknownMountIsToldWithItsWholePath) {
  EXPECT_EQ(played(mounted + "  - tune: {path: other, plugin_version: v1.0.1}\n").reply(),
            "400 tune of path \"other/\" failed: no mount entry found");
  EXPECT_EQ(played(mounted + "  - tune: {path: auth/my, plugin_version: v1.0.1}\n").reply(),
            "400 tune of path \"auth/my/\" failed: no mount entry found");
}

TEST(Tune, APathBelowAMountTunesThatMount) {
  const Played run = played(mounted + "  - tune: {path: my/deeper/, plugin_version: v1.0.1}\n");
  EXPECT_EQ(run.reply(), "204");
  EXPECT_EQ(run.mount("my/"), "running configured v1.0.1, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(Tune, TheServersOwnMountsCannotBeTuned) {
  EXPECT_EQ(played("  - tune: {path: sys/, plugin_version: v1.0.1}\n").reply(), "400 cannot tune \"sys/\"");
  EXPECT_EQ(played("  - tune: {path: cubbyhole/, plugin_version: v1.0.1}\n").reply(), "400 cannot tune \"cubbyhole/\"");
}

TEST(Tune, AListStopsAtTheFirstThatIsRefused) {
  const Played run = played(registered("toy", {0, 1}) + R"(
  - enable: {path: a/, plugin: toy, plugin_version: v1.0.0}
  - enable: {path: b/, plugin: toy, plugin_version: v1.0.0}
  - tune: {path: [a/, nowhere/, b/], plugin_version: v1.0.1}
)");
  EXPECT_EQ(run.reply(), "400 tune of path \"nowhere/\" failed: no mount entry found");
  EXPECT_EQ(run.mount("a/"), "running configured v1.0.1, reports v1.0.0 a0, is v1.0.0 a0");
  EXPECT_EQ(run.mount("b/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(Tune, AMountGoesBackToItsBuiltinByTheBuiltinsOwnVersion) {
  const Played run = played(R"(
  - register: {type: secret, name: transit, version: v1.0.0, sha256: a0, command: toy-1.0.0}
  - enable: {path: t/, plugin: transit}
  - tune: {path: t/, plugin_version: v1.14.9+builtin.vault}
  - reload: {mounts: [t/]}
)");
  EXPECT_EQ(run.mount("t/"),
            "running configured v1.14.9+builtin.vault, reports v1.14.9+builtin.vault -, is v1.14.9+builtin.vault -");
  EXPECT_EQ(run.processes(), "");
}

TEST(Tune, TheBuiltinVersionIsBlankedWhenTheTableIsLoaded) {
  const Played run = played(R"(
  - register: {type: secret, name: transit, version: v1.0.0, sha256: a0, command: toy-1.0.0}
  - enable: {path: t/, plugin: transit}
  - tune: {path: t/, plugin_version: v1.14.9+builtin.vault}
  - restart: {node: node-0}
)");
  EXPECT_EQ(run.mount("t/"), "running configured -, reports v1.14.9+builtin.vault -, is v1.14.9+builtin.vault -");
}

TEST(Tune, ABuiltinBehindAnUnversionedEntryCannotBeGoneBackTo) {
  EXPECT_EQ(played(R"(
  - register: {type: secret, name: transit, sha256: a0, command: toy-1.0.0}
  - enable: {path: t/, plugin: transit}
  - tune: {path: t/, plugin_version: v1.14.9+builtin.vault}
)")
                .reply(),
            "400 plugin not found in the catalog: transit, version=v1.14.9+builtin.vault");
}

TEST(Tune, WhatIsCompiledIntoTheCoreReportsTheVersionAndRunsItsOwnCode) {
  const Played run = played(R"(
  - enable: {path: k/, plugin: kv}
  - register: {type: secret, name: kv, version: v1.0.0, sha256: a0, command: toy-1.0.0}
  - tune: {path: k/, plugin_version: v1.0.0}
  - reload: {mounts: [k/]}
)");
  EXPECT_EQ(run.last_replies(2), "204; 200");
  EXPECT_EQ(run.mount("k/"), "running configured v1.0.0, reports v1.0.0 -, is v0.15.0+builtin -");
  EXPECT_EQ(run.processes(), "");
}

TEST(Tune, ADatabaseEngineIsNoPluginOfTheCatalog) {
  const std::string engine = "  - enable: {path: d/, plugin: database}\n";
  const std::string tune = "  - tune: {path: d/, plugin_version: v1.0.0}\n";
  EXPECT_EQ(played(engine + tune).reply(), "400 plugin not found in the catalog: database, version=v1.0.0");
  EXPECT_EQ(
      played(engine +
             "  - register: {type: secret, name: database, version: v1.0.0, sha256: a0, command: toy-1.0.0}\n" + tune)
          .reply(),
      "204");
}

TEST(Tune, ItTakesEffectByItselfAtTheNextUnseal) {
  const Played run = played(mounted + R"(
  - tune: {path: my/, plugin_version: v1.0.1}
  - seal: {node: node-0}
  - unseal: {node: node-0}
)");
  EXPECT_EQ(run.mount("my/"), "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1");
}

TEST(Tune, ItDoesNotTakeEffectAtACrash) {
  const Played run = played(mounted + R"(
  - tune: {path: my/, plugin_version: v1.0.1}
  - crash: {mount: my/}
  - request: {path: my/version}
)");
  EXPECT_EQ(run.reply(), "200 by v1.0.0 a0");
}

TEST(Tune, AMountWithoutABackendCanBeTuned) {
  const Played run = played(mounted + R"(
  - uninstall: {file: toy-1.0.0}
  - restart: {node: node-0}
  - tune: {path: my/, plugin_version: v1.0.1}
  - request: {path: my/version}
  - reload: {mounts: [my/]}
  - request: {path: my/version}
)");
  EXPECT_EQ(
      run.last_replies(4),
      "204; 404 no handler for route \"my/version\". route entry found, but backend is nil.; 200; 200 by v1.0.1 a1");
}

TEST(Tune, TheTableIsWrittenWithWhatItsMountsRunNow) {
  // A reload that changes only the version, not the sha256, is not written down. The tune of another mount writes it.
  const std::string before = R"(
  - register: {type: secret, name: toy, version: v1.0.0, sha256: a0, command: toy-1.0.0}
  - register: {type: secret, name: toy, version: v1.0.1, sha256: a0, command: toy-1.0.0}
  - enable: {path: a/, plugin: toy, plugin_version: v1.0.0}
  - enable: {path: b/, plugin: toy, plugin_version: v1.0.0}
  - tune: {path: a/, plugin_version: v1.0.1}
  - reload: {mounts: [a/]}
)";
  const std::string broken = "  - uninstall: {file: toy-1.0.0}\n  - restart: {node: node-0}\n";
  EXPECT_EQ(played(before + broken).mount("a/"), "absent configured v1.0.1, reports v1.0.0 -, is ? ?");
  EXPECT_EQ(played(before + "  - tune: {path: b/, plugin_version: v1.0.1}\n" + broken).mount("a/"),
            "absent configured v1.0.1, reports v1.0.1 -, is ? ?");
  EXPECT_EQ(played(before + "  - tune: {path: b/, plugin_version: v1.0.1}\n" + broken, "openbao 2.6.2").mount("a/"),
            "absent configured v1.0.1, reports v1.0.0 -, is ? ?")
      << "where each mount is stored for itself, only the tuned one is written";
}

}  // namespace
}  // namespace replug::simulator::test
