#include <string>

#include <gtest/gtest.h>

#include "tests/simulator/cluster_fixture.h"

/// Reloading plugins: reference, section 6.
namespace replug::simulator::test {
namespace {

Played played(const std::string& steps, const std::string& server = "vault 1.14.9", bool multiplexed = true) {
  return Played(plan_of({.server = server, .multiplexed = multiplexed, .steps = steps}));
}

std::string enabled(std::string_view path, std::string_view plugin = "toy") {
  return fmt::format("  - enable: {{path: {}, plugin: {}, plugin_version: v1.0.0}}\n", path, plugin);
}

const std::string mounted = registered("toy", {0, 1}) + enabled("my/");
const std::string gone = "error verifying checksum: open <plugin_directory>/toy-1.0.1: no such file or directory";
const std::string not_created = "invalid backend version: 2 errors occurred:\n\t* " + gone + "\n\t* " + gone + "\n\n";

TEST(Reload, ItTakesAPluginOrMounts) {
  EXPECT_EQ(played(mounted + "  - reload: {plugin: \"\"}\n").reply(), "400 plugin or mounts must be provided");
}

TEST(Reload, AnotherScopeThanGlobalIsRefusedByVaultAndIgnoredByOpenBao) {
  const std::string steps = mounted + "  - reload: {plugin: toy, scope: local}\n";
  EXPECT_EQ(played(steps).reply(), "400 reload scope must be omitted or 'global'");
  EXPECT_EQ(played(steps, "openbao 2.6.2").reply(), "200");
}

TEST(Reload, ScopeGlobalIsAcceptedByVaultAndIgnoredByOpenBao) {
  const std::string steps = mounted + "  - reload: {plugin: toy, scope: global}\n";
  EXPECT_EQ(played(steps).reply(), "202");
  EXPECT_EQ(played(steps, "openbao 2.6.2").reply(), "200");
}

TEST(Reload, TheEndpointByTypeIsThereFromOneSixteenOn) {
  const std::string steps = mounted + "  - reload: {plugin: toy, type: secret}\n";
  EXPECT_EQ(played(steps, "vault 1.15.6").reply(), "404 1 error occurred:\n\t* unsupported path\n\n");
  EXPECT_EQ(played(steps, "vault 1.16.0").reply(), "200");
  EXPECT_EQ(played(steps, "openbao 2.6.2").reply(), "404 1 error occurred:\n\t* unsupported path\n\n");
}

TEST(Reload, TheEndpointByTypeReachesOnlyThatType) {
  const std::string steps = R"(
  - register: {type: secret, name: both, version: v1.0.0, sha256: a0, command: toy-1.0.0}
  - register: {type: auth, name: both, version: v1.0.0, sha256: c0, command: toyauth-1.0.0}
  - enable: {path: my/, plugin: both}
  - enable: {path: auth/my/, plugin: both}
  - crash: {mount: my/}
  - crash: {mount: auth/my/}
  - reload: {plugin: both, type: auth}
)";
  EXPECT_EQ(played(steps, "vault 1.16.0").processes(), "c0");
}

TEST(Reload, ByNameItReachesSecretsAndAuthAlike) {
  const std::string steps = R"(
  - register: {type: secret, name: both, version: v1.0.0, sha256: a0, command: toy-1.0.0}
  - register: {type: auth, name: both, version: v1.0.0, sha256: c0, command: toyauth-1.0.0}
  - enable: {path: my/, plugin: both}
  - enable: {path: auth/my/, plugin: both}
  - crash: {mount: my/}
  - crash: {mount: auth/my/}
  - reload: {plugin: both}
)";
  EXPECT_EQ(played(steps).processes(), "a0 c0");
}

TEST(Reload, ByNameBuiltinsMatch) {
  const std::string steps = R"(
  - enable: {path: t/, plugin: transit}
  - register: {type: secret, name: transit, sha256: a0, command: toy-1.0.0}
  - reload: {plugin: transit}
)";
  EXPECT_EQ(played(steps).mount("t/"), "running configured -, reports - a0, is - a0");
}

TEST(Reload, WithoutAMatchItSaysSoOrNot) {
  const std::string steps = registered("toy", {0}) + "  - reload: {plugin: toy}\n";
  EXPECT_EQ(played(steps, "vault 1.15.1").reply(), "200");
  EXPECT_EQ(played(steps, "vault 1.16.0").reply(), "200 (no plugins were reloaded)");
  EXPECT_EQ(played(steps, "openbao 2.5.5").reply(), "200");
  EXPECT_EQ(played(steps, "openbao 2.6.2").reply(), "200") << "it is in the catalog";
  EXPECT_EQ(played(registered("toy", {0}) + "  - reload: {plugin: toy, scope: global}\n", "vault 1.16.0").reply(),
            "202 (no plugins were reloaded locally (but they may be reloaded on other nodes))");
}

TEST(Reload, OpenBaoRefusesNamesThatItCannotReloadFromTwoSixOn) {
  const auto reply = [](const std::string& name, const std::string& server) {
    return played(registered("toydb", {0}) + "  - reload: {plugin: " + name + "}\n", server).reply();
  };
  EXPECT_EQ(reply("nobody", "openbao 2.5.5"), "200");
  EXPECT_EQ(reply("nobody", "openbao 2.6.2"), "400 plugin not found in the catalog: \"nobody\"");
  EXPECT_EQ(reply("toydb", "openbao 2.6.2"),
            "400 plugin \"toydb\" cannot be reloaded, only plugins of type auth and secret can be reloaded");
  EXPECT_EQ(reply("database", "openbao 2.6.2"), "400 plugin not found in the catalog: \"database\"");
  EXPECT_EQ(reply("system", "openbao 2.6.2"), "400 singleton plugin cannot be reloaded: \"system\"");
  EXPECT_EQ(reply("ns_token", "openbao 2.6.2"), "400 singleton plugin cannot be reloaded: \"ns_token\"");
  EXPECT_EQ(reply("kv", "openbao 2.6.2"), "200");
}

TEST(Reload, WhatIsMountedButDeregisteredOpenBaoReloadsOnlyByMount) {
  const std::string before =
      registered("toy", {0}) + enabled("my/") + "  - deregister: {type: secret, name: toy, version: v1.0.0}\n";
  EXPECT_EQ(played(before + "  - reload: {plugin: toy}\n", "openbao 2.6.2").reply(),
            "400 plugin not found in the catalog: \"toy\"");
  EXPECT_EQ(played(before + "  - reload: {mounts: [my/]}\n", "openbao 2.6.2").reply(),
            "400 1 error occurred:\n\t* cannot reload plugin on \"my/\": plugin not found in the catalog: toy, "
            "version=v1.0.0\n\n");
}

TEST(Reload, SingletonsArePassedOverByNameAndByPath) {
  for (const char* server : {"vault 1.14.9", "vault 1.17.0", "openbao 2.5.5"}) {
    EXPECT_EQ(played("  - reload: {plugin: system}\n", server).reply(), "200") << server;
    EXPECT_EQ(played("  - reload: {mounts: [sys/, identity/, cubbyhole/, auth/token/]}\n", server).reply(), "200")
        << server;
  }
}

TEST(Reload, SingletonsAreRefusedByPathFromOpenBaoTwoSixOn) {
  EXPECT_EQ(
      played("  - reload: {mounts: [sys/, sys/auth/token]}\n", "openbao 2.6.2").reply(),
      "400 2 errors occurred:\n\t* cannot reload plugin on \"sys/\": singleton plugin cannot be reloaded: \"system\"\n"
      "\t* cannot reload plugin on \"auth/token/\": singleton plugin cannot be reloaded: \"token\"\n\n");
}

TEST(Reload, APathIsWrittenInAnyOfFourWays) {
  for (const char* path : {"auth/my", "auth/my/", "sys/auth/my", "sys/auth/my/"}) {
    const Played run = played(
        registered("toyauth", {0, 1}) + enabled("auth/my/", "toyauth") +
        fmt::format("  - tune: {{path: auth/my/, plugin_version: v1.0.1}}\n  - reload: {{mounts: [{}]}}\n", path));
    EXPECT_EQ(run.reply(), "200") << path;
    EXPECT_EQ(run.processes(), "c1") << path;
  }
}

TEST(Reload, AnUnknownPathIsToldAsItWasMeant) {
  EXPECT_EQ(played("  - reload: {mounts: [sys/auth/nowhere, nothing]}\n").reply(),
            "500 2 errors occurred:\n\t* cannot fetch mount entry on \"auth/nowhere/\"\n\t* cannot fetch mount entry "
            "on \"nothing/\"\n\n");
  EXPECT_EQ(played("  - reload: {mounts: [nothing]}\n", "openbao 2.6.2").reply(),
            "400 1 error occurred:\n\t* cannot fetch mount entry on \"nothing/\"\n\n");
}

TEST(Reload, APathBelowAMountMeansThatMount) {
  EXPECT_EQ(played(mounted + "  - tune: {path: my/, plugin_version: v1.0.1}\n  - reload: {mounts: [my/below/]}\n")
                .processes(),
            "a1");
}

TEST(Reload, AMountThatIsNamedTwiceIsTriedTwice) {
  const std::string before = mounted + "  - tune: {path: my/, plugin_version: v1.0.1}\n";
  EXPECT_EQ(played(before + "  - reload: {mounts: [my/, my/]}\n").processes(), "a1");
  const std::string line = "\t* cannot reload plugin on \"my/\": " + not_created + "\n";
  EXPECT_EQ(played(before + "  - uninstall: {file: toy-1.0.1}\n  - reload: {mounts: [my/, my/]}\n").reply(),
            "500 2 errors occurred:\n" + line + line + "\n");
}

TEST(Reload, AFailureLeavesTheOldBackendWithoutAProcessAndTheNextRequestStartsTheOldVersion) {
  const Played run = played(mounted + R"(
  - tune: {path: my/, plugin_version: v1.0.1}
  - uninstall: {file: toy-1.0.1}
  - reload: {plugin: toy}
  - check: []
  - request: {path: my/version}
)");
  EXPECT_EQ(run.reply(6), "500 1 error occurred:\n\t* " + not_created + "\n\n");
  EXPECT_EQ(run.reply(), "200 by v1.0.0 a0");
}

TEST(Reload, AfterAFailureOlderServersForgetTheSha256) {
  const std::string steps = mounted + R"(
  - tune: {path: my/, plugin_version: v1.0.1}
  - uninstall: {file: toy-1.0.1}
  - reload: {mounts: [my/]}
)";
  EXPECT_EQ(played(steps, "vault 1.15.1").mount("my/"), "respawns configured v1.0.1, reports v1.0.0 -, is ? ?");
  EXPECT_EQ(played(steps, "openbao 2.6.2").mount("my/"), "respawns configured v1.0.1, reports v1.0.0 -, is ? ?");
  EXPECT_EQ(played(steps, "vault 1.16.0").mount("my/"), "respawns configured v1.0.1, reports v1.0.0 a0, is ? ?");
}

TEST(Reload, AFailureIsAnOutageIfTheOldVersionIsGoneToo) {
  const Played run = played(mounted + R"(
  - tune: {path: my/, plugin_version: v1.0.1}
  - uninstall: {file: toy-1.0.1}
  - deregister: {type: secret, name: toy, version: v1.0.0}
  - reload: {mounts: [my/]}
  - request: {path: my/version}
)");
  EXPECT_EQ(run.reply(), "500 1 error occurred:\n\t* plugin not found in the catalog: toy, version=v1.0.0\n\n");
  EXPECT_EQ(run.mount("my/"), "broken configured v1.0.1, reports v1.0.0 -, is ? ?");
}

TEST(Reload, AMountWithoutABackendIsRevivedOrStaysWithout) {
  const std::string broken = mounted + "  - uninstall: {file: toy-1.0.0}\n  - restart: {node: node-0}\n";
  EXPECT_EQ(played(broken + "  - reload: {mounts: [my/]}\n").mount("my/"),
            "absent configured v1.0.0, reports v1.0.0 -, is ? ?");
  EXPECT_EQ(played(broken + "  - install: {file: toy-1.0.0, sha256: a0, type: secret}\n  - reload: {mounts: [my/]}\n")
                .mount("my/"),
            "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(Reload, TheConfiguredVersionIsLookedUpAgain) {
  const Played run = played(mounted + R"(
  - register: {type: secret, name: toy, version: v1.0.0, sha256: a2, command: toy-1.0.2}
  - reload: {plugin: toy}
)");
  EXPECT_EQ(run.mount("my/"), "running configured v1.0.0, reports v1.0.0 a2, is v1.0.0 a2");
}

/// Three mounts by name; the second in the table cannot be loaded.
std::string second_fails(const std::string& between = {}) {
  return registered("toy", {0, 1}) +
         "  - register: {type: secret, name: toy, version: v1.0.2, sha256: a2, command: toy-1.0.2}\n" + enabled("a/") +
         enabled("b/") + enabled("c/") + between + R"(
  - tune: {path: [a/, c/], plugin_version: v1.0.1}
  - tune: {path: b/, plugin_version: v1.0.2}
  - uninstall: {file: toy-1.0.2}
  - reload: {plugin: toy}
)";
}

TEST(Reload, ByNameTheFirstFailureEndsIt) {
  for (const char* server : {"vault 1.14.9", "vault 1.17.0", "openbao 2.0.0", "openbao 2.6.2"}) {
    const Played run = played(second_fails(), server, false);
    EXPECT_EQ(run.reply().substr(0, 3), std::string_view(server) == "openbao 2.6.2" ? "400" : "500") << server;
    EXPECT_EQ(run.processes(), "a0 a1") << server;
  }
}

TEST(Reload, ByNameEveryMountIsTriedFromVaultTwoOn) {
  const Played run = played(second_fails(), "vault 2.0.0", false);
  EXPECT_EQ(run.processes(), "a1×2");
  EXPECT_NE(run.reply().find("cannot reload plugin on \"b/\": "), std::string::npos);
}

TEST(Reload, TheOrderIsThatOfTheTableInWhichADisableMovesTheLastEntryIntoTheGap) {
  // Of a/, b/, c/ the first is disabled: the order is c/, b/.
  const std::string steps =
      registered("toy", {0, 1}) + registered("toy", {2}) + enabled("a/") + enabled("b/") + enabled("c/") + R"(
  - disable: {path: a/}
  - tune: {path: c/, plugin_version: v1.0.1}
  - tune: {path: b/, plugin_version: v1.0.2}
  - uninstall: {file: toy-1.0.2}
  - reload: {plugin: toy}
)";
  const Played run = played(steps, "vault 1.14.9", false);
  EXPECT_EQ(run.mount("c/"), "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1") << "it comes before b/ now";
  EXPECT_EQ(run.processes(), "a1");
}

TEST(Reload, AnUnsealSortsTheTableByTheDepthOfItsPaths) {
  const std::string steps = registered("toy", {0, 1}) + registered("toy", {2}) + enabled("x/y/") + enabled("z/") + R"(
  - seal: {node: node-0}
  - unseal: {node: node-0}
  - tune: {path: z/, plugin_version: v1.0.1}
  - tune: {path: x/y/, plugin_version: v1.0.2}
  - uninstall: {file: toy-1.0.2}
  - reload: {plugin: toy}
)";
  EXPECT_EQ(played(steps, "vault 1.14.9", false).processes(), "a1") << "z/ comes before x/y/ now";
}

TEST(Reload, SecretsComeBeforeAuth) {
  const std::string steps = R"(
  - register: {type: secret, name: both, version: v1.0.0, sha256: a0, command: toy-1.0.0}
  - register: {type: auth, name: both, version: v1.0.0, sha256: c0, command: toyauth-1.0.0}
  - enable: {path: auth/my/, plugin: both}
  - enable: {path: my/, plugin: both}
  - crash: {mount: auth/my/}
  - uninstall: {file: toy-1.0.0}
  - reload: {plugin: both}
)";
  EXPECT_EQ(played(steps).processes(), "") << "the secrets engine fails first, and the auth method is not reached";
}

TEST(Reload, ItReachesDatabaseConnectionsByNameFromOneSixteenOn) {
  const std::string steps = registered("toydb", {0}) + R"(
  - enable: {path: d/, plugin: database}
  - configure_database: {mount: d/, connection: db, plugin_name: toydb}
  - register: {type: database, name: toydb, version: v1.0.0, sha256: d1, command: toydb-1.0.1}
  - reload: {plugin: toydb}
)";
  EXPECT_EQ(played(steps, "vault 1.15.1").processes(), "d0");
  EXPECT_EQ(played(steps, "vault 1.16.0").processes(), "d1");
}

/// An engine is of that name itself, and is asked for its connections: it is among the mounts of that name and among
/// the database engines.
TEST(Reload, ByTheEnginesNameReachesEachEngineOnce) {
  const std::string steps = registered("toydb", {0}) + R"(
  - enable: {path: d/, plugin: database}
  - enable: {path: e/, plugin: database}
  - configure_database: {mount: d/, connection: db, plugin_name: toydb}
  - configure_database: {mount: e/, connection: db, plugin_name: toydb}
  - reload: {plugin: database}
)";
  for (const char* server : {"vault 1.15.1", "vault 1.16.0", "vault 2.0.0"}) {
    const Played run = played(steps, server);
    EXPECT_EQ(run.reply(), "200") << server;
    EXPECT_EQ(run.mount("d/").substr(0, 7), "running") << server;
    EXPECT_EQ(run.processes(), "") << server;
  }
}

TEST(Reload, OfTheEngineItClosesTheConnections) {
  const std::string steps = registered("toydb", {0}) + R"(
  - enable: {path: d/, plugin: database}
  - configure_database: {mount: d/, connection: db, plugin_name: toydb}
  - reload: {plugin: database}
)";
  EXPECT_EQ(played(steps).processes(), "");
  EXPECT_EQ(played(steps + "  - request: {database: d/db}\n").reply(), "200 by v1.0.0 d0");
}

TEST(Reload, TheKindOfThePluginIsNotLookedAtButTheNextUnsealStopsAtIt) {
  for (const bool multiplexed : {false, true}) {
    const std::string steps = registered("toy", {0}) + enabled("my/") + R"(
  - register: {type: secret, name: toy, version: v1.0.0, sha256: c0, command: toyauth-1.0.0}
  - reload: {plugin: toy}
  - request: {path: my/version}
)";
    EXPECT_EQ(played(steps, "vault 1.14.9", multiplexed).reply(), "200 by v1.0.0 c0");
    const Played sealed =
        played(steps + "  - restart: {node: node-0}\n  - request: {path: my/version}\n", "vault 1.14.9", multiplexed);
    EXPECT_EQ(sealed.node("node-0"), "sealed");
    EXPECT_EQ(sealed.reply(), "503 Vault is sealed");
    EXPECT_EQ(sealed.processes(), "c0");
  }
}

}  // namespace
}  // namespace replug::simulator::test
