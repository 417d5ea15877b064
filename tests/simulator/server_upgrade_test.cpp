// A node gets another server, the data stays (reference, section 11).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/simulator/cluster_fixture.h"

namespace replug::simulator::test {
namespace {

const std::string enabled =
    registered("toy", {0, 1}) + "  - enable: {path: my/, plugin: toy, plugin_version: v1.0.0}\n";
const std::string tuned = enabled + "  - tune: {path: my/, plugin_version: v1.0.1}\n";
const std::string undecodable =
    "failed to decode plugin entry: json: cannot unmarshal string into Go struct field PluginRunner.type of type "
    "consts.PluginType";

std::string upgrade(const std::string& version, const std::string& more = "") {
  return "  - upgrade_server: {node: node-0, version: " + version + more + "}\n";
}
Played play(const std::string& server, const std::string& steps, int nodes = 1) {
  return Played(plan_of({.server = server, .nodes = nodes, .steps = steps}));
}

TEST(UpgradeServer, IsForPluginsARestart) {
  const Played played = play("vault 1.12.1", tuned + upgrade("1.14.9"));
  EXPECT_EQ(played.reply(), "0");
  EXPECT_EQ(played.mount("my/"), "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1");
}

TEST(UpgradeServer, BuiltinsReportTheNewServersVersionAtOnce) {
  const std::string steps = "  - enable: {path: t/, plugin: transit}\n  - enable: {path: kv/, plugin: kv}\n";
  const Played vault = play("vault 1.14.9", steps + upgrade("1.17.0-beta1"));
  EXPECT_EQ(vault.mount("t/"), "running configured -, reports v1.17.0+builtin.vault -, is v1.17.0+builtin.vault -");
  EXPECT_EQ(vault.mount("kv/"), "running configured -, reports v0.17.0+builtin -, is v0.17.0+builtin -");
  const Played openbao = play("vault 1.14.9", steps + upgrade("2.0.0", ", product: openbao"));
  EXPECT_EQ(openbao.mount("t/"), "running configured -, reports v2.0.0+builtin.bao -, is v2.0.0+builtin.bao -");
  EXPECT_EQ(openbao.mount("kv/"), "running configured -, reports v2.0.0+builtin.bao -, is v2.0.0+builtin.bao -");
}

TEST(UpgradeServer, AMountThatCannotBeLoadedReportsAsItsNewServerDoes) {
  const std::string steps = enabled + "  - uninstall: {file: toy-1.0.0}\n";
  EXPECT_EQ(play("vault 1.14.9", steps + upgrade("1.17.0-beta1")).mount("my/"),
            "absent configured v1.0.0, reports v1.0.0 a0, is ? ?");
  EXPECT_EQ(play("vault 1.12.1", steps + upgrade("1.14.9")).mount("my/"),
            "absent configured v1.0.0, reports v1.0.0 -, is ? ?");
}

TEST(UpgradeServer, PinsAreKnownFrom1_16OnAndToNoOpenBao) {
  const std::string pin = "  - pin: {type: secret, name: toy, version: v1.0.1}\n";
  EXPECT_EQ(play("vault 1.14.9", enabled + pin + upgrade("1.16.3") + pin).reply(6), "200");
  EXPECT_EQ(play("vault 1.14.9", enabled + pin).reply(), "404 1 error occurred:\n\t* unsupported path\n\n");
  EXPECT_EQ(play("vault 1.14.9", enabled + upgrade("2.0.0", ", product: openbao") + pin).reply(),
            "404 1 error occurred:\n\t* unsupported path\n\n");
}

TEST(UpgradeServer, OfAStandbyDoesNotTouchTheLeader) {
  const Played played = play("vault 1.14.9", tuned + "  - upgrade_server: {node: node-2, version: 1.17.0-beta1}\n", 3);
  EXPECT_EQ(played.nodes(), "active, standby, standby");
  EXPECT_EQ(played.mount("my/"), "running configured v1.0.1, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(UpgradeServer, OfTheLeaderHandsTheLeadToAStandbyWhichLoadsUnderItsOwnServer) {
  const std::string steps =
      tuned + "  - enable: {path: t/, plugin: transit}\n" + upgrade("1.17.0-beta1", ", to: node-2");
  const Played played = play("vault 1.14.9", steps, 3);
  EXPECT_EQ(played.nodes(), "standby, standby, active");
  EXPECT_EQ(played.mount("t/", "node-2"),
            "running configured -, reports v1.14.9+builtin.vault -, is v1.14.9+builtin.vault -");
  const Played back = play("vault 1.14.9", steps + "  - step_down: {to: node-0}\n", 3);
  EXPECT_EQ(back.mount("t/", "node-0"),
            "running configured -, reports v1.17.0+builtin.vault -, is v1.17.0+builtin.vault -");
}

TEST(UpgradeServer, AStandbyOfOpenBao2_5BesideAnOlderLeaderRunsWhatIsTuned) {
  const Played played = play("openbao 2.0.0", tuned + "  - upgrade_server: {node: node-1, version: 2.6.2}\n", 3);
  EXPECT_EQ(played.mount("my/", "node-0"), "running configured v1.0.1, reports v1.0.0 a0, is v1.0.0 a0");
  EXPECT_EQ(played.mount("my/", "node-1"), "running configured v1.0.1, reports v1.0.1 a1, is v1.0.1 a1");
  EXPECT_EQ(played.processes("node-2"), "");
}

TEST(OlderServer, CannotReadWhatVault1_16Registered) {
  for (const char* server : {"1.14.9", "2.0.0, product: openbao", "2.6.2, product: openbao"}) {
    const Played played =
        play("vault 1.17.0-beta1",
             enabled + upgrade(server) + "  - request: {path: my/x}\n  - tune: {path: my/, plugin_version: v1.0.1}\n");
    EXPECT_EQ(played.node("node-0"), "active") << server;
    EXPECT_EQ(played.mount("my/").substr(0, 6), "absent") << server;
    EXPECT_EQ(played.reply(5), "404 no handler for route \"my/x\". route entry found, but backend is nil.") << server;
    EXPECT_EQ(played.reply(6), "400 " + undecodable) << server;
  }
}

TEST(OlderServer, ListsNothingWhileOneEntryOrPinIsUnreadable) {
  const std::string steps = enabled + upgrade("1.14.9");
  EXPECT_EQ(play("vault 1.17.0-beta1", steps).catalog(), "");
  EXPECT_EQ(play("vault 1.17.0-beta1", steps + registered("toy", {0})).catalog(), "") << "one is left";
  EXPECT_EQ(play("vault 1.17.0-beta1", steps + registered("toy", {0, 1})).catalog(),
            "secret toy v1.0.0 a0, secret toy v1.0.1 a1");
  const std::string pinned = enabled + "  - pin: {type: secret, name: toy, version: v1.0.1}\n" + upgrade("1.14.9");
  EXPECT_EQ(play("vault 1.17.0-beta1", pinned + registered("toy", {0, 1})).catalog(), "");
  EXPECT_NE(play("vault 1.17.0-beta1", pinned + upgrade("1.17.0-beta1")).catalog(), "");
}

TEST(OlderServer, RefusesToReloadWhatItCannotRead) {
  const std::string reload = "  - reload: {mounts: [my/]}\n";
  EXPECT_EQ(play("vault 1.17.0-beta1", enabled + upgrade("1.14.9") + "  - reload: {plugin: toy}\n").reply(),
            "500 1 error occurred:\n\t* " + undecodable + "\n\n");
  EXPECT_EQ(
      play("vault 1.17.0-beta1", enabled + upgrade("2.6.2, product: openbao") + "  - reload: {plugin: toy}\n").reply(),
      "400 " + undecodable);
}

TEST(OlderServer, ReadsAnEntryThatIsRegisteredAgain) {
  const Played played =
      play("vault 1.17.0-beta1", enabled + upgrade("2.0.0", ", product: openbao") + registered("toy", {0}) +
                                     "  - reload: {mounts: [my/]}\n  - request: {path: my/x}\n");
  EXPECT_EQ(played.last_replies(3), "204; 200; 200 by v1.0.0 a0");
}

TEST(OlderServer, HasNoPinInForce) {
  const std::string steps =
      enabled + registered("toy", {2}) + "  - pin: {type: secret, name: toy, version: v1.0.2}\n" + upgrade("1.14.9");
  const Played played = play("vault 1.17.0-beta1", steps + registered("toy", {0}) + "  - reload: {mounts: [my/]}\n");
  EXPECT_EQ(played.mount("my/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(OlderServer, CannotChooseAVersionForANewConnectionWhileItCannotListTheCatalog) {
  const std::string steps = registered("toydb", {0}) + "  - enable: {path: database/, plugin: database}\n" +
                            upgrade("2.0.0", ", product: openbao");
  const std::string create = "  - configure_database: {mount: database/, connection: db, plugin_name: toydb}\n";
  EXPECT_EQ(play("vault 1.17.0-beta1", steps + create).reply(), "500 1 error occurred:\n\t* " + undecodable + "\n\n");
  EXPECT_EQ(play("vault 1.17.0-beta1", steps + registered("toydb", {0}) + create).reply(), "204")
      << "the last such entry was written again";
}

TEST(OlderServer, ReadsWhatWasWrittenBeforeTheUpgrade) {
  const Played played = play("vault 1.14.9", enabled + upgrade("1.17.0-beta1") + upgrade("1.14.9"));
  EXPECT_EQ(played.mount("my/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(UpgradeServer, ToARemovedBuiltinLeavesAMountWithoutABackendUnlessAnUnversionedEntryHasItsName) {
  const std::string steps = "  - enable: {path: auth/ldap/, plugin: ldap}\n";
  EXPECT_EQ(play("openbao 2.6.2", steps + upgrade("2.7.0")).mount("auth/ldap/").substr(0, 6), "absent");
  const std::string shadow = "  - register: {type: auth, name: ldap, sha256: c0, command: toyauth-1.0.0}\n";
  EXPECT_EQ(play("openbao 2.6.2", steps + shadow + upgrade("2.7.0")).mount("auth/ldap/"),
            "running configured -, reports - c0, is - c0");
  const std::string versioned =
      "  - register: {type: auth, name: ldap, version: v1.0.0, sha256: c0, command: toyauth-1.0.0}\n";
  EXPECT_EQ(play("openbao 2.6.2", steps + versioned + upgrade("2.7.0")).mount("auth/ldap/").substr(0, 6), "absent")
      << "a versioned entry is not found";
}

TEST(UpgradeServer, ToAServerThatIsNotKnownYetSaysSo) {
  const Played played = play("vault 1.14.9", upgrade("9.0.0"));
  ASSERT_EQ(played.forecast(0).unverified.size(), 1U);
  EXPECT_NE(played.forecast(0).unverified.front().find("newer than what is known"), std::string::npos);
}

/// A plan in which a node goes through that many releases, each of which may be one of Vault or of OpenBao.
Played through_releases(std::uint32_t count) {
  std::string steps;
  for (std::uint32_t i = 0; i < count; ++i)
    steps += upgrade(fmt::format("\"{}.{}.{}\"", 3 + i / 1'000'000, i / 1'000 % 1'000, i % 1'000));
  return Played(plan_of({.steps = steps}), 0);
}

Server vault_release(std::string_view version) { return parse_server(Product::vault, version).value(); }

TEST(UpgradeServer, ThroughManyReleases) {
  const Played played = through_releases(10'000);
  EXPECT_EQ(played.world()->servers(), 20'001U);
  for (const std::string_view version : {"3.0.0", "3.4.321", "3.9.999"}) {
    const Server release = vault_release(version);
    EXPECT_EQ(played.world()->server(played.world()->server_id(release)), release);
  }
}

TEST(UpgradeServer, ThroughMoreReleasesThanSixteenBitsTellApart) {
  const Played played = through_releases(32'800);
  EXPECT_EQ(played.world()->servers(), 65'601U);
  const Server release = vault_release("3.32.799");
  EXPECT_EQ(played.world()->server(played.world()->server_id(release)), release);
  std::vector<Step> steps;
  for (const auto& planned : played.plan().steps) steps.push_back(planned.step);
  const auto forecast = simulate(played.plan().cluster, steps, {}, {}, *played.plan().texts);
  EXPECT_EQ(forecast.verdict, Verdict::ok);
}

TEST(UpgradeServer, BelowPluginVersionsIsUnverified) {
  const Played played = play("vault 1.12.1", enabled + upgrade("1.11.0"));
  ASSERT_EQ(played.forecast(3).unverified.size(), 1U);
  EXPECT_EQ(played.mount("my/").substr(0, 6), "absent") << "it looks for an unversioned entry only";
}

TEST(UpgradeServer, From1_11EntriesStayUnversionedAndMountsFollowThem) {
  const std::string steps =
      "  - register: {type: secret, name: toy, sha256: a0, command: toy-1.0.0}\n  - enable: {path: my/, plugin: toy}\n";
  const Played played =
      play("vault 1.11.0", steps + upgrade("1.14.9") + registered("toy", {1}) + "  - restart: {node: node-0}\n");
  EXPECT_EQ(played.mount("my/"), "running configured -, reports - a0, is - a0");
}

}  // namespace
}  // namespace replug::simulator::test
