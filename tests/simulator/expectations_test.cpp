// What an `expect` list claims, and where it is looked for.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/simulator/cluster_fixture.h"

namespace replug::simulator::test {
namespace {

const std::string upgraded =
    registered("toy", {0, 1}) +
    "  - enable: {path: my/, plugin: toy, plugin_version: v1.0.0}\n  - tune: {path: my/, plugin_version: v1.0.1}\n"
    "  - reload: {plugin: toy}\n";

/// What the one claim comes to: `holds`, or what was found and where.
std::string claimed(const std::string& expect, const std::string& steps = upgraded,
                    const std::string& server = "vault 1.14.9", int nodes = 3) {
  const Played played(plan_of({.server = server, .nodes = nodes, .steps = steps, .expect = "  - " + expect + "\n"}));
  const auto results = played.judge();
  if (results.size() != 1) return fmt::format("{} results", results.size());
  if (results.front().holds) return "holds";
  const NodeId node = results.front().node;
  return results.front().found + (node == no_node ? "" : " on " + played.world()->node_name(node).str());
}

TEST(Claim, OfAMountIsCheckedOnEveryNodeThatRunsPlugins) {
  EXPECT_EQ(claimed("{mount: my/, running_version: v1.0.1}"), "holds") << "standbys of Vault run none";
  EXPECT_EQ(claimed("{mount: my/, running_version: v1.0.1}", upgraded, "openbao 2.6.2"), "v1.0.0 on node-1");
  EXPECT_EQ(claimed("{mount: my/, plugin_version: v1.0.1}", upgraded, "openbao 2.6.2"), "v1.0.0 on node-1")
      << "a standby does not know better";
}

TEST(Claim, WithAtIsCheckedThere) {
  EXPECT_EQ(claimed("{mount: my/, at: node-2, running_version: v1.0.0}", upgraded, "openbao 2.6.2"), "holds");
  EXPECT_EQ(claimed("{mount: my/, at: node-0, running_version: v1.0.0}", upgraded, "openbao 2.6.2"),
            "v1.0.1 on node-0");
}

TEST(Claim, AtAStandbyThatPassesRequestsOnIsAnsweredByTheLeader) {
  EXPECT_EQ(claimed("{mount: my/, at: node-2, running_version: v1.0.1}"), "holds");
  EXPECT_EQ(claimed("{mount: my/, at: node-2, serving: true}"), "holds");
}

TEST(Claim, AtASealedNodeNothingIsServed) {
  const std::string sealed = upgraded + "  - seal: {node: node-2}\n";
  EXPECT_EQ(claimed("{mount: my/, at: node-2, serving: false}", sealed), "holds");
  EXPECT_EQ(claimed("{mount: my/, at: node-2, serving: true}", sealed), "false (absent) on node-2");
}

TEST(Claim, WhereEveryNodeIsSealedNothingIsServedAndNothingRuns) {
  const std::string sealed = upgraded + "  - seal: {node: node-0}\n";
  EXPECT_EQ(claimed("{mount: my/, serving: false}", sealed, "vault 1.14.9", 1), "holds");
  EXPECT_EQ(claimed("{mount: my/, serving: true}", sealed, "vault 1.14.9", 1), "no node runs plugins there");
  EXPECT_EQ(claimed("{mount: my/, running_version: v1.0.1}", sealed, "vault 1.14.9", 1), "no node runs plugins there");
}

TEST(Claim, OfARunningVersionIsOfTheReportAndOfTheProcess) {
  const std::string overwritten =
      registered("toy", {0}) +
      "  - enable: {path: my/, plugin: toy, plugin_version: v1.0.0}\n"
      "  - register: {type: secret, name: toy, version: v1.0.0, sha256: a2, command: toy-1.0.2}\n"
      "  - crash: {mount: my/}\n";
  EXPECT_EQ(claimed("{mount: my/, running_version: v1.0.0}", overwritten),
            "v1.0.0 reported, nothing running on node-0");
  const std::string respawned = overwritten + "  - request: {path: my/x}\n";
  EXPECT_EQ(claimed("{mount: my/, running_version: v1.0.0}", respawned), "holds");
  EXPECT_EQ(claimed("{mount: my/, running_sha256: a0}", respawned), "a0 reported, a2 running on node-0");
}

TEST(Claim, OfServingHoldsWhereTheNextRequestIsAnswered) {
  EXPECT_EQ(claimed("{mount: my/, serving: true}", upgraded + "  - crash: {mount: my/}\n"), "holds")
      << "it is started again";
  EXPECT_EQ(claimed("{mount: my/, serving: true}",
                    upgraded + "  - crash: {mount: my/}\n  - deregister: {type: secret, name: toy, version: v1.0.1}\n"),
            "false (broken) on node-0");
}

TEST(Claim, OfAMountThatIsNotThere) {
  const std::string disabled = upgraded + "  - disable: {path: my/}\n";
  EXPECT_EQ(claimed("{mount: my/, serving: false}", disabled), "holds");
  EXPECT_EQ(claimed("{mount: my/, plugin_version: v1.0.1}", disabled), "no such mount on node-0");
}

TEST(Claim, OfWhatTheWorldDoesNotKnowIsAskedOfNothing) {
  const Played played(plan_of({.steps = "  - enable: {path: kv/, plugin: kv}\n"}));
  const auto judged = [&](const Expectation& expectation) {
    const auto results = played.run().judge(std::vector{expectation});
    return results.front().holds ? "holds" : results.front().found;
  };
  Expectation mount;
  mount.mount = played.plan().texts->intern("never/declared/");
  mount.claims = {{ClaimKey::plugin_version, played.plan().texts->intern("v1.0.0")}};
  EXPECT_EQ(judged(mount), "no such mount");
  mount.claims = {{ClaimKey::serving, {}, false}};
  EXPECT_EQ(judged(mount), "holds");
  mount.claims = {{ClaimKey::status, played.plan().texts->intern("absent")}};
  EXPECT_EQ(judged(mount), "holds");
  Expectation connection;
  connection.subject = Expectation::Subject::database;
  connection.mount = played.plan().texts->intern("kv/");
  connection.connection = played.plan().texts->intern("db");
  connection.claims = {{ClaimKey::plugin_version, played.plan().texts->intern("v1.0.0")}};
  EXPECT_EQ(judged(connection), "no such connection");
}

TEST(Claim, OfAVersionMayBeWrittenWithoutItsV) {
  EXPECT_EQ(claimed("{mount: my/, plugin_version: \"1.0.1\"}"), "holds");
}

TEST(Claim, OfAnEntry) {
  EXPECT_EQ(claimed("{plugin: {type: secret, name: toy, version: v1.0.1}, registered: true}"), "holds");
  EXPECT_EQ(claimed("{plugin: {type: secret, name: toy, version: v1.0.1}, sha256: A1}"), "holds");
  EXPECT_EQ(claimed("{plugin: {type: secret, name: toy, version: v1.0.1}, sha256: a0}"), "a1");
  EXPECT_EQ(claimed("{plugin: {type: secret, name: toy, version: v2.0.0}, registered: false}"), "holds");
  EXPECT_EQ(claimed("{plugin: {type: secret, name: toy, version: v2.0.0}, sha256: a0}"), "not registered");
}

TEST(Claim, OfAConnectionIsCheckedOnTheLeader) {
  const std::string steps = registered("toydb", {0}) +
                            "  - enable: {path: database/, plugin: database}\n"
                            "  - configure_database: {mount: database/, connection: db, plugin_name: toydb}\n";
  EXPECT_EQ(claimed("{database: database/db, running_version: v1.0.0}", steps, "openbao 2.6.2"), "holds");
  EXPECT_EQ(claimed("{database: database/db, plugin_version: v1.0.0}", steps), "holds");
  EXPECT_EQ(claimed("{database: database/db, serving: true}", steps + "  - crash: {database: database/db}\n"),
            "false (broken) on node-0")
      << "the next request fails, only the one after it is answered";
  EXPECT_EQ(claimed("{database: database/other, serving: false}", steps), "holds");
}

TEST(Step, IsAsMeantIfItsRefusalWasMeantAndItsExpectationsHold) {
  const std::string steps =
      registered("toy", {0}) +
      "  - enable: {path: my/, plugin: toy, plugin_version: v9.9.9}\n    fails: plugin not found\n"
      "  - enable: {path: my/, plugin: toy, plugin_version: v9.9.9}\n    fails: something else\n"
      "  - enable: {path: my/, plugin: toy, plugin_version: v1.0.0}\n    fails: true\n"
      "  - request: {path: my/x}\n    expect: [{mount: my/, running_version: v1.0.0}]\n"
      "  - check: [{mount: my/, running_version: v1.0.1}]\n";
  const Played played(plan_of({.steps = steps}));
  EXPECT_TRUE(played.forecast(1).as_meant);
  EXPECT_FALSE(played.forecast(2).as_meant) << "another text";
  EXPECT_FALSE(played.forecast(3).as_meant) << "it was not refused";
  EXPECT_TRUE(played.forecast(4).as_meant);
  EXPECT_FALSE(played.forecast(5).as_meant);
}

}  // namespace
}  // namespace replug::simulator::test
