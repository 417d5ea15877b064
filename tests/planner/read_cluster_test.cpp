#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "planner/reading/read.h"
#include "simulator/medium/description.h"
#include "tests/planner/reading.h"

namespace replug::planner {
namespace {

using simulator::Address;
using simulator::ClusterDescription;
using simulator::Replica;
using simulator::Role;

Plan plan_with_cluster(std::string_view cluster) {
  Reading reading = read_text(with_cluster(cluster));
  EXPECT_EQ(told(reading.problems), "");
  return reading.plan ? std::move(*reading.plan) : Plan{};
}

/// A plan whose cluster has one node of Vault Enterprise; more keys begin at line 6.
std::string with_enterprise(std::string_view more) {
  return with_cluster(std::string("  server: {product: vault, version: 1.16.3+ent}\n  nodes: {a: {role: active}}\n") +
                      std::string(more));
}

Plan enterprise_plan(std::string_view more) {
  Reading reading = read_text(with_enterprise(more));
  EXPECT_EQ(told(reading.problems), "");
  return reading.plan ? std::move(*reading.plan) : Plan{};
}

// --- What an operator writes ---

TEST(ReadCluster, ReadsServerNodesAndReplicas) {
  const Plan plan = plan_with_cluster(
      "  server: {product: vault, version: 1.16.3+ent}\n"
      "  nodes:\n"
      "    vault-0: {role: active}\n"
      "    vault-1: {role: standby, plugin_directory: {toy: 5b6d}}\n"
      "    vault-2: {role: performance_standby}\n"
      "    eu-0: {role: active, replica: eu}\n"
      "  replicas: {eu: performance_secondary}\n"
      "  storage: raft\n"
      "  namespaces: [team-a, /team-b/, root]\n"
      "  address: vault-1\n");
  const ClusterDescription& cluster = plan.cluster;
  EXPECT_TRUE(cluster.server.enterprise);
  EXPECT_EQ(cluster.server.text, "1.16.3+ent");
  ASSERT_EQ(cluster.nodes.size(), 4U);
  EXPECT_EQ(cluster.nodes[1].role, Role::standby);
  EXPECT_TRUE(cluster.nodes[1].own_plugin_directory);
  EXPECT_EQ(cluster.nodes[1].plugin_directory.at(0).sha256.view(), "5b6d");
  EXPECT_EQ(cluster.nodes[2].role, Role::performance_standby);
  EXPECT_EQ(cluster.nodes[3].replica.view(), "eu");
  EXPECT_EQ(cluster.replicas.at(0).kind, Replica::performance_secondary);
  EXPECT_EQ(cluster.storage.view(), "raft");
  ASSERT_EQ(cluster.namespaces.size(), 2U);
  EXPECT_EQ(cluster.namespaces[0].view(), "team-a/");
  EXPECT_EQ(cluster.namespaces[1].view(), "team-b/");
  EXPECT_EQ(cluster.address.who, Address::Who::node);
  EXPECT_EQ(cluster.address.node.view(), "vault-1");
  EXPECT_TRUE(cluster.plugin_directory_known);
}

TEST(ReadCluster, ReadsFilesInTheirShortAndLongForm) {
  const Plan plan = enterprise_plan(
      "  plugin_directory:\n"
      "    short: 5b6d\n"
      "    long: {sha256: 1c02, type: secret, reports_version: v1.0.1, multiplexed: true, starts: false}\n"
      "    12: 34\n");
  const auto& files = plan.cluster.plugin_directory;
  ASSERT_EQ(files.size(), 3U);
  EXPECT_EQ(files[0].sha256.view(), "5b6d");
  EXPECT_TRUE(files[0].starts);
  EXPECT_FALSE(files[0].multiplexed);
  EXPECT_EQ(files[1].reports_version.view(), "v1.0.1");
  EXPECT_FALSE(files[1].starts);
  EXPECT_TRUE(files[1].multiplexed);
  EXPECT_EQ(files[2].name.view(), "12");
}

TEST(ReadCluster, TellsAnEmptyPluginDirectoryFromAnUnknownOne) {
  EXPECT_FALSE(enterprise_plan("").cluster.plugin_directory_known);
  EXPECT_TRUE(enterprise_plan("  plugin_directory: {}\n").cluster.plugin_directory_known);
  EXPECT_TRUE(enterprise_plan("  plugin_directory:\n").cluster.plugin_directory_known);
}

TEST(ReadClusterProblems, OfTheServer) {
  EXPECT_EQ(problems_of(with_cluster("  server: {product: vualt, version: 1.16.3}\n  nodes: {a: {role: active}}\n")),
            "4:21 `product` must be `vault` or `openbao`, not `vualt`. Did you mean `vault`?\n");
  EXPECT_EQ(problems_of(with_cluster("  server: {product: vault, version: 1.16}\n  nodes: {a: {role: active}}\n")),
            "4:37 YAML reads the `version` 1.16 as a number. Write \"1.16\" in quotes.\n");
  EXPECT_EQ(problems_of(with_cluster("  server: {product: vault, version: new}\n  nodes: {a: {role: active}}\n")),
            "4:37 `new` is no version of a server. Write it as the server prints it, for example `1.16.3`, "
            "`1.16.3+ent` or `2.6.2`.\n");
  EXPECT_EQ(problems_of(with_cluster("  server: {product: openbao, version: 1.9.0}\n  nodes: {a: {role: active}}\n")),
            "4:39 OpenBao 1.9.0 is too old to be simulated. Vault from 1.11 and OpenBao from 2.0 are known.\n");
  EXPECT_EQ(problems_of(with_cluster("  {}\n")),
            "4:3 `cluster` has no `server`. Write `server: {product: vault, version: 1.16.3}`.\n"
            "4:3 `cluster` has no `nodes`. Write `nodes: {vault-0: {role: active}, vault-1: {role: standby}}`.\n");
}

TEST(ReadClusterProblems, OfNodes) {
  EXPECT_EQ(
      problems_of(with_cluster("  server: {product: vault, version: 1.16.3}\n"
                               "  nodes:\n"
                               "    a: {role: sandby}\n"
                               "    b: {rol: active}\n"
                               "    c: active\n"
                               "    each: {role: performance_standby, replica: eu}\n")),
      "6:15 `role` must be `active`, `standby` or `performance_standby`, not `sandby`. Did you mean `standby`?\n"
      "7:5 The node `b` has no `role`. Add `role: active` or `role: standby`.\n"
      "7:9 The node `b` has no key `rol`. Did you mean `role`?\n"
      "8:8 The node `c` must be a mapping, not a text. Write `{role: active}` or `{role: standby}`.\n"
      "9:5 A node cannot be called `each`: in `at` the word means something else.\n"
      "9:18 Vault 1.16.3 has no performance standbys. Only Vault Enterprise has; its version ends in +ent, as the "
      "server prints it.\n"
      "9:48 There is no replica `eu` in `replicas`. Add `replicas: {eu: performance_secondary}` to the cluster.\n");
}

TEST(ReadClusterProblems, OfNoneOrTwoActiveNodes) {
  EXPECT_EQ(problems_of(with_cluster("  server: {product: vault, version: 1.16.3}\n  nodes: {a: {role: standby}}\n")),
            "5:3 No node is active. Exactly one node of a cluster has `role: active`.\n");
  EXPECT_EQ(problems_of(with_cluster(
                "  server: {product: vault, version: 1.16.3}\n  nodes: {a: {role: active}, b: {role: active}}\n")),
            "5:40 A second node is active. Exactly one node of a cluster is active. [5:21 the first one]\n");
  EXPECT_EQ(
      problems_of(with_enterprise("  replicas: {eu: performance_secondary}\n")),
      "6:14 No node is active in the replica `eu`. Exactly one node of a replicated cluster has `role: active`.\n");
}

TEST(ReadClusterProblems, OfWhatTheServerDoesNotHave) {
  EXPECT_EQ(
      problems_of(with_cluster("  server: {product: openbao, version: 2.0.0}\n"
                               "  nodes: {a: {role: active}, b: {role: active, replica: eu}}\n"
                               "  replicas: {eu: performance_secondary}\n"
                               "  namespaces: [a, b]\n")),
      "6:3 OpenBao 2.0.0 has no replicas. Only Vault Enterprise has.\n"
      "7:16 OpenBao 2.0.0 has no namespaces. Vault Enterprise has (its version ends in +ent), and OpenBao from 2.3.\n");
}

TEST(ReadClusterProblems, OfUnknownKeys) {
  EXPECT_EQ(problems_of(with_enterprise("  secret: {}\n  plugin_directory: {a: {sha: x, sha256: 5}}\n  address: b\n")),
            "6:3 `cluster` has no key `secret`. Did you mean `secrets`?\n"
            "7:26 The file `a` has no key `sha`. Its keys are `sha256`, `type`, `reports_version`, `multiplexed` and "
            "`starts`.\n"
            "8:12 There is no node `b`. The nodes are `a`.\n");
}

// --- What Vault prints ---

TEST(ReadStored, ReadsTheCatalogAsItIsPrinted) {
  constexpr std::string_view detailed = R"([
      {"builtin": true, "deprecation_status": "supported", "name": "approle", "type": "auth", "version": "v1.16.3+builtin.vault"},
      {"builtin": false, "name": "toy", "sha256": "5b6d", "type": "secret", "version": "v1.0.0", "oci_image": "", "runtime": null},
      {"builtin": false, "name": "toy", "sha256": "1c02", "type": "secret", "version": "", "command": "other", "args": null, "env": ["A=1"]}])";
  for (const auto& wrapped :
       {std::string(detailed), R"({"auth": ["approle"], "detailed": )" + std::string(detailed) + "}",
        R"({"request_id": "x", "data": {"detailed": )" + std::string(detailed) + "}}"}) {
    const Plan plan = enterprise_plan("  catalog: " + wrapped + "\n");
    const auto& catalog = plan.cluster.catalog;
    ASSERT_EQ(catalog.size(), 2U) << wrapped;
    EXPECT_EQ(catalog[0].version.view(), "v1.0.0");
    EXPECT_EQ(catalog[0].command.view(), "toy") << "the name, as in `vault plugin register`";
    EXPECT_EQ(catalog[1].command.view(), "other");
    EXPECT_TRUE(catalog[1].version.empty());
    EXPECT_EQ(catalog[1].env.size(), 1U);
  }
}

TEST(ReadStored, ReadsPinsAsTheyArePrinted) {
  for (const std::string_view pins :
       {R"([{"type": "secret", "name": "toy", "version": "v1.0.0"}])",
        R"({"data": {"pinned_versions": [{"type": "secret", "name": "toy", "version": "v1.0.0"}]}})"}) {
    const Plan plan = enterprise_plan("  pins: " + std::string(pins) + "\n");
    ASSERT_EQ(plan.cluster.pins.size(), 1U);
    EXPECT_EQ(plan.cluster.pins[0].version.view(), "v1.0.0");
  }
}

TEST(ReadStored, ReadsMountsAndIgnoresWhatElseIsPrinted) {
  const Plan plan = enterprise_plan(R"(  secrets: {
      "my/": {"accessor": "toy_1", "config": {"default_lease_ttl": 0}, "deprecation_status": "", "description": "", "local": false,
              "options": null, "plugin_version": "v1.0.1", "running_plugin_version": "", "running_sha256": "5b6d", "seal_wrap": false,
              "type": "toy", "uuid": "a-b", "external_entropy_access": false, "leases": 120, "schema": 2},
      "other": {"type": "toy"}}
)");
  const auto& mounts = plan.cluster.mounts;
  ASSERT_EQ(mounts.size(), 2U);
  EXPECT_EQ(mounts[0].plugin.view(), "toy");
  EXPECT_EQ(mounts[0].plugin_version.view(), "v1.0.1");
  ASSERT_TRUE(mounts[0].running_version);
  EXPECT_TRUE(mounts[0].running_version->empty());
  EXPECT_EQ(mounts[0].leases, 120);
  EXPECT_EQ(mounts[0].schema, 2);
  EXPECT_EQ(mounts[1].path.view(), "other/");
  EXPECT_FALSE(mounts[1].running_version);
  EXPECT_FALSE(mounts[1].schema);
}

TEST(ReadStored, GivesMountsTheirFullPath) {
  const Plan plan = enterprise_plan(
      "  namespaces: [team-b/]\n"
      "  secrets: {team-a/my/: {type: toy, namespace: team-a}, team-b/my: {type: toy}}\n"
      "  auth:\n"
      "    x/: {type: toy}\n"
      "    auth/y/: {type: toy}\n"
      "    team-a/x/: {type: toy, namespace: team-a/}\n"
      "    team-a/auth/y/: {type: toy, namespace: team-a/}\n");
  const auto& mounts = plan.cluster.mounts;
  ASSERT_EQ(mounts.size(), 6U);
  EXPECT_EQ(mounts[0].path.view(), "team-a/my/");
  EXPECT_EQ(mounts[0].name_space.view(), "team-a/");
  EXPECT_EQ(mounts[1].name_space.view(), "team-b/") << "its path leads there";
  EXPECT_EQ(mounts[2].path.view(), "auth/x/");
  EXPECT_TRUE(mounts[2].auth);
  EXPECT_EQ(mounts[3].path.view(), "auth/y/");
  EXPECT_EQ(mounts[4].path.view(), "team-a/auth/x/");
  EXPECT_EQ(mounts[5].path.view(), "team-a/auth/y/");
  ASSERT_EQ(plan.cluster.namespaces.size(), 2U) << "those that mounts name are among them";
}

TEST(ReadStored, ReadsConnectionsAsTheyArePrinted) {
  const Plan plan = enterprise_plan(R"(  databases:
    database:
      db: {plugin_name: toydb, plugin_version: v1.0.0, running_plugin_version: v1.0.0}
      db2: {"request_id": "x", "data": {"allowed_roles": ["*"], "connection_details": {}, "plugin_name": "toydb", "plugin_version": ""}}
)");
  const auto& connections = plan.cluster.connections;
  ASSERT_EQ(connections.size(), 2U);
  EXPECT_EQ(connections[0].mount.view(), "database/");
  EXPECT_EQ(connections[0].running_version->view(), "v1.0.0");
  EXPECT_EQ(connections[1].connection.view(), "db2");
  EXPECT_TRUE(connections[1].plugin_version.empty());
}

TEST(ReadStoredProblems, OfTheCatalogAndPins) {
  EXPECT_EQ(problems_of(with_enterprise("  catalog:\n"
                                        "    - {type: secrets, name: toy, sha256: 5b6d, version: 1.0}\n"
                                        "    - {type: secret, name: toy, verson: v1}\n"
                                        "    - {type: secret, name: toy, version: v1, sha256: a}\n"
                                        "    - {type: secret, name: toy, version: v1, sha256: b}\n"
                                        "  pins: [{type: secret, name: toy}]\n")),
            "7:14 `type` must be `auth`, `database` or `secret`, not `secrets`. Did you mean `secret`?\n"
            "7:57 YAML reads the `version` 1.0 as the number 1. Write \"1.0\" in quotes.\n"
            "8:7 This catalog entry has no `sha256`. `vault read -format=json sys/plugins/catalog` prints it under "
            "`data.detailed`.\n"
            "8:33 The key `verson` would be ignored. Did you mean `version`?\n"
            "10:7 This entry is in the catalog twice. Remove one of them. [9:7 the first one]\n"
            "11:10 This pin has no `version`.\n");
  EXPECT_EQ(problems_of(with_enterprise("  catalog: {auth: [approle]}\n  pins: {secret: toy}\n")),
            "6:12 `catalog` must be a list, not a mapping. Paste `data.detailed` of `vault read -format=json "
            "sys/plugins/catalog`.\n"
            "7:9 `pins` must be a list, not a mapping. Paste `data.pinned_versions` of `vault read -format=json "
            "sys/plugins/pins`.\n");
  EXPECT_EQ(problems_of(with_cluster("  server: {product: openbao, version: 2.6.2}\n  nodes: {a: {role: active}}\n"
                                     "  catalog: {auth: [approle]}\n")),
            "6:12 `catalog` must be a list, not a mapping. Paste `data.detailed` of `bao read -format=json "
            "sys/plugins/catalog`.\n");
}

TEST(ReadStoredProblems, OfMounts) {
  EXPECT_EQ(
      problems_of(with_enterprise("  secrets:\n"
                                  "    my: {type: toy, running_version: v1}\n"
                                  "    my/: {type: toy, plugin_versoin: v1}\n"
                                  "    x/: {}\n"
                                  "    y/: toy\n"
                                  "    z/: {type: toy, namespace: team-a}\n"
                                  "  databases: {database: {db: {}}}\n")),
      "7:21 The key `running_version` would be ignored. Did you mean `running_plugin_version`?\n"
      "8:5 This mount is listed twice. Remove one of them. [7:5 the first one]\n"
      "8:22 The key `plugin_versoin` would be ignored. Did you mean `plugin_version`?\n"
      "9:5 The mount `x/` has no `type`. Add the name of its plugin.\n"
      "10:9 The mount `y/` must be a mapping, not a text. Write `{type: my-secret-plugin, plugin_version: v1.0.0}`.\n"
      "11:5 The mount `z/` is not in its namespace `team-a/`. Write its full path: `team-a/z/`.\n"
      "12:26 The connection `db` has no `plugin_name`. Add the name of its database plugin.\n");
}

}  // namespace
}  // namespace replug::planner
