#include "planner/reading/read.h"

#include <string>
#include <string_view>
#include <variant>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "planner/reading/planned_step.h"
#include "simulator/steps/step.h"
#include "tests/planner/reading.h"

namespace replug::planner {
namespace {

using simulator::At;
using simulator::ClaimKey;
using simulator::Expectation;

Plan plan_of(std::string_view text, const NamedFiles& files = {}) {
  Reading reading = read_text(text, files);
  EXPECT_EQ(told(reading.problems), "");
  return reading.plan ? std::move(*reading.plan) : Plan{};
}

// --- What is read ---

constexpr std::string_view whole_plan = R"(replug: 1
name: Upgrade my-secret-plugin to v1.0.1
cluster:
  server: {product: vault, version: 1.16.3+ent}
  nodes:
    vault-0: {role: active}
    vault-1: {role: performance_standby}
    eu-0: {role: active, replica: eu}
  replicas: {eu: dr_secondary}
releases:
  - type: secret
    name: my-secret-plugin
    versions:
      "1.0": {sha256: 5b6d, schema: 1}
      v2.0.0: {schema: 2, upgrade_from: ">=1.0.1, <2", downgrade_to: none, notes: "https://example.com"}
steps:
  - id: put
    install: {file: my-secret-plugin-1.0.1, sha256: 1c02, type: secret, reports_version: v1.0.1, multiplexed: true, starts: false}
    at: [vault-0, vault-1]
  - register: {type: secret, name: my-secret-plugin, sha256: 1c02, version: v1.0.1, args: [-x], env: A=1}
    needs: [put]
    namespace: /team-a
    fails: checksum
    note: as last time
    expect:
      - {mount: my-secret, at: vault-1, running_version: v1.0.0, serving: true, plugin: my-secret-plugin}
      - {database: database/my-db, status: respawns}
  - tune: {path: [my-secret, /other/], plugin_version: ""}
    at: each
    fails: true
  - step_down:
    at: load_balancer
    needs: []
  - configure_database: {mount: database, connection: my-db, plugin_version: "", allowed_roles: [a, b], connection_url: "x", n: 5}
  - enable: {path: auth/kv, plugin: kv, options: {version: 2}}
  - check: [{plugin: {type: secret, name: my-secret-plugin}, registered: false}]
  - confirm: Go on?
  - upgrade_server: {node: vault-1, version: 2.6.2, product: openbao, to: vault-0}
  - reload: {}
    fails: false
    at: active
  - crash: {database: /database/my-db/}
expect:
  - {plugin: {type: secret, name: my-secret-plugin, version: v1.0.0}, registered: true, sha256: 5b6d}
rollback:
  - {unpin: {type: secret, name: my-secret-plugin}}
  - {backup: , needs: [rollback-1]}
allow:
  - {rule: immutable-version, reason: agreed with the team, step: put}
  - rule: disable-wipes-data
)";

TEST(ReadPlan, ReadsEveryKeyOfTheLanguage) {
  const Plan plan = plan_of(whole_plan);
  EXPECT_EQ(plan.name.view(), "Upgrade my-secret-plugin to v1.0.1");
  EXPECT_EQ(plan.file(), "plan.yaml");
  ASSERT_EQ(plan.steps.size(), 11U);
  ASSERT_EQ(plan.rollback.size(), 2U);
  EXPECT_EQ(plan.rollback[0].step.id.view(), "rollback-1");
  EXPECT_EQ(plan.rollback[1].needs, std::vector<std::size_t>{0});
  ASSERT_EQ(plan.allow.size(), 2U);
  EXPECT_EQ(plan.allow[0].rule.view(), "immutable-version");
  EXPECT_EQ(plan.allow[0].reason.view(), "agreed with the team");
  EXPECT_EQ(plan.allow[0].step.view(), "put");
  EXPECT_EQ(plan.allow[1].reason.view(), "") << "none is a finding, not a problem";
  ASSERT_EQ(plan.expect.size(), 1U);
  EXPECT_EQ(plan.expect[0].subject, Expectation::Subject::plugin);
  EXPECT_EQ(plan.expect[0].version.view(), "v1.0.0");
  ASSERT_EQ(plan.expect[0].claims.size(), 2U);
  EXPECT_EQ(plan.expect[0].claims[1].key, ClaimKey::sha256);
}

TEST(ReadPlan, ReadsCommonKeysOfSteps) {
  const Plan plan = plan_of(whole_plan);
  const auto& put = plan.steps.at(0).step;
  EXPECT_EQ(put.id.view(), "put");
  EXPECT_EQ(put.at.who, At::Who::nodes);
  ASSERT_EQ(put.at.nodes.size(), 2U);
  EXPECT_EQ(put.at.nodes[1].view(), "vault-1");
  EXPECT_FALSE(plan.steps[0].needs);

  const auto& registered = plan.steps.at(1).step;
  EXPECT_EQ(registered.id.view(), "step-2");
  EXPECT_EQ(registered.at.who, At::Who::unsaid);
  EXPECT_EQ(registered.name_space.view(), "team-a/");
  EXPECT_EQ(registered.fails->part.view(), "checksum");
  EXPECT_EQ(registered.note.view(), "as last time");
  EXPECT_EQ(plan.steps[1].needs, std::vector<std::size_t>{0});

  EXPECT_EQ(plan.steps.at(2).step.at.who, At::Who::each);
  EXPECT_TRUE(plan.steps[2].step.fails->part.empty());
  EXPECT_EQ(plan.steps.at(3).step.at.who, At::Who::load_balancer);
  EXPECT_EQ(plan.steps[3].needs, std::vector<std::size_t>{});
  EXPECT_FALSE(plan.steps.at(9).step.fails);
  EXPECT_EQ(plan.steps[9].step.at.who, At::Who::active);
}

TEST(ReadPlan, ReadsFieldsOfActions) {
  const Plan plan = plan_of(whole_plan);
  const auto& install = std::get<simulator::Install>(plan.steps.at(0).step.action);
  EXPECT_EQ(install.file.view(), "my-secret-plugin-1.0.1");
  EXPECT_EQ(install.reports_version->view(), "v1.0.1");
  EXPECT_EQ(install.multiplexed, true);
  EXPECT_EQ(install.starts, false);
  const auto& registered = std::get<simulator::Register>(plan.steps.at(1).step.action);
  EXPECT_FALSE(registered.command);
  ASSERT_EQ(registered.args.size(), 1U);
  ASSERT_EQ(registered.env.size(), 1U);
  EXPECT_EQ(registered.env[0].view(), "A=1");
  const auto& enable = std::get<simulator::Enable>(plan.steps.at(5).step.action);
  EXPECT_EQ(enable.path.view(), "auth/kv/");
  ASSERT_EQ(enable.options.size(), 1U);
  EXPECT_EQ(enable.options[0].value.view(), "2");
  EXPECT_EQ(std::get<simulator::Confirm>(plan.steps.at(7).step.action).question.view(), "Go on?");
  EXPECT_EQ(std::get<simulator::UpgradeServer>(plan.steps.at(8).step.action).product->view(), "openbao");
  EXPECT_EQ(std::get<simulator::Crash>(plan.steps.at(10).step.action).database->view(), "database/my-db");
}

TEST(ReadPlan, GivesMountPathsTheirFinalSlash) {
  const Plan plan = plan_of(whole_plan);
  const auto& tune = std::get<simulator::Tune>(plan.steps.at(2).step.action);
  ASSERT_EQ(tune.path.size(), 2U);
  EXPECT_EQ(tune.path[0].view(), "my-secret/");
  EXPECT_EQ(tune.path[1].view(), "other/");
}

TEST(ReadPlan, TellsAnEmptyVersionFromNone) {
  const Plan plan = plan_of(whole_plan);
  const auto& configure = std::get<simulator::ConfigureDatabase>(plan.steps.at(4).step.action);
  ASSERT_TRUE(configure.plugin_version);
  EXPECT_TRUE(configure.plugin_version->empty());
  EXPECT_FALSE(configure.plugin_name);
}

TEST(ReadPlan, KeepsEveryFieldOfAConnectionsConfiguration) {
  const Plan plan = plan_of(whole_plan);
  const auto& other = std::get<simulator::ConfigureDatabase>(plan.steps.at(4).step.action).other;
  ASSERT_EQ(other.size(), 3U);
  EXPECT_EQ(other[0].key.view(), "allowed_roles");
  EXPECT_EQ(other[0].value.view(), "a,b");
  EXPECT_EQ(other[2].value.view(), "5");
}

TEST(ReadPlan, KeepsTheOrderOfClaims) {
  const Plan plan = plan_of(whole_plan);
  const auto& expect = plan.steps.at(1).step.expect;
  ASSERT_EQ(expect.size(), 2U);
  EXPECT_EQ(expect[0].mount.view(), "my-secret/");
  EXPECT_EQ(expect[0].at->view(), "vault-1");
  ASSERT_EQ(expect[0].claims.size(), 3U);
  EXPECT_EQ(expect[0].claims[0].key, ClaimKey::running_version);
  EXPECT_EQ(expect[0].claims[1].key, ClaimKey::serving);
  EXPECT_EQ(expect[0].claims[2].key, ClaimKey::plugin);
  EXPECT_EQ(expect[1].mount.view(), "database/");
  EXPECT_EQ(expect[1].connection.view(), "my-db");
  EXPECT_EQ(expect[1].claims.at(0).value.view(), "respawns");
}

TEST(ReadPlan, FindsReleasesByTheirCanonicalVersion) {
  const Plan plan = plan_of(whole_plan);
  ASSERT_TRUE(plan.has_releases);
  const Release* first = plan.release("secret", "my-secret-plugin", "v1.0.0");
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->sha256->view(), "5b6d");
  EXPECT_EQ(first->schema, 1);
  EXPECT_FALSE(first->upgrade_from);
  const Release* second = plan.release("secret", "my-secret-plugin", "v2.0.0");
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(second->downgrade_to->kind, VersionConstraint::Kind::none);
  EXPECT_EQ(plan.release("auth", "my-secret-plugin", "v1.0.0"), nullptr);
  EXPECT_EQ(plan.release("secret", "my-secret-plugin", "v7.0.0"), nullptr);
  EXPECT_EQ(plan.release("secret", "", ""), nullptr);
}

TEST(ReadPlan, KnowsThePlacesOfFieldsAndCommonKeys) {
  const Plan plan = plan_of(whole_plan);
  const auto line_and_column = [](Place place) {
    return fmt::format("{}:{}", place.begin().line, place.begin().column);
  };
  EXPECT_EQ(line_and_column(plan.where(plan.steps[1])), "20:5");
  EXPECT_EQ(line_and_column(plan.where(plan.steps[1], "version")), "20:77");
  EXPECT_EQ(line_and_column(plan.where(plan.steps[1], "fails")), "23:12");
  EXPECT_EQ(line_and_column(plan.where(plan.steps[1], "command")), "20:5");
  EXPECT_EQ(line_and_column(plan.where(plan.steps[7], "confirm")), "37:14");
}

TEST(ReadPlan, AcceptsAVersionWithTwoDotsOrAVWithoutQuotes) {
  EXPECT_EQ(problems_of(with_steps("  - tune: {path: a, plugin_version: 1.10.0}\n"
                                   "  - tune: {path: a, plugin_version: v1.10}\n"
                                   "  - tune: {path: a, plugin_version: \"1.10\"}\n")),
            "");
}

TEST(ReadPlan, LeavesToTheServerWhatItAnswersItself) {
  EXPECT_EQ(problems_of(with_steps("  - register: {type: secrets, name: x, sha256: 12e4, version: nine}\n"
                                   "  - reload: {plugin: toy, mounts: [my/]}\n"
                                   "  - reload: {}\n"
                                   "  - pin: {type: secret, name: x, version: ''}\n"
                                   "  - pin: {type: secret, name: x}\n")),
            "");
}

TEST(ReadPlan, ReadsJson) {
  EXPECT_EQ(problems_of(R"({"replug": 1, "cluster": {"server": {"product": "openbao", "version": "2.6.2"},
    "nodes": {"a": {"role": "active"}}}, "steps": [{"step_down": {}}]})"),
            "");
}

// --- What is wrong at the top ---

TEST(ReadPlanProblems, OfWhatIsNoPlan) {
  EXPECT_EQ(
      problems_of("- a"),
      "1:1 A plan must be a mapping, not a list. A plan begins with `replug: 1`, and has a `cluster` and `steps`.\n");
  EXPECT_EQ(problems_of("kind: Pod\nspec: {}\n"),
            "1:1 This file is no plan. A plan begins with `replug: 1`, and has a `cluster` and `steps`.\n");
  EXPECT_EQ(problems_of("replug: 2\nfoo: bar\nsteps: []\n"),
            "1:9 This plan is written in version `2` of the language. This replug reads version 1: `replug: 1`.\n");
}

TEST(ReadPlanProblems, OfMissingAndUnknownKeys) {
  EXPECT_EQ(
      problems_of("replug: 1\nstep: []\nx: 1\n"),
      "1:1 This plan has no `cluster`. Write `cluster: PATH` or the mapping itself: `cluster: {server: …, nodes: …}`.\n"
      "1:1 This plan has no `steps`. Add the list of what will be done: `steps: []`.\n"
      "2:1 A plan has no key `step`. Did you mean `steps`?\n"
      "3:1 A plan has no key `x`. Its keys are `replug`, `name`, `cluster`, `releases`, `steps`, `expect`, `rollback` "
      "and `allow`.\n");
}

TEST(ReadPlanProblems, AreAllReported) {
  EXPECT_EQ(problems_of(with_steps("  - tune: {path: my, plugn_version: v1}\n"
                                   "  - registr: {}\n")),
            "4:5 `tune` needs `plugin_version`. `plugin_version` is the version to configure.\n"
            "4:22 `tune` has no key `plugn_version`. Did you mean `plugin_version`?\n"
            "5:5 There is no action or key `registr`. Did you mean `register`?\n");
}

TEST(ReadPlanProblems, AreAtMostAThousand) {
  std::string steps;
  for (int i = 0; i < 2000; ++i) steps += "  - nonsense\n";
  const Problems problems = read_text(with_steps(steps)).problems;
  ASSERT_EQ(problems.size(), 1001U);
  EXPECT_EQ(problems.back().message, "There are 1000 more problems.");
}

TEST(ReadPlanProblems, MakeHostileNamesHarmless) {
  EXPECT_EQ(problems_of(with_steps("  - {step_down: {}, \"\\e[31m\": x, needs: [\"a\\u202eb\"]}\n")).find('\x1b'),
            std::string::npos);
  EXPECT_EQ(problems_of(with_steps("  - {step_down: {}, needs: [\"a\\u202eb\"]}\n")).find("\u202e"), std::string::npos);
}

// --- What is wrong with a step ---

TEST(ReadStepProblems, OfItsAction) {
  EXPECT_EQ(
      problems_of(with_steps("  - enable: {path: a, plugin: b}\n    disable: {path: a}\n")),
      "5:5 A step has one action; this one has `enable` and `disable`. Make two steps of it. [4:5 the first action]\n");
  EXPECT_EQ(problems_of(with_steps("  - disable: my/\n")),
            "4:14 `disable` must be a mapping, not a text. Write `disable: {path: my/}`.\n");
  EXPECT_EQ(problems_of(with_steps("  - tune: v1\n")),
            "4:11 `tune` must be a mapping, not a text. Write `tune: {path: …, plugin_version: …}`.\n");
  EXPECT_EQ(problems_of(with_steps("  - step_down\n")),
            "4:5 A step must be a mapping with one action, not a text. Write `step_down: {}`.\n");
  EXPECT_TRUE(problems_of(with_steps("  - {note: x}\n"))
                  .starts_with("4:5 This step has no action. Add one: `install`, `uninstall`, "));
}

TEST(ReadStepProblems, OfKeysInTheWrongPlace) {
  EXPECT_EQ(problems_of(with_steps("  - reload:\n    plugin: x\n")),
            "5:5 `plugin` stands beside `reload`, not in it. Indent `plugin` further than `reload`.\n");
  EXPECT_EQ(problems_of(with_steps("  - reload:\n      plugin: x\n      at: vault-1\n")),
            "6:7 `at` stands inside `reload`. Move `at` out, so that it stands beside `reload`.\n");
}

TEST(ReadStepProblems, OfNumbersThatShouldBeVersions) {
  EXPECT_EQ(problems_of(with_steps("  - tune: {path: a, plugin_version: 1.10}\n")),
            "4:37 YAML reads the `plugin_version` 1.10 as the number 1.1. Write \"1.10\" in quotes.\n");
  EXPECT_EQ(problems_of(with_steps("  - pin: {type: secret, name: a, version: 1}\n")),
            "4:43 YAML reads the `version` 1 as a number. Write \"1\" in quotes.\n");
  EXPECT_EQ(problems_of(with_steps("  - pin: {type: secret, name: a, version: 1e3}\n")),
            "4:43 YAML reads the `version` 1e3 as the number 1000. Write \"1e3\" in quotes.\n");
  EXPECT_EQ(problems_of(with_steps("  - check: [{mount: a/, running_version: 2.0}]\n")),
            "4:42 YAML reads the `running_version` 2.0 as the number 2. Write \"2.0\" in quotes.\n");
}

TEST(ReadStepProblems, OfValuesOfTheWrongKind) {
  EXPECT_EQ(problems_of(with_steps("  - register: {type: secret, name: [x], sha256: {}, version: }\n")),
            "4:36 `name` must be a text, not a list.\n"
            "4:49 `sha256` must be a text, not a mapping.\n"
            "4:60 `version` has no value; it must be a text. Leave the key out, or write \"\" for an empty text.\n");
  EXPECT_EQ(problems_of(with_steps("  - install: {file: a, sha256: b, starts: no, multiplexed: \"true\"}\n")),
            "4:43 `starts` must be true or false, not `no`. In YAML 1.2 that is a text; write `false`.\n"
            "4:60 `multiplexed` must be true or false, not `true`. Leave the quotes off.\n");
  EXPECT_EQ(problems_of(with_steps("  - {step_down: {}, fails: yes}\n")),
            "4:28 In YAML 1.2 `yes` is a text, not true or false. Write `true` or `false`; or \"yes\" in quotes for an "
            "error that says so.\n");
  EXPECT_EQ(problems_of(with_steps("  - disable: {path: /}\n")),
            "4:21 `path` is an empty path. Write the path of a mount, for example `my-secret/`.\n");
}

TEST(ReadStepProblems, OfNodesThatAreNotThere) {
  EXPECT_EQ(
      problems_of(with_steps(
          "  - restart: {node: vault-O}\n    at: activ\n  - {step_down: {to: nowhere-9}, at: [vault-0, vault-3]}\n")),
      "4:21 There is no node `vault-O`. Did you mean `vault-0`?\n"
      "5:9 There is no node `activ`. Did you mean `active`?\n"
      "6:22 There is no node `nowhere-9`. The nodes are `vault-0`, `vault-1` and `vault-2`.\n"
      "6:48 There is no node `vault-3`. Did you mean `vault-0`?\n");
}

TEST(ReadStepProblems, OfFieldsThatExcludeEachOther) {
  EXPECT_EQ(problems_of(with_steps("  - request: {}\n  - crash: {mount: a, database: b/c}\n")),
            "4:5 `request` needs `path` or `database`.\n"
            "5:23 `crash` needs `mount` or `database`, not both.\n");
}

TEST(ReadStepProblems, OfServersThatNobodyKnows) {
  EXPECT_EQ(problems_of(with_steps("  - upgrade_server: {node: vault-1, version: \"1.16\"}\n"
                                   "  - upgrade_server: {node: vault-1, version: 1.10.1}\n"
                                   "  - upgrade_server: {node: vault-1, version: 2.0.0, product: OpenBao}\n")),
            "4:46 `1.16` is no version of a server. Write it as the server prints it, for example `1.16.3`, "
            "`1.16.3+ent` or `2.6.2`.\n"
            "5:46 Vault 1.10.1 is too old to be simulated. Vault from 1.11 and OpenBao from 2.0 are known.\n"
            "6:62 `product` must be `vault` or `openbao`, not `OpenBao`. Did you mean `openbao`?\n");
}

TEST(ReadStepProblems, OfNearMissesInAConnectionsConfiguration) {
  EXPECT_EQ(
      problems_of(with_steps("  - configure_database: {mount: a, connection: b, plugin_verison: v1, fails: true}\n")),
      "4:51 `configure_database` has no key `plugin_verison`. Did you mean `plugin_version`?\n"
      "4:71 `fails` stands inside `configure_database`. Move `fails` out, so that it stands beside "
      "`configure_database`.\n");
}

// --- Ids and needs ---

TEST(ReadNeedsProblems, OfIdsThatAreGivenTwice) {
  EXPECT_EQ(problems_of(with_steps("  - {step_down: {}, id: a}\n  - {step_down: {}, id: a}\n")),
            "5:25 There are two steps `a`. [4:25 this id is given here first]\n");
  EXPECT_EQ(
      problems_of(with_steps("  - {step_down: {}, id: step-2}\n  - step_down: {}\n")),
      "4:25 There are two steps `step-2`. Give it another id: a step without one is named by its place in the list. "
      "[5:5 this step has no id]\n");
  EXPECT_EQ(problems_of(with_steps("  - {step_down: {}, id: a}\nrollback:\n  - {step_down: {}, id: a}\n")),
            "6:25 There are two steps `a`. [4:25 this id is given here first]\n");
}

TEST(ReadNeedsProblems, OfStepsThatAreNotThere) {
  EXPECT_EQ(problems_of(with_steps("  - {step_down: {}, needs: [registr]}\n  - {step_down: {}, id: register}\n")),
            "4:29 There is no step `registr` in `steps`. Did you mean `register`?\n");
  EXPECT_EQ(problems_of(with_steps("  - {step_down: {}, needs: step-2}\n")),
            "4:28 `needs` must be a list, not a text. Write `needs: [step-2]`.\n");
  EXPECT_EQ(problems_of(with_steps("  - {step_down: {}, needs: }\n")),
            "4:26 `needs` has no value; it must be a list. Write `needs: []` for a step that may start at once.\n");
}

// --- Expectations ---

TEST(ReadExpectationsProblems, OfSubjectsAndClaims) {
  EXPECT_EQ(
      problems_of(with_steps("  - check:\n"
                             "      - {mount: a/}\n"
                             "      - {running_version: v1}\n"
                             "      - {mount: a/, database: b/c, serving: true}\n"
                             "      - {mount: a/, registered: true}\n"
                             "      - {plugin: {type: secret}, registered: true}\n"
                             "      - {database: b, status: runing}\n"
                             "      - {mount: a/, runing_version: v1}\n"
                             "      - {plugin: toy, registered: true}\n")),
      "5:9 This expectation claims nothing. Say what must hold: `plugin_version`, `running_version`, `running_sha256`, "
      "`serving`, "
      "`plugin` or `status`.\n"
      "6:9 This expectation does not say of what. Add `mount: PATH/`, `database: MOUNT/CONNECTION` or `plugin: {type: "
      "…, name: …, "
      "version: …}`.\n"
      "7:21 An expectation has one subject; this one has `mount` and `database`. Make two items of it. [7:10 the first "
      "subject]\n"
      "8:21 `registered` is nothing that can be claimed of a mount. Of a mount can be claimed: `plugin_version`, "
      "`running_version`, "
      "`running_sha256`, `serving`, `plugin` and `status`.\n"
      "9:10 This `plugin` has no `name`. Add the plugin's name in the catalog.\n"
      "10:20 `database` must name a mount and a connection, not `b` alone. Write it as mount/connection, for example "
      "`database/my-db`.\n"
      "10:31 `status` must be `running`, `respawns`, `broken` or `absent`, not `runing`. Did you mean `running`?\n"
      "11:21 An expectation has no key `runing_version`. Did you mean `running_version`?\n"
      "12:18 `plugin` must be a mapping, not a text. Write `plugin: {type: secret, name: my-secret-plugin, version: "
      "v1.0.0}`.\n");
}

// --- Releases ---

TEST(ReadReleasesProblems, OfVersionsAndConstraints) {
  EXPECT_EQ(problems_of(with_steps("  - step_down: {}\n"
                                   "releases:\n"
                                   "  - type: secrets\n"
                                   "    name: x\n"
                                   "    versions:\n"
                                   "      1.10: {}\n"
                                   "      v1: {schema: one, upgrade_from: \">>1\", downgrade_to: 1.0}\n"
                                   "      1.0.0:\n"
                                   "      first: {}\n"
                                   "      v3: {shema: 1}\n")),
            "6:11 `type` must be `auth`, `database` or `secret`, not `secrets`. Did you mean `secret`?\n"
            "9:7 YAML reads the version 1.10 as the number 1.1. Write \"1.10\" in quotes.\n"
            "10:20 `schema` must be a whole number from 0, not `one`.\n"
            "10:39 `>>1` is no version constraint. Write for example `\">=1.0.1, <2\"`, `none` or `any`.\n"
            "10:60 YAML reads the `downgrade_to` 1.0 as the number 1. Write \"1.0\" in quotes.\n"
            "11:7 The version `v1.0.0` of this plugin is listed twice. Remove one of them. [10:7 the first one]\n"
            "12:7 `first` is no version. Write it like `v1.0.0` or `v1.0.0-rc1`.\n"
            "13:12 The version `v3` has no key `shema`. Did you mean `schema`?\n");
}

// --- Other files ---

constexpr std::string_view referring_plan = "replug: 1\ncluster: prod.yaml\nreleases: releases.yaml\nsteps: []\n";

TEST(ReadOtherFiles, ReadsTheClusterAndTheReleases) {
  const Plan plan = plan_of(
      referring_plan, {{"prod.yaml",
                        "replug: 1\ncluster: {server: {product: vault, version: 1.16.3}, "
                        "nodes: {a: {role: active}}, secrets: mounts.json}\n"},
                       {"mounts.json", R"({"my/": {"type": "toy", "uuid": "x"}})"},
                       {"releases.yaml", "replug: 1\nreleases: [{type: auth, name: x, versions: {v1.0.0: }}]\n"}});
  ASSERT_EQ(plan.sources.size(), 3U + 1U);
  ASSERT_EQ(plan.documents.size(), plan.sources.size());
  EXPECT_EQ(plan.described.document->source().name(), "prod.yaml");
  EXPECT_EQ(plan.cluster.mounts.at(0).path.view(), "my/");
  EXPECT_EQ(plan.releases.at(0).document->source().name(), "releases.yaml");
}

TEST(ReadOtherFiles, TellsProblemsAtTheirPlacesInThem) {
  EXPECT_EQ(
      problems_of(referring_plan,
                  {{"prod.yaml", "replug: 1\ncluster: {server: {product: vault, version: 1.16.3}, nodes: {}}\n"}}),
      "3:11 The file `releases.yaml` cannot be read: no such file.\n"
      "prod.yaml:2:54 No node is active. Exactly one node of a cluster has `role: active`.\n");
  EXPECT_EQ(problems_of(referring_plan, {{"prod.yaml", "replug: 1\ncluster: other.yaml\n"},
                                         {"releases.yaml", "replug: 1\nreleases: 1\nname: [\n"}}),
            "prod.yaml:2:10 `cluster` names a further file here. Name that file in the plan itself.\n"
            "releases.yaml:3:7 This \"[\" is never closed. Add the missing \"]\".\n");
}

TEST(ReadOtherFiles, TellsNothingOfAFileThatIsSomethingElse) {
  const std::string why =
      " Nothing of its text is shown, since it may be somebody's secret. Look whether it is the file "
      "that is meant.\n";
  const std::string cluster =
      "replug: 1\ncluster: {server: {product: vault, version: 1.16.3}, nodes: {a: {role: active}}}\n";
  for (const auto* text : {"[]", "root:x:0\nbin:x:1\n", "[a]\nb = c\n", "users: [{token: x}]\n", ""}) {
    EXPECT_EQ(problems_of(referring_plan, {{"prod.yaml", cluster}, {"releases.yaml", text}}),
              "3:11 The file `releases.yaml` does not begin as a file for `releases` does." + why)
        << text;
  }
}

TEST(ReadOtherFiles, TakesWhatVaultPrintsForAPartOfTheCluster) {
  const auto told_of = [](const std::string& key, const std::string& text) {
    return problems_of(
        with_cluster("  server: {product: vault, version: 1.17.0+ent}\n  nodes: {a: {role: active}}\n  " + key +
                     ": part.json\n"),
        {{"part.json", text}});
  };
  const std::string entry = R"({"type": "secret", "name": "p", "version": "v1.0.0", "sha256": "5b6d", "command": "p"})";
  EXPECT_EQ(told_of("catalog", "[" + entry + "]"), "");
  EXPECT_EQ(told_of("catalog", R"({"request_id": "1", "data": {"detailed": [)" + entry + "]}}"), "");
  EXPECT_EQ(told_of("catalog", "[]"), "");
  EXPECT_EQ(told_of("pins", R"({"data": {"pinned_versions": []}})"), "");
  EXPECT_EQ(told_of("secrets", R"({"cubbyhole/": {"type": "cubbyhole"}})"), "");
  EXPECT_EQ(told_of("auth", R"({"request_id": "1", "data": {"token/": {"type": "token"}}})"), "");
  EXPECT_EQ(told_of("secrets", "{}"), "");
  for (const auto* key : {"catalog", "pins", "secrets", "auth", "databases"}) {
    EXPECT_THAT(told_of(key, R"({"auths": {"https://index.docker.io/v1/": {"auth": "x"}}})"),
                testing::HasSubstr("does not begin as a file for"))
        << key;
    EXPECT_THAT(told_of(key, "a: b: c"), testing::HasSubstr("does not begin as a file for")) << key;
  }
}

TEST(ReadOtherFiles, KnowsWhatAFileIs) {
  const auto kind = [](std::string_view text) {
    const Source source("x.yaml", std::string(text));
    Problems problems;
    return kind_of(Document::parse(source, problems));
  };
  EXPECT_EQ(kind("replug: 1\ncluster: {}\nsteps: []\n"), FileKind::plan);
  EXPECT_EQ(kind("replug: 1\ncluster: {}\n"), FileKind::cluster);
  EXPECT_EQ(kind("replug: 1\nreleases: []\n"), FileKind::releases);
  EXPECT_EQ(kind("steps: []\n"), FileKind::other);
  EXPECT_EQ(kind("- steps\n"), FileKind::other);
  EXPECT_EQ(kind(""), FileKind::other);
}

}  // namespace
}  // namespace replug::planner
