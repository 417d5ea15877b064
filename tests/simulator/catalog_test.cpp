#include <string>

#include <gtest/gtest.h>

#include "tests/simulator/cluster_fixture.h"

/// The plugin catalog: reference, section 2.
namespace replug::simulator::test {
namespace {

/// A file that works, with what it says of itself, a file of the wrong architecture, and one in a sub-directory.
const std::string directory = R"(
  plugin_directory:
    toy: {sha256: a0}
    toy-says-v1.0.1: {sha256: a1, reports_version: v1.0.1}
    toy-says-1.0.1: {sha256: a2, reports_version: 1.0.1}
    toy-says-latest: {sha256: a3, reports_version: latest}
    toy-says-rc: {sha256: a5, reports_version: 1.0.0rc1}
    toy-broken: {sha256: a4, starts: false, reports_version: v9.9.9}
    sub/toy: {sha256: a0}
    toyauth: {sha256: c0, type: auth}
    toydb: {sha256: d0, type: database}
)";

Played played(const std::string& steps, const std::string& server = "vault 1.14.9") {
  return Played(plan_of({.server = server, .cluster = directory, .steps = steps}));
}

std::string reply_to(const std::string& fields, const std::string& server = "vault 1.14.9") {
  return played("  - register: {type: secret, name: toy, " + fields + "}\n", server).reply();
}

TEST(Register, AMalformedVersionIsRefusedInTheWordsOfTheServersLibrary) {
  const std::string fields = "sha256: a0, version: one";
  EXPECT_EQ(reply_to(fields), "400 version \"one\" is not a valid semantic version: Malformed version: one");
  EXPECT_EQ(reply_to(fields, "vault 1.17.0-beta1"),
            "400 version \"one\" is not a valid semantic version: Malformed version: one");
  EXPECT_EQ(reply_to(fields, "openbao 2.4.4"),
            "400 version \"one\" is not a valid semantic version: Malformed version: one");
  EXPECT_EQ(reply_to(fields, "openbao 2.5.0"),
            "400 version \"one\" is not a valid semantic version: malformed version: one");
}

TEST(Register, AVersionHasToBeSemantic) {
  EXPECT_EQ(reply_to("sha256: a0, version: 1.0.0rc1"),
            "400 version \"1.0.0rc1\" is not a valid semantic version: Malformed version: 1.0.0rc1");
  EXPECT_EQ(reply_to("sha256: a0, version: \"1\""), "204");
}

TEST(Register, TheVersionOfABuiltinIsReserved) {
  EXPECT_EQ(reply_to("sha256: a0, version: 1.14.9+builtin.vault"),
            "400 version \"v1.14.9+builtin.vault\" is not allowed because 'builtin' is a reserved metadata identifier");
}

TEST(Register, AnEmptyVersionIsNone) {
  const Played run = played("  - register: {type: secret, name: toy, sha256: a0, version: \"\"}\n");
  EXPECT_EQ(run.reply(), "204");
  EXPECT_EQ(run.catalog(), "secret toy a0");
}

TEST(Register, BeforeOneTwelveTheVersionIsNotLookedAt) {
  const Played run = played("  - register: {type: secret, name: toy, sha256: a0, version: one}\n", "vault 1.11.0");
  EXPECT_EQ(run.reply(), "204");
  EXPECT_EQ(run.catalog(), "secret toy a0");
}

TEST(Register, AnEmptyCommandIsRefused) {
  EXPECT_EQ(reply_to("sha256: a0, command: \"\""), "400 missing command value");
  EXPECT_EQ(reply_to("sha256: a0, command: \"\"", "openbao 2.6.2"), "400 missing command value");
  EXPECT_EQ(reply_to("sha256: a0, command: \"\"", "vault 1.15.0"),
            "400 must provide at least one of command or oci_image");
}

TEST(Register, AnImageIsACommandOnlyForServersThatHaveContainers) {
  EXPECT_EQ(reply_to("sha256: a0, oci_image: toy", "vault 1.15.0"), "204");
  EXPECT_EQ(reply_to("sha256: a0, oci_image: toy", "vault 1.14.9"), "400 missing command value");
  EXPECT_EQ(reply_to("sha256: a0, oci_image: toy", "openbao 2.6.2"), "400 missing command value");
}

TEST(Register, AnImageHasNoCommand) {
  const Played run = played("  - register: {type: secret, name: toy, sha256: a0, oci_image: toy}\n", "vault 1.15.0");
  ASSERT_EQ(run.catalog(), "secret toy a0");
  const Record& record = run.world()->record(run.cluster().entry(catalog_in_order(run.cluster()).front()).record);
  EXPECT_EQ(record.command, Text{});
}

TEST(Register, AnImageIsNotComparedWithAFileOfItsName) {
  // Of each of these files one thing would be told that the entry does not say: its version, its type, that it is
  // broken.
  const std::string image = ", oci_image: registry/toy";
  for (const std::string command : {"toy-says-v1.0.1", "toy-says-1.0.1", "toy-says-latest", "toy-broken", "toydb"}) {
    const std::string fields = "sha256: ff, command: " + command + image;
    const Played unversioned =
        played("  - register: {type: secret, name: toy, " + fields + "}\n", "vault 1.17.0-beta1");
    EXPECT_EQ(unversioned.reply(), "204") << command;
    EXPECT_EQ(unversioned.catalog(), "secret toy ff") << command;
    const Played versioned =
        played("  - register: {type: secret, name: toy, version: v2.0.0, " + fields + "}\n", "vault 1.17.0-beta1");
    EXPECT_EQ(versioned.reply(), "204") << command;
    EXPECT_EQ(versioned.catalog(), "secret toy v2.0.0 ff") << command;
  }
  const Played untyped =
      played("  - register: {type: secrets, name: toy, sha256: ff, command: toydb" + image + "}\n", "vault 1.15.0");
  EXPECT_EQ(untyped.catalog(), "secret secrets/toy ff");
}

TEST(Register, ArgumentsStandInTheCommandOrInArgs) {
  EXPECT_EQ(reply_to("sha256: a0, command: toy -v, args: [-x]"), "400 must not specify args in command and args field");
  EXPECT_EQ(reply_to("sha256: a0, command: toy -v"), "204");
}

TEST(Register, ArgumentsInTheCommandAndInArgsAreTheSameEntry) {
  // The same entry has one process; the mount that was made from the first spelling shares it with the one made from
  // the second.
  const Played run = Played(plan_of({.steps = R"(
  - register: {type: secret, name: toy, version: v1.0.0, sha256: a0, command: toy-1.0.0 -v  -x}
  - enable: {path: a/, plugin: toy}
  - register: {type: secret, name: toy, version: v1.0.0, sha256: a0, command: toy-1.0.0, args: [-v, "", -x]}
  - enable: {path: b/, plugin: toy}
)"}));
  EXPECT_EQ(run.processes(), "a0");
  const Played other = Played(plan_of({.steps = R"(
  - register: {type: secret, name: toy, version: v1.0.0, sha256: a0, command: toy-1.0.0 -v -x}
  - enable: {path: a/, plugin: toy}
  - register: {type: secret, name: toy, version: v1.0.0, sha256: a0, command: toy-1.0.0, args: [-v -x]}
  - enable: {path: b/, plugin: toy}
)"}));
  EXPECT_EQ(other.processes(), "a0×2");
}

TEST(Register, ASha256ThatIsNoHexadecimalNumberIsRefused) {
  EXPECT_EQ(reply_to("sha256: abxd"), "400 Could not decode SHA-256 value from Hex");
  EXPECT_EQ(reply_to("sha256: abxd", "openbao 2.6.2"), "400 Could not decode SHA-256 value from Hex");
  EXPECT_EQ(reply_to("sha256: abxd", "vault 1.15.0"),
            "400 Could not decode SHA256 value from Hex abxd: encoding/hex: invalid byte: U+0078 'x'");
  EXPECT_EQ(reply_to("sha256: abé0", "vault 1.15.0"),
            "400 Could not decode SHA256 value from Hex abé0: encoding/hex: invalid byte: U+00C3 'Ã'");
  EXPECT_EQ(reply_to("sha256: abc", "vault 1.15.0"),
            "400 Could not decode SHA256 value from Hex abc: encoding/hex: odd length hex string");
}

TEST(Register, TheLengthOfTheSha256IsNotLookedAt) { EXPECT_EQ(reply_to("sha256: a0a0a0"), "204"); }

TEST(Register, NameAndCommandContainNoParent) {
  EXPECT_EQ(reply_to("sha256: a0, command: ../toy"),
            "500 1 error occurred:\n\t* path cannot contain parent references\n\n");
  EXPECT_EQ(played("  - register: {type: secret, name: to..y, sha256: a0, command: toy}\n").reply(),
            "500 1 error occurred:\n\t* path cannot contain parent references\n\n");
}

TEST(Register, TheFileHasToBeInThePluginDirectoryOfTheNodeThatHandlesIt) {
  EXPECT_EQ(reply_to("sha256: a0, command: nothing"),
            "500 1 error occurred:\n\t* error while validating the command path: lstat <plugin_directory>/nothing: no "
            "such file or "
            "directory\n\n");
  EXPECT_EQ(reply_to("sha256: a0, command: no/toy"),
            "500 1 error occurred:\n\t* error while validating the command path: lstat <plugin_directory>/no: no such "
            "file or "
            "directory\n\n");
  EXPECT_EQ(reply_to("sha256: a0, command: sub/toy"),
            "500 1 error occurred:\n\t* cannot execute files outside of configured plugin directory\n\n");
}

TEST(Register, AWrongSha256IsNotNoticed) {
  const Played run =
      played("  - register: {type: secret, name: toy, sha256: bad0}\n  - enable: {path: my/, plugin: toy}\n");
  EXPECT_EQ(run.last_replies(2),
            "204; 400 invalid backend version: 2 errors occurred:\n\t* checksums did not match\n\t* checksums did not "
            "match\n\n");
}

TEST(Register, WithoutAVersionItIsStoredUnderTheOneThatTheBinaryReports) {
  const Played run = played("  - register: {type: secret, name: toy, sha256: a1, command: toy-says-v1.0.1}\n");
  EXPECT_EQ(run.reply(), "204");
  EXPECT_EQ(run.catalog(), "secret toy v1.0.1 a1");
}

TEST(Register, ABinaryThatCannotBeRunIsStoredUnversionedByTheSameCommand) {
  EXPECT_EQ(played("  - register: {type: secret, name: toy, sha256: a4, command: toy-broken}\n").catalog(),
            "secret toy a4");
  EXPECT_EQ(played("  - register: {type: secret, name: toy, sha256: bad0, command: toy-says-v1.0.1}\n").catalog(),
            "secret toy bad0");
}

TEST(Register, AnotherVersionThanTheBinaryReportsIsRefused) {
  EXPECT_EQ(reply_to("sha256: a1, command: toy-says-v1.0.1, version: v1.0.2"),
            "400 plugin version mismatch: toy reported version (v1.0.1) did not match requested version (v1.0.2)");
}

TEST(Register, TheReportedVersionIsComparedAsText) {
  EXPECT_EQ(reply_to("sha256: a2, command: toy-says-1.0.1, version: 1.0.1"),
            "400 plugin version mismatch: toy reported version (1.0.1) did not match requested version (v1.0.1)");
}

TEST(Register, AVersionThatContradictsABinaryThatCannotBeRunIsStored) {
  const Played run =
      played("  - register: {type: secret, name: toy, sha256: a4, command: toy-broken, version: v1.0.0}\n");
  EXPECT_EQ(run.catalog(), "secret toy v1.0.0 a4");
}

TEST(Register, AReportedVersionThatIsNoneIsRefused) {
  EXPECT_EQ(reply_to("sha256: a3, command: toy-says-latest"),
            "500 1 error occurred:\n\t* plugin self-reported version \"latest\" is not a valid semantic version: "
            "Malformed version: "
            "latest\n\n");
}

TEST(Register, AReportedVersionMayBeLaxerThanAGivenOne) {
  EXPECT_EQ(played("  - register: {type: secret, name: toy, sha256: a5, command: toy-says-rc}\n").catalog(),
            "secret toy 1.0.0rc1 a5");
}

TEST(Register, WhatReportsAVersionThatIsNotCanonicalIsListedButCannotBeHad) {
  const Played run = played(R"(
  - register: {type: secret, name: toy, sha256: a2, command: toy-says-1.0.1}
  - enable: {path: my/, plugin: toy, plugin_version: 1.0.1}
  - enable: {path: my/, plugin: toy}
  - deregister: {type: secret, name: toy, version: 1.0.1}
)");
  EXPECT_EQ(run.last_replies(4),
            "204; 400 plugin not found in the catalog: toy, version=v1.0.1; "
            "400 plugin not found in the catalog: toy, version=v1.0.1; 204");
  EXPECT_EQ(run.catalog(), "secret toy 1.0.1 a2");
}

TEST(Register, AnEntryIsReplacedWhole) {
  const Played run = Played(plan_of({.steps = R"(
  - register: {type: secret, name: toy, version: v1.0.0, sha256: a0, command: toy-1.0.0, args: [-v]}
  - enable: {path: a/, plugin: toy}
  - register: {type: secret, name: toy, version: v1.0.0, sha256: a0, command: toy-1.0.0}
  - enable: {path: b/, plugin: toy}
)"}));
  EXPECT_EQ(run.processes(), "a0×2") << "without its arguments it is another entry, with a process of its own";
}

TEST(Register, NoProcessStartsOrEnds) {
  const Played run = Played(plan_of({.multiplexed = false, .steps = registered("toy", {0}) + R"(
  - enable: {path: my/, plugin: toy}
  - register: {type: secret, name: toy, version: v1.0.0, sha256: a0, command: toy-1.0.0}
  - register: {type: secret, name: toy, version: v1.0.1, sha256: a1, command: toy-1.0.1}
  - deregister: {type: secret, name: toy, version: v1.0.0}
  - register: {type: secret, name: toy, version: v1.0.0, sha256: a0, command: toy-1.0.0}
)"}));
  EXPECT_EQ(run.processes(), "a0");
}

TEST(Register, AnUnknownTypeBecomesPartOfTheNameAndTheFileTellsTheType) {
  const Played run = played(R"(
  - register: {type: secrets, name: toy, sha256: a0, command: toy}
  - register: {type: secrets, name: toyauth, sha256: c0, command: toyauth}
  - register: {type: secrets, name: toydb, sha256: d0, command: toydb, version: v1.0.0}
)");
  EXPECT_EQ(run.last_replies(3), "204; 204; 204");
  EXPECT_EQ(run.catalog(), "auth secrets/toyauth c0, database secrets/toydb v1.0.0 d0, secret secrets/toy a0");
}

TEST(Register, WhatWasRegisteredWithAnUnknownTypeIsUsedByItsWholeName) {
  const Played run = played(R"(
  - register: {type: secrets, name: toy, sha256: a0, command: toy, version: v1.0.0}
  - enable: {path: a/, plugin: toy}
  - enable: {path: my/, plugin: secrets/toy}
  - tune: {path: my/, plugin_version: v1.0.0}
  - register: {type: secrets, name: toydb, sha256: d0, command: toydb}
  - enable: {path: database/, plugin: database}
  - configure_database: {mount: database/, connection: db, plugin_name: secrets/toydb}
  - deregister: {type: secret, name: secrets/toy, version: v1.0.0}
  - tune: {path: my/, plugin_version: v1.0.0}
)");
  EXPECT_EQ(run.last_replies(8),
            "400 plugin not found in the catalog: toy; 204; 204; 204; 204; 204; 204; "
            "400 plugin not found in the catalog: secrets/toy, version=v1.0.0");
  EXPECT_EQ(run.processes(), "a0 d0");
}

TEST(Register, AFileThatCannotBeRunHasNoType) {
  EXPECT_EQ(played("  - register: {type: secrets, name: toy, sha256: bad0, command: toy}\n").reply(),
            "500 3 errors occurred:\n\t* failed to load plugin as database v5: checksums did not match\n"
            "\t* failed to load plugin as database v4: checksums did not match\n"
            "\t* failed to dispense v4 backend plugin: checksums did not match\n\n");
}

TEST(Deregister, NothingChecksThatTheEntryIsUnused) {
  const Played run = Played(plan_of({.steps = registered("toy", {0}) + R"(
  - enable: {path: my/, plugin: toy}
  - deregister: {type: secret, name: toy, version: v1.0.0}
  - request: {path: my/version}
  - crash: {mount: my/}
  - request: {path: my/version}
)"}));
  EXPECT_EQ(
      run.last_replies(4),
      "204; 200 by v1.0.0 a0; 0; 500 1 error occurred:\n\t* plugin not found in the catalog: toy, version=v1.0.0\n\n");
}

TEST(Deregister, AMissingEntryIsNoError) {
  EXPECT_EQ(played("  - deregister: {type: secret, name: nobody, version: v1.0.0}\n").reply(), "204");
}

TEST(Deregister, WithoutAVersionOnlyTheUnversionedEntryGoes) {
  const Played run = played(R"(
  - register: {type: secret, name: toy, sha256: a0}
  - register: {type: secret, name: toy, sha256: a0, version: v1.0.0}
  - deregister: {type: secret, name: toy}
)");
  EXPECT_EQ(run.catalog(), "secret toy v1.0.0 a0");
}

TEST(Deregister, VersionsAreMadeCanonicalFirst) {
  const Played run = played(R"(
  - register: {type: secret, name: toy, sha256: a0, version: "1"}
  - deregister: {type: secret, name: toy, version: 1.0.0}
)");
  EXPECT_EQ(run.catalog(), "");
}

TEST(Deregister, AMalformedVersionWinsOverAnUnknownType) {
  EXPECT_EQ(played("  - deregister: {type: secrets, name: toy, version: one}\n").reply(),
            "400 version \"one\" is not a valid semantic version: Malformed version: one");
}

TEST(Deregister, AnUnknownTypeIsAnOldEndpoint) {
  EXPECT_EQ(played("  - deregister: {type: secrets, name: toy}\n").reply(),
            "200 (Deprecated API endpoint, cannot deregister plugin from catalog for \"secrets/toy\")");
}

TEST(Deregister, ABuiltinVersionStays) {
  EXPECT_EQ(played("  - deregister: {type: secret, name: transit, version: v1.14.9+builtin.vault}\n").reply(),
            "400 version \"v1.14.9+builtin.vault\" cannot be deleted");
}

TEST(Lookup, AnEmptyVersionNeverMeansTheLatest) {
  const Played run = played(R"(
  - enable: {path: t/, plugin: transit}
  - register: {type: secret, name: transit, version: v9.0.0, sha256: a0, command: toy}
  - reload: {plugin: transit}
)");
  EXPECT_EQ(run.mount("t/"), "running configured -, reports v1.14.9+builtin.vault -, is v1.14.9+builtin.vault -");
}

TEST(Lookup, AnUnversionedEntryStandsBeforeTheBuiltinFromTheNextLoadOn) {
  const Played run = played(R"(
  - enable: {path: t/, plugin: transit}
  - register: {type: secret, name: transit, sha256: a0, command: toy}
  - check: [{mount: t/, running_sha256: ""}]
  - reload: {plugin: transit}
)");
  EXPECT_EQ(run.mount("t/"), "running configured -, reports - a0, is - a0");
}

TEST(Lookup, ABuiltinIsBackAtTheNextLoadAfterItsShadowIsGone) {
  const Played run = played(R"(
  - register: {type: secret, name: transit, sha256: a0, command: toy}
  - enable: {path: t/, plugin: transit}
  - deregister: {type: secret, name: transit}
  - reload: {plugin: transit}
)");
  EXPECT_EQ(run.mount("t/"), "running configured -, reports v1.14.9+builtin.vault -, is v1.14.9+builtin.vault -");
  EXPECT_EQ(run.processes(), "");
}

}  // namespace
}  // namespace replug::simulator::test
