#include <string>

#include <gtest/gtest.h>

#include "tests/simulator/cluster_fixture.h"

/// Namespaces, as OpenBao has them from 2.3 on: reference, section 12.1.
namespace replug::simulator::test {
namespace {

Played played(const std::string& steps, const std::string& server = "openbao 2.6.2", const std::string& cluster = {}) {
  return Played(plan_of({.server = server, .cluster = "  namespaces: [team-a/, team-b/]\n" + cluster, .steps = steps}));
}

const std::string inside = "  - {namespace: team-a/, enable: {path: my/, plugin: toy, plugin_version: v1.0.0}}\n";
const std::string outside = "  - enable: {path: my/, plugin: toy, plugin_version: v1.0.0}\n";
const std::string mounted = registered("toy", {0, 1}) + inside;

TEST(Namespace, OneThatDoesNotExistIsNotFound) {
  EXPECT_EQ(played("  - {namespace: nobody/, request: {path: my/version}}\n").reply(), "404 namespace not found");
}

TEST(Namespace, TheCatalogIsTheClusters) {
  const Played run = played(R"(
  - {namespace: team-a/, register: {type: secret, name: toy, version: v1.0.0, sha256: a0, command: toy-1.0.0}}
  - {namespace: team-b/, enable: {path: my/, plugin: toy}}
)");
  EXPECT_EQ(run.last_replies(2), "204; 204");
  EXPECT_EQ(run.catalog(), "secret toy v1.0.0 a0");
}

TEST(Namespace, APathIsToldAsSeenFromInside) {
  EXPECT_EQ(played(mounted + inside).reply(), "400 path is already in use at my/");
  EXPECT_EQ(played(mounted + "  - {namespace: team-a/, request: {path: nowhere/version}}\n").reply(),
            "404 no handler for route \"nowhere/version\". route entry not found.");
  EXPECT_EQ(played(mounted + "  - request: {path: team-a/nowhere/version}\n").reply(),
            "404 no handler for route \"nowhere/version\". route entry not found.");
}

TEST(Namespace, ARequestFromRootLeadsInto) {
  EXPECT_EQ(played(mounted + "  - request: {path: team-a/my/version}\n").reply(), "200 by v1.0.0 a0");
}

TEST(Namespace, FromRootNothingIsEnabledInOne) {
  const auto reply = [](const std::string& path) {
    return played(mounted + fmt::format("  - enable: {{path: {}, plugin: kv}}\n", path)).reply();
  };
  EXPECT_EQ(reply("team-a/my/"), "400 existing mount at team-a/my/");
  EXPECT_EQ(reply("team-a/my/below/"), "400 existing mount at team-a/my/");
  EXPECT_EQ(reply("team-a/x/"), "400 existing mount at team-a/");
  EXPECT_EQ(reply("team-a/"), "400 existing mount at team-a/auth/token/");
  const std::string first = "  - {namespace: team-a/, enable: {path: a/, plugin: kv}}\n";
  EXPECT_EQ(played(mounted + first + "  - enable: {path: team-a/, plugin: kv}\n").reply(),
            "400 existing mount at team-a/a/");
  EXPECT_EQ(reply("team-a/sys/"), "400 existing mount at team-a/sys/");
}

TEST(Namespace, AMountIsTunedFromInsideAndFromRoot) {
  const std::string server = "openbao 2.5.5";
  EXPECT_EQ(played(mounted + "  - {namespace: team-a/, tune: {path: my/, plugin_version: v1.0.1}}\n", server)
                .mount("team-a/my/"),
            "running configured v1.0.1, reports v1.0.0 a0, is v1.0.0 a0");
  EXPECT_EQ(played(mounted + "  - tune: {path: team-a/my/, plugin_version: v1.0.1}\n", server).mount("team-a/my/"),
            "running configured v1.0.1, reports v1.0.0 a0, is v1.0.0 a0");
  EXPECT_EQ(played(mounted + "  - tune: {path: team-a/nowhere/, plugin_version: v1.0.1}\n", server).reply(),
            "400 tune of path \"team-a/nowhere/\" failed: no mount entry found");
}

TEST(Namespace, AnAuthMethodIsLookedUpAsASecretsEngineWhenItIsTunedFromRoot) {
  const std::string before =
      registered("toyauth", {0, 1}) +
      "  - {namespace: team-a/, enable: {path: auth/my/, plugin: toyauth, plugin_version: v1.0.0}}\n";
  const std::string tune = "  - tune: {path: team-a/auth/my/, plugin_version: v1.0.1}\n";
  EXPECT_EQ(played(before + tune, "openbao 2.5.5").reply(),
            "400 plugin not found in the catalog: toyauth, version=v1.0.1");
  const Played run =
      played(before + "  - register: {type: secret, name: toyauth, version: v1.0.1, sha256: a1, command: toy-1.0.1}\n" +
                 tune + "  - restart: {node: node-0}\n",
             "openbao 2.5.5");
  EXPECT_EQ(run.last_replies(2), "204; 0");
  EXPECT_EQ(run.mount("team-a/auth/my/"), "running configured v1.0.0, reports v1.0.0 c0, is v1.0.0 c0")
      << "the version was not stored";
}

TEST(Namespace, TheTuneOfAnAuthMethodFromRootIsShownUntilTheNextUnsealWhichGoesWell) {
  const std::string steps =
      registered("toyauth", {0, 1}) +
      "  - register: {type: secret, name: toyauth, version: v1.0.1, sha256: a1, command: toy-1.0.1}\n"
      "  - {namespace: team-a/, enable: {path: auth/my/, plugin: toyauth, plugin_version: v1.0.0}}\n"
      "  - tune: {path: team-a/auth/my/, plugin_version: v1.0.1}\n";
  const auto listed = [](const Played& run) {
    return listed_version(run.cluster(), run.world()->mount(run.world()->texts().find("team-a/auth/my/"))).str();
  };
  const std::string raft = "  storage: raft\n";
  EXPECT_EQ(listed(played(steps, "openbao 2.6.2", raft)), "v1.0.1");
  const Played restarted = played(steps + "  - restart: {node: node-0}\n", "openbao 2.6.2", raft);
  EXPECT_EQ(listed(restarted), "v1.0.0");
  EXPECT_EQ(restarted.node("node-0"), "active");
}

TEST(Namespace, ATuneFromRootKeepsOpenBaoTwoSixFromBecomingActiveAgain) {
  const std::string steps =
      mounted + "  - tune: {path: team-a/my/, plugin_version: v1.0.1}\n  - restart: {node: node-0}\n";
  EXPECT_EQ(played(steps, "openbao 2.6.2", "  storage: raft\n").node("node-0"), "standby");
  EXPECT_EQ(played(steps, "openbao 2.6.2", "  storage: file\n").node("node-0"), "active");
  EXPECT_EQ(played(steps, "openbao 2.5.5", "  storage: raft\n").node("node-0"), "active");
}

TEST(Namespace, AReloadByNameReachesOnlyTheMountsOfTheRequestsOwn) {
  const std::string before = mounted + outside + R"(
  - {namespace: team-a/, tune: {path: my/, plugin_version: v1.0.1}}
  - tune: {path: my/, plugin_version: v1.0.1}
)";
  const Played root = played(before + "  - reload: {plugin: toy}\n");
  EXPECT_EQ(root.reply(), "200");
  EXPECT_EQ(root.mount("my/"), "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1");
  EXPECT_EQ(root.mount("team-a/my/"), "respawns configured v1.0.1, reports v1.0.0 a0, is ? ?")
      << "its process was shared";
  const Played team = played(before + "  - {namespace: team-a/, reload: {plugin: toy}}\n");
  EXPECT_EQ(team.mount("team-a/my/"), "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1");
  EXPECT_EQ(team.mount("my/"), "respawns configured v1.0.1, reports v1.0.0 a0, is ? ?");
}

TEST(Namespace, AReloadByMountsPassesOverThoseOfAnother) {
  const std::string before = mounted + outside + "  - crash: {mount: my/}\n";
  EXPECT_EQ(played(before + "  - reload: {mounts: [team-a/my/]}\n").processes(), "");
  const Played both = played(before + "  - reload: {mounts: [team-a/my/, my/, team-a/sys/]}\n");
  EXPECT_EQ(both.reply(), "200");
  EXPECT_EQ(both.mount("my/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
  EXPECT_EQ(both.mount("team-a/my/"), "respawns configured v1.0.0, reports v1.0.0 a0, is ? ?");
}

TEST(Namespace, AReloadByMountsTellsAPathThatIsNowhere) {
  const std::string text = "1 error occurred:\n\t* cannot fetch mount entry on ";
  EXPECT_EQ(played(mounted + "  - reload: {mounts: [team-a/nowhere/]}\n").reply(),
            "400 " + text + "\"team-a/nowhere/\"\n\n");
  EXPECT_EQ(played(mounted + "  - reload: {mounts: [team-a/nowhere/]}\n", "openbao 2.5.5").reply(),
            "500 " + text + "\"team-a/nowhere/\"\n\n");
  EXPECT_EQ(played(mounted + "  - {namespace: team-a/, reload: {mounts: [team-a/my/]}}\n").reply(),
            "400 " + text + "\"team-a/my/\"\n\n");
}

TEST(Namespace, SingletonsHaveNamesOfTheirOwn) {
  const std::string by_path = "  - {namespace: team-a/, reload: {mounts: [sys/]}}\n";
  EXPECT_EQ(played(by_path).reply(),
            "400 1 error occurred:\n\t* cannot reload plugin on \"sys/\": singleton plugin cannot be reloaded: "
            "\"ns_system\"\n\n");
  EXPECT_EQ(played(by_path, "openbao 2.5.5").reply(), "200");
  for (const char* name : {"system", "ns_system"}) {
    EXPECT_EQ(played(fmt::format("  - {{namespace: team-a/, reload: {{plugin: {}}}}}\n", name)).reply(),
              fmt::format("400 singleton plugin cannot be reloaded: \"{}\"", name));
  }
}

TEST(Namespace, FromRootNothingIsDisabledInOne) {
  const Played run = played(mounted + "  - disable: {path: team-a/my/}\n  - disable: {path: team-a/nowhere/}\n");
  EXPECT_EQ(run.last_replies(2), "400 failed to taint entry in mounts table; 204");
  EXPECT_EQ(run.mounts(), "team-a/my/");
  EXPECT_EQ(played(mounted + "  - {namespace: team-a/, disable: {path: my/}}\n").mounts(), "");
}

TEST(Namespace, AMountMovesIntoOneAndIsTunedAndReloadedThere) {
  const Played run = played(registered("toy", {0, 1}) + outside + R"(
  - move: {from: my/, to: team-a/moved/}
  - {namespace: team-a/, tune: {path: moved/, plugin_version: v1.0.1}}
  - check: [{mount: team-a/moved/, plugin_version: v1.0.1}]
  - {namespace: team-a/, reload: {plugin: toy}}
)");
  EXPECT_EQ(run.mount("team-a/moved/"), "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1");
  EXPECT_EQ(played(mounted + outside + "  - move: {from: my/, to: team-a/my/}\n").reply(),
            "400 path already in use at \"team-a/my/\"");
  EXPECT_EQ(played(mounted + "  - move: {from: my/, to: team-a/x/}\n").reply(), "400 no matching mount at \"my/\"");
}

TEST(Namespace, ProcessesKnowNone) {
  const std::string both = mounted + outside;
  EXPECT_EQ(played(both).processes(), "a0");
  EXPECT_EQ(played(both + "  - crash: {mount: team-a/my/}\n").mount("my/"),
            "respawns configured v1.0.0, reports v1.0.0 a0, is ? ?");
}

TEST(Namespace, AfterARestartEachVersionHasItsProcess) {
  const Played run = played(mounted + outside + R"(
  - {namespace: team-a/, tune: {path: my/, plugin_version: v1.0.1}}
  - restart: {node: node-0}
)");
  EXPECT_EQ(run.processes(), "a0 a1");
}

TEST(Namespace, OneMountThatCannotBeLoadedLeavesTheOthers) {
  const Played run = played(mounted + outside + R"(
  - {namespace: team-a/, tune: {path: my/, plugin_version: v1.0.1}}
  - uninstall: {file: toy-1.0.1}
  - restart: {node: node-0}
  - {namespace: team-a/, request: {path: my/version}}
  - request: {path: my/version}
)");
  EXPECT_EQ(run.last_replies(2),
            "404 no handler for route \"my/version\". route entry found, but backend is nil.; 200 by v1.0.0 a0");
}

}  // namespace
}  // namespace replug::simulator::test
