#include <string>

#include <gtest/gtest.h>

#include "tests/simulator/cluster_fixture.h"

/// Plugin processes: crashes, sharing, dead lists, and where a server hangs: reference, sections 5.3 to 5.7.
namespace replug::simulator::test {
namespace {

const std::string refused_connection =
    "rpc error: code = Unavailable desc = connection error: desc = \"transport: error while dialing: dial unix "
    "<socket>: connect: "
    "connection refused\"";

Played played(const std::string& steps, const std::string& server = "vault 1.14.9", bool multiplexed = true) {
  return Played(plan_of({.server = server, .multiplexed = multiplexed, .steps = steps}));
}

std::string enabled(std::string_view path) {
  return fmt::format("  - enable: {{path: {}, plugin: toy, plugin_version: v1.0.0}}\n", path);
}

const std::string two = registered("toy", {0, 1}) + enabled("a/") + enabled("b/");
const std::string ask_a = "  - request: {path: a/version}\n";
const std::string ask_b = "  - request: {path: b/version}\n";
const std::string crash_a = "  - crash: {mount: a/}\n";
/// a/ has been killed, and c/ was made before anybody asked a/ again: c/ is a shell.
const std::string with_shell = registered("toy", {0, 1}) + enabled("a/") + crash_a + enabled("c/");

TEST(Crash, TheNextRequestStartsThePluginAgain) {
  EXPECT_EQ(played(two + crash_a, "vault 1.14.9", false).processes(), "a0");
  const Played run = played(two + crash_a + ask_a, "vault 1.14.9", false);
  EXPECT_EQ(run.reply(), "200 by v1.0.0 a0");
  EXPECT_EQ(run.processes(), "a0×2");
}

TEST(Crash, ARespawnTakesTheCapturedVersionFromThePresentCatalog) {
  const Played run = played(registered("toy", {0}) + enabled("a/") + R"(
  - register: {type: secret, name: toy, version: v1.0.0, sha256: a1, command: toy-1.0.1}
  - crash: {mount: a/}
  - request: {path: a/version}
)");
  EXPECT_EQ(run.reply(), "200 by v1.0.0 a1");
  EXPECT_EQ(run.mount("a/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a1")
      << "the report is not brought up to date";
}

TEST(Crash, AFailedRespawnHasOneTextAndTheNextRequestTriesAgain) {
  const Played run = played(registered("toy", {0}) + enabled("a/") + R"(
  - uninstall: {file: toy-1.0.0}
  - crash: {mount: a/}
  - request: {path: a/version}
  - install: {file: toy-1.0.0, sha256: a0, type: secret, multiplexed: true}
  - request: {path: a/version}
)");
  EXPECT_EQ(run.last_replies(3),
            "500 1 error occurred:\n\t* error verifying checksum: open <plugin_directory>/toy-1.0.0: no such file or "
            "directory\n\n; 0; "
            "200 by v1.0.0 a0");
}

TEST(Crash, AFileIsHashedOnlyWhenItIsStarted) {
  const Played run = played(registered("toy", {0}) + enabled("a/") + R"(
  - install: {file: toy-1.0.0, sha256: bad0, type: secret}
  - request: {path: a/version}
  - crash: {mount: a/}
  - request: {path: a/version}
)");
  EXPECT_EQ(run.last_replies(3), "200 by v1.0.0 a0; 0; 500 1 error occurred:\n\t* checksums did not match\n\n");
}

TEST(SharedProcess, ItEndsWithItsLastUser) {
  EXPECT_EQ(played(two).processes(), "a0");
  EXPECT_EQ(played(two + "  - disable: {path: a/}\n").processes(), "a0");
  EXPECT_EQ(played(two + "  - disable: {path: a/}\n  - disable: {path: b/}\n").processes(), "");
}

TEST(SharedProcess, ACrashTakesItFromAll) {
  const Played run = played(two + crash_a);
  EXPECT_EQ(run.processes(), "");
  EXPECT_EQ(run.mount("b/"), "respawns configured v1.0.0, reports v1.0.0 a0, is ? ?");
}

TEST(SharedProcess, AReloadOfOneMountTakesItFromAllAndTheyAttachAtTheirNextRequest) {
  const std::string reloaded = two + "  - tune: {path: a/, plugin_version: v1.0.1}\n  - reload: {mounts: [a/]}\n";
  EXPECT_EQ(played(reloaded).processes(), "a1");
  EXPECT_EQ(played(reloaded + ask_b).reply(), "200 by v1.0.0 a0");
  EXPECT_EQ(played(reloaded + ask_b).processes(), "a0 a1");
}

TEST(SharedProcess, AnOverwriteAndAReloadOfOneMountUpgradesAllUnnoticed) {
  const Played run = played(two + R"(
  - register: {type: secret, name: toy, version: v1.0.0, sha256: a2, command: toy-1.0.2}
  - reload: {mounts: [a/]}
  - request: {path: b/version}
)");
  EXPECT_EQ(run.reply(), "200 by v1.0.0 a2");
  EXPECT_EQ(run.mount("b/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a2");
  EXPECT_EQ(run.processes(), "a2");
}

TEST(SharedProcess, AReloadByNameEndsWithOneProcess) {
  const Played run = played(two + "  - reload: {plugin: toy}\n");
  EXPECT_EQ(run.processes(), "a0");
  EXPECT_EQ(run.mount("a/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
  EXPECT_EQ(run.mount("b/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(SharedProcess, AReloadByNameTakesItFromAMountThatAttachedBeforeItsLastUserCame) {
  // b/ repaired, so a/ is on no list: the reload of a/ attaches it to the process of b/, which the reload of b/ then
  // ends.
  const Played run = played(two + crash_a + ask_b + "  - reload: {plugin: toy}\n");
  EXPECT_EQ(run.mount("a/"), "respawns configured v1.0.0, reports v1.0.0 a0, is ? ?");
  EXPECT_EQ(run.mount("b/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
  EXPECT_EQ(run.processes(), "a0");
}

TEST(DeadList, ARequestToAMountOnItRepairsForTheOthers) {
  EXPECT_EQ(played(two + crash_a + ask_b).reply(), "200 by v1.0.0 a0");
  const Played run = played(two + crash_a + ask_b + ask_a);
  EXPECT_EQ(run.reply(), "200 by v1.0.0 a0");
  EXPECT_EQ(run.processes(), "a0");
}

TEST(DeadList, AMountThatIsNotOnItFailsUntilSomebodyOnItRepairs) {
  // The reload of a/ takes the process from b/, which from then on is on no list.
  const std::string stranger = two + "  - reload: {mounts: [a/]}\n" + crash_a + ask_b + ask_b;
  EXPECT_EQ(played(stranger).last_replies(2), "500 1 error occurred:\n\t* " + refused_connection +
                                                  "\n\n; 500 1 error occurred:\n\t* " + refused_connection + "\n\n");
  EXPECT_EQ(played(stranger + ask_a + ask_b).last_replies(2), "200 by v1.0.0 a0; 200 by v1.0.0 a0");
}

TEST(DeadList, ADisableOfAMountOnItForgetsIt) {
  // Auth methods are not rolled back, so nothing is started for the disable.
  const Played run = played(registered("toyauth", {0}) + R"(
  - enable: {path: auth/a/, plugin: toyauth}
  - enable: {path: auth/b/, plugin: toyauth}
  - crash: {mount: auth/a/}
  - disable: {path: auth/a/}
  - enable: {path: auth/c/, plugin: toyauth}
  - request: {path: auth/b/version}
)");
  EXPECT_EQ(run.reply(), "200 by v1.0.0 c0");
  EXPECT_EQ(run.processes(), "c0");
}

TEST(DeadList, EveryConnectionOnItFailsOnce) {
  const Played run = played(registered("toydb", {0}) + R"(
  - enable: {path: d/, plugin: database}
  - configure_database: {mount: d/, connection: one, plugin_name: toydb}
  - configure_database: {mount: d/, connection: two, plugin_name: toydb}
  - crash: {database: d/one}
  - request: {database: d/one}
  - request: {database: d/one}
  - request: {database: d/two}
  - request: {database: d/two}
)");
  const std::string shutdown = "500 1 error occurred:\n\t* plugin shutdown\n\n";
  EXPECT_EQ(run.last_replies(4), shutdown + "; 200 by v1.0.0 d0; " + shutdown + "; 200 by v1.0.0 d0");
}

TEST(Shell, AMountThatIsMadeOntoADeadListReportsSuccessAndHasNoProcess) {
  const Played run = played(with_shell);
  EXPECT_EQ(run.reply(), "204");
  EXPECT_EQ(run.mount("c/"), "broken configured v1.0.0, reports v1.0.0 a0, is ? ?");
  EXPECT_EQ(run.processes(), "");
}

TEST(Shell, WithoutItsFileNotEvenThatIsMade) {
  const Played run =
      played(registered("toy", {0}) + enabled("a/") + crash_a + "  - uninstall: {file: toy-1.0.0}\n" + enabled("c/"));
  EXPECT_EQ(run.reply(),
            "400 invalid backend version: 2 errors occurred:\n\t* " + refused_connection +
                "\n\t* error verifying checksum: open <plugin_directory>/toy-1.0.0: no such file or directory\n\n");
}

TEST(Shell, ARequestToItHangsAndLeavesAProcessEachTime) {
  for (const char* server : {"vault 1.14.9", "openbao 2.6.2"}) {
    const Played run = played(with_shell + "  - request: {path: c/version}\n  - request: {path: c/version}\n", server);
    EXPECT_EQ(run.last_replies(2), "hangs; hangs") << server;
    EXPECT_EQ(run.processes(), "a0×2") << server;
  }
}

TEST(Shell, ManyRequestsToItLeaveAsManyProcesses) {
  const Played run(plan_of({.server = "vault 1.14.9", .steps = with_shell + "  - request: {path: c/version}\n"}));
  simulator::Run play(run.world(), run.run().state());
  for (int i = 1; i < 40'000; ++i) play.advance(run.plan().steps.back().step);
  const auto processes = view_processes(play.cluster(), 0);
  ASSERT_EQ(processes.size(), 1U);
  EXPECT_EQ(processes.front().count, 40'000U);
}

TEST(Shell, ARequestToItFailsFromOneFifteenOn) {
  const Played run = played(with_shell + "  - request: {path: c/version}\n", "vault 1.15.0");
  EXPECT_EQ(run.reply(),
            "500 1 error occurred:\n\t* rpc error: code = Unavailable desc = connection error: desc = \"transport: "
            "authentication handshake "
            "failed: tls: first record does not look like a TLS handshake\"\n\n");
  EXPECT_EQ(run.processes(), "");
}

TEST(Shell, ADisableOfItHangsAndLeavesTheMountTainted) {
  const Played run = played(with_shell + "  - disable: {path: c/}\n  - request: {path: c/version}\n");
  EXPECT_EQ(run.last_replies(2), "hangs; 404 no handler for route \"c/version\". route entry is tainted.");
  EXPECT_EQ(run.processes(), "a0");
  EXPECT_EQ(run.mounts(), "a/ c/");
  EXPECT_EQ(played(with_shell + "  - disable: {path: c/}\n", "vault 1.15.0").reply(), "204");
}

TEST(Shell, AnAuthMethodIsDisabledWithoutARollback) {
  const Played run = played(registered("toyauth", {0}) + R"(
  - enable: {path: auth/a/, plugin: toyauth}
  - crash: {mount: auth/a/}
  - enable: {path: auth/c/, plugin: toyauth}
  - disable: {path: auth/c/}
)");
  EXPECT_EQ(run.reply(), "204");
  EXPECT_EQ(run.mounts(), "auth/a/");
}

TEST(Shell, AReloadHealsItOnceTheListIsForgotten) {
  const std::string reload = "  - reload: {mounts: [c/]}\n";
  EXPECT_EQ(played(with_shell + reload).mount("c/"), "broken configured v1.0.0, reports v1.0.0 a0, is ? ?");
  const Played healed = played(with_shell + ask_a + reload);
  EXPECT_EQ(healed.reply(), "200");
  EXPECT_EQ(healed.mount("c/"), "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(Shell, AReloadByNameHealsItIfTheDeadMountComesFirst) {
  EXPECT_EQ(played(with_shell + "  - reload: {plugin: toy}\n").mount("c/"),
            "running configured v1.0.0, reports v1.0.0 a0, is v1.0.0 a0");
}

TEST(Shell, AReloadHangsBehindARequestThatHangs) {
  const std::string hanging = with_shell + "  - request: {path: c/version}\n";
  EXPECT_EQ(played(hanging + ask_a + "  - reload: {mounts: [c/]}\n").reply(), "hangs");
}

TEST(Shell, ARestartHealsIt) {
  const Played run = played(
      with_shell + "  - request: {path: c/version}\n  - restart: {node: node-0}\n  - request: {path: c/version}\n");
  EXPECT_EQ(run.reply(), "200 by v1.0.0 a0");
  EXPECT_EQ(run.processes(), "a0");
}

TEST(Shell, OtherMountsAreNotAffected) {
  const Played run = played(with_shell + "  - request: {path: c/version}\n" + ask_a);
  EXPECT_EQ(run.reply(), "200 by v1.0.0 a0");
}

TEST(Processes, OfDifferentKindsNothingIsShared) {
  const Played run = played(R"(
  - register: {type: secret, name: same, version: v1.0.0, sha256: a0, command: toy-1.0.0}
  - register: {type: auth, name: same, version: v1.0.0, sha256: c0, command: toyauth-1.0.0}
  - register: {type: database, name: same, version: v1.0.0, sha256: d0, command: toydb-1.0.0}
  - enable: {path: my/, plugin: same}
  - enable: {path: auth/my/, plugin: same}
  - enable: {path: d/, plugin: database}
  - configure_database: {mount: d/, connection: one, plugin_name: same}
  - configure_database: {mount: d/, connection: two, plugin_name: same}
)");
  EXPECT_EQ(run.processes(), "a0 c0 d0");
}

TEST(Processes, PinTuneAndCatalogStartAndEndNone) {
  const Played run = played(two + R"(
  - tune: {path: a/, plugin_version: v1.0.1}
  - pin: {type: secret, name: toy, version: v1.0.1}
  - unpin: {type: secret, name: toy}
  - deregister: {type: secret, name: toy, version: v1.0.0}
)",
                            "vault 1.17.0");
  EXPECT_EQ(run.processes(), "a0");
}

}  // namespace
}  // namespace replug::simulator::test
