// The cluster as a plan describes it: what it runs before the first step.

#include <string>

#include <gtest/gtest.h>

#include "tests/simulator/cluster_fixture.h"

namespace replug::simulator::test {
namespace {

const std::string catalog =
    "  catalog:\n"
    "    - {type: secret, name: toy, version: v1.0.0, sha256: a0, command: toy-1.0.0}\n"
    "    - {type: secret, name: toy, version: v1.0.1, sha256: a1, command: toy-1.0.1}\n";

Played described(const std::string& cluster, const std::string& steps = "", const std::string& server = "vault 1.16.3",
                 int nodes = 1) {
  return Played(plan_of({.server = server, .nodes = nodes, .cluster = cluster, .steps = steps}));
}

TEST(DescribedMount, RunsWhatItIsConfiguredToIfNothingElseIsSaid) {
  const Played played = described(catalog + "  secrets:\n    my/: {type: toy, plugin_version: v1.0.0}\n");
  EXPECT_EQ(played.mount("my/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
  EXPECT_EQ(played.processes(), "a0");
  EXPECT_FALSE(played.world()->assumed().empty());
}

TEST(DescribedMount, MayRunAnotherVersionThanItIsConfiguredTo) {
  const std::string cluster =
      catalog +
      "  secrets:\n    my/: {type: toy, plugin_version: v1.0.1, running_plugin_version: v1.0.0, running_sha256: a0}\n";
  EXPECT_EQ(described(cluster).mount("my/"), "running configured v1.0.1, reports v1.0.0 a0, is v1.0.0 a0");
  EXPECT_EQ(described(cluster, "  - crash: {mount: my/}\n  - request: {path: my/x}\n").reply(), "200 by v1.0.0 a0")
      << "it captured v1.0.0";
  EXPECT_EQ(described(cluster, "  - restart: {node: node-0}\n").mount("my/"),
            "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1");
}

TEST(DescribedMount, MayRunWhatWasOverwrittenSince) {
  const std::string cluster =
      "  catalog:\n    - {type: secret, name: toy, version: v1.0.0, sha256: a2, command: toy-1.0.2}\n"
      "  secrets:\n    my/: {type: toy, plugin_version: v1.0.0, running_plugin_version: v1.0.0, running_sha256: a0}\n";
  EXPECT_EQ(described(cluster).mount("my/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
  EXPECT_EQ(described(cluster, "  - crash: {mount: my/}\n  - request: {path: my/x}\n").mount("my/"),
            "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a2")
      << "a respawn takes the present entry, and nothing reports it";
}

TEST(DescribedMount, MayRunWhatWasDeregisteredSince) {
  const std::string cluster =
      "  secrets:\n    my/: {type: toy, plugin_version: v1.0.0, running_plugin_version: v1.0.0, running_sha256: a0}\n";
  EXPECT_EQ(described(cluster).mount("my/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
  EXPECT_EQ(described(cluster).catalog(), "");
  EXPECT_EQ(described(cluster, "  - crash: {mount: my/}\n  - request: {path: my/x}\n").reply(),
            "500 1 error occurred:\n\t* plugin not found in the catalog: toy, version=v1.0.0\n\n");
}

TEST(DescribedMount, WhoseNameIsNeitherBuiltinNorRegisteredRunsSomethingUnknown) {
  const Played played = described("  secrets:\n    my/: {type: other}\n", "  - restart: {node: node-0}\n");
  EXPECT_EQ(played.mount("my/"), "absent configured -, reports - -, is ? ?");
}

TEST(DescribedMount, OfABuiltinNeedsNoVersions) {
  const Played played =
      described("  secrets:\n    t/: {type: transit}\n    kv/: {type: kv, running_plugin_version: v0.16.1+builtin}\n");
  EXPECT_EQ(played.mount("t/"), "running configured -, reports v1.16.3+builtin.vault -, is v1.16.3+builtin.vault -");
  EXPECT_EQ(played.mount("kv/").substr(0, 48), "running configured -, reports v0.16.1+builtin -,");
  EXPECT_EQ(played.processes(), "");
}

TEST(DescribedMount, SharesItsProcessWithTheOthersOfItsEntry) {
  const std::string mounts =
      "  secrets:\n    a/: {type: toy, plugin_version: v1.0.0}\n    b/: {type: toy, plugin_version: v1.0.0}\n";
  EXPECT_EQ(described(catalog + mounts).processes(), "a0");
  const Played own(plan_of({.multiplexed = false, .cluster = catalog + mounts}));
  EXPECT_EQ(own.processes(), "a0×2");
}

TEST(DescribedMount, OfAnAuthMethodIsKeptInItsOwnTable) {
  const Played played = described(
      "  catalog:\n    - {type: auth, name: toyauth, version: v1.0.0, sha256: c0, command: toyauth-1.0.0}\n"
      "  auth:\n    my/: {type: toyauth, plugin_version: v1.0.0}\n",
      "  - request: {path: auth/my/x}\n");
  EXPECT_EQ(played.reply(), "200 by v1.0.0 c0");
}

TEST(DescribedMount, InANamespaceIsServedThere) {
  const Played played =
      described(catalog + "  secrets:\n    team-a/my/: {type: toy, plugin_version: v1.0.0, namespace: team-a/}\n",
                "  - request: {path: my/x}\n    namespace: team-a/\n", "openbao 2.6.2");
  EXPECT_EQ(played.reply(), "200 by v1.0.0 a0");
}

TEST(DescribedPin, IsWhatAMountRunsIfNothingElseIsSaid) {
  const Played played = described(catalog +
                                  "  pins:\n    - {type: secret, name: toy, version: v1.0.1}\n  secrets:\n    my/: "
                                  "{type: toy, plugin_version: v1.0.0}\n");
  EXPECT_EQ(played.mount("my/"), "running configured v1.0.0, reports v1.0.1 a1, is v1.0.1 a1");
}

TEST(DescribedPin, OfAnEntryThatIsNotDescribedIsInForceAllTheSame) {
  const Played played = described("  pins:\n    - {type: secret, name: toy, version: v1.0.2}\n",
                                  "  - enable: {path: my/, plugin: toy}\n");
  EXPECT_EQ(played.reply(), "400 plugin not found in the catalog: toy, version=v1.0.2");
}

TEST(DescribedDatabase, HasItsEngineAndItsPluginRunning) {
  const std::string cluster =
      "  catalog:\n    - {type: database, name: toydb, version: v1.0.0, sha256: d0, command: toydb-1.0.0}\n"
      "  databases:\n    database/:\n      db: {plugin_name: toydb, plugin_version: v1.0.0}\n";
  const Played played = described(cluster, "", "vault 1.14.9", 3);
  EXPECT_EQ(played.mounts(), "database/");
  EXPECT_EQ(played.database("database/db"), "running toydb v1.0.0, reports ?, is v1.0.0 d0");
  EXPECT_EQ(played.processes("node-1"), "");
  EXPECT_EQ(described(cluster, "  - request: {database: database/db}\n").reply(), "200 by v1.0.0 d0")
      << "a described connection has a role";
}

TEST(DescribedCatalog, AnEntryWithoutAVIsTheSameVersion) {
  const std::string cluster =
      "  catalog:\n    - {type: secret, name: toy, version: \"1.0.0\", sha256: a0, command: toy-1.0.0}\n"
      "  secrets:\n    my/: {type: toy, plugin_version: \"1.0.0\"}\n";
  EXPECT_EQ(described(cluster).mount("my/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(DescribedFiles, AreAssumedWhereNoneAreGiven) {
  const std::string steps =
      registered("toy", {0}) + "  - enable: {path: my/, plugin: toy}\n  - request: {path: my/x}\n";
  const Played played(
      "replug: 1\ncluster:\n  server: {product: vault, version: 1.14.9}\n  nodes: {node-0: {role: active}}\nsteps:\n" +
      steps);
  EXPECT_EQ(played.last_replies(3), "204; 204; 200 by v1.0.0 a0");
  ASSERT_FALSE(played.world()->assumed().empty());
  EXPECT_NE(played.world()->assumed().front().find("No plugin_directory is given"), std::string::npos);
}

TEST(DescribedFiles, OfANodeStandBeforeTheCommonOnes) {
  const std::string cluster =
      "  nodes:\n    node-0: {role: active}\n    node-1: {role: standby, plugin_directory: {toy-1.0.0: a2}}\n" +
      catalog + "  secrets:\n    my/: {type: toy, plugin_version: v1.0.0}\n";
  const Played played = described(cluster, "  - step_down: {}\n");
  EXPECT_EQ(played.mount("my/", "node-1").substr(0, 6), "absent") << "its file is not what the entry says";
}

TEST(DescribedStandby, OfOpenBao2_5RunsWhatTheLeaderRuns) {
  const Played played =
      described(catalog + "  secrets:\n    my/: {type: toy, plugin_version: v1.0.0}\n", "", "openbao 2.6.2", 3);
  EXPECT_EQ(played.processes("node-2"), "a0");
  EXPECT_EQ(described(catalog + "  secrets:\n    my/: {type: toy, plugin_version: v1.0.0}\n", "", "vault 1.16.3", 3)
                .processes("node-2"),
            "");
}

TEST(Address, SaysWhereRequestsArrive) {
  const std::string steps =
      registered("toy", {0, 1}) +
      "  - enable: {path: my/, plugin: toy, plugin_version: v1.0.0}\n  - tune: {path: my/, plugin_version: v1.0.1}\n"
      "  - reload: {plugin: toy}\n  - request: {path: my/x}\n";
  EXPECT_EQ(described("  address: node-1\n", steps, "openbao 2.6.2", 3).reply(), "200 by v1.0.0 a0");
  EXPECT_EQ(described("  address: load_balancer\n", steps, "openbao 2.6.2", 3).reply(), "200 by v1.0.1 a1");
}

TEST(DescribedServer, ThatIsNewerThanWhatIsKnownIsAssumedToBeTheNewestKnown) {
  const Played played = described("", "", "openbao 9.0.0");
  ASSERT_FALSE(played.world()->assumed().empty());
  EXPECT_NE(played.world()->assumed().front().find("newer than what is known"), std::string::npos);
}

}  // namespace
}  // namespace replug::simulator::test
