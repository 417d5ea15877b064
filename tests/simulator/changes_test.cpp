// What a forecast tells of a step: each change once, from what to what, on which node and why.

#include <string>

#include <gtest/gtest.h>

#include "tests/simulator/cluster_fixture.h"

namespace replug::simulator::test {
namespace {

const std::string enabled =
    registered("toy", {0, 1}) + "  - enable: {path: my/, plugin: toy, plugin_version: v1.0.0}\n";

/// The changes of the last step, one a line: `my/ status on node-0: absent → running (SENTENCE)`.
std::string changes(const Played& played) {
  std::string all;
  for (const Change& change : played.forecast(played.plan().steps.size() - 1).changes) {
    const std::string node = change.node == no_node ? "" : " on " + played.world()->node_name(change.node).str();
    all += fmt::format("{} {}{}: {} → {}\n", change.subject.view(), to_string(change.field), node,
                       word(change.from.text()), word(change.to.text()));
  }
  return all;
}
std::string changes(const std::string& steps, const std::string& server = "vault 1.14.9", int nodes = 1) {
  return changes(Played(plan_of({.server = server, .nodes = nodes, .steps = steps})));
}

TEST(Changes, OfARegistrationAreInTheCatalogOnly) {
  EXPECT_EQ(changes(registered("toy", {0})),
            "secret toy v1.0.0 registered: false → true\nsecret toy v1.0.0 sha256: - → a0\nsecret toy v1.0.0 command: "
            "- → toy-1.0.0\n");
  EXPECT_EQ(changes(registered("toy", {0, 0})), "") << "the same again is no change";
}

TEST(Changes, OfAnEnableAreTheEntryAndWhatRunsThen) {
  EXPECT_EQ(changes(enabled),
            "my/ type: - → toy\nmy/ plugin_version: - → v1.0.0\nmy/ running_plugin_version on node-0: - → v1.0.0\n"
            "my/ running_sha256 on node-0: - → a0\nmy/ actual_version on node-0: - → v1.0.0\nmy/ actual_sha256 on "
            "node-0: - → a0\n"
            "my/ status on node-0: absent → running\n");
}

TEST(Changes, OfATuneAreInTheMountTableOnly) {
  EXPECT_EQ(changes(enabled + "  - tune: {path: my/, plugin_version: v1.0.1}\n"),
            "my/ plugin_version: v1.0.0 → v1.0.1\n");
}

TEST(Changes, OfABuiltinTellWhichVersionRuns) {
  const std::string told = changes("  - enable: {path: kv/, plugin: kv}\n");
  EXPECT_NE(told.find("kv/ actual_version on node-0: - → v0.15.0+builtin\n"), std::string::npos) << told;
  const std::string upgrade =
      changes("  - enable: {path: kv/, plugin: kv}\n  - upgrade_server: {node: node-0, version: 1.17.0-beta1}\n");
  EXPECT_NE(upgrade.find("kv/ actual_version on node-0: v0.15.0+builtin → v0.17.0+builtin\n"), std::string::npos)
      << upgrade;
}

TEST(Changes, OfAReloadThatOnlyFailsTellThatTheMountIsDown) {
  EXPECT_EQ(changes(enabled + "  - tune: {path: my/, plugin_version: v1.0.1}\n  - uninstall: {file: toy-1.0.1}\n  - "
                              "reload: {plugin: toy}\n",
                    "vault 1.16.3"),
            "my/ actual_version on node-0: v1.0.0 → -\nmy/ actual_sha256 on node-0: a0 → -\nmy/ status on node-0: "
            "running → respawns\n");
}

TEST(Changes, TellWhenWhatWasMeantToBeStartedAgainCannotBeAnyMore) {
  EXPECT_EQ(changes(enabled + "  - crash: {mount: my/}\n  - deregister: {type: secret, name: toy, version: v1.0.0}\n")
                .substr(0, 45),
            "secret toy v1.0.0 registered: true → false\n");
  EXPECT_NE(changes(enabled + "  - crash: {mount: my/}\n  - deregister: {type: secret, name: toy, version: v1.0.0}\n")
                .find("my/ status on node-0: respawns → broken\n"),
            std::string::npos);
  EXPECT_NE(changes(enabled + "  - crash: {mount: my/}\n  - uninstall: {file: toy-1.0.0}\n")
                .find("my/ status on node-0: respawns → broken\n"),
            std::string::npos);
}

TEST(Changes, OfAReloadTellWhatTheSharedProcessTookAlong) {
  const std::string told =
      changes(enabled + "  - enable: {path: b/, plugin: toy, plugin_version: v1.0.0}\n  - reload: {mounts: [my/]}\n");
  EXPECT_EQ(told,
            "b/ actual_version on node-0: v1.0.0 → -\nb/ actual_sha256 on node-0: a0 → -\nb/ status on node-0: running "
            "→ respawns\n");
}

TEST(Changes, OfAFailoverTellBothNodes) {
  const std::string told = changes(enabled + "  - step_down: {}\n", "vault 1.14.9", 2);
  for (const char* line : {"node-0 role on node-0: active → standby\n", "node-1 role on node-1: standby → active\n",
                           "my/ status on node-0: running → absent\n", "my/ status on node-1: absent → running\n",
                           "my/ actual_version on node-1: - → v1.0.0\n"}) {
    EXPECT_NE(told.find(line), std::string::npos) << line << "is not in\n" << told;
  }
}

TEST(Changes, OfAStandbyThatTakesOverTellWhatItIsConfiguredToNow) {
  const std::string told = changes(
      enabled + "  - tune: {path: my/, plugin_version: v1.0.1}\n  - step_down: {to: node-1}\n", "openbao 2.6.2", 3);
  EXPECT_NE(told.find("my/ plugin_version on node-1: v1.0.0 → v1.0.1\n"), std::string::npos) << told;
  EXPECT_EQ(told.find("on node-2"), std::string::npos) << "the third node goes on as it was";
}

TEST(Changes, OfConnectionsReportNoRunningVersionWhereTheServerDoesNot) {
  const std::string steps = registered("toydb", {0}) +
                            "  - enable: {path: database/, plugin: database}\n"
                            "  - configure_database: {mount: database/, connection: db, plugin_name: toydb}\n";
  EXPECT_EQ(changes(steps).find("running_plugin_version"), std::string::npos) << changes(steps);
  EXPECT_NE(changes(steps, "vault 1.16.3").find("database/db running_plugin_version on node-0: - → v1.0.0\n"),
            std::string::npos);
}

TEST(Changes, SayWhy) {
  const Played played(plan_of({.steps = enabled + "  - crash: {mount: my/}\n  - request: {path: my/x}\n"}));
  for (const Change& change : played.forecast(3).changes)
    EXPECT_EQ(change.cause, Cause::crashed) << to_string(change.field);
  for (const Change& change : played.forecast(4).changes)
    EXPECT_EQ(change.cause, Cause::respawned) << to_string(change.field);
  const Played restored(plan_of({.steps = enabled + "  - backup: {}\n  - disable: {path: my/}\n  - restore: {}\n"}));
  ASSERT_FALSE(restored.forecast(5).changes.empty());
  EXPECT_EQ(restored.forecast(5).changes.front().cause, Cause::restored);
}

}  // namespace
}  // namespace replug::simulator::test
