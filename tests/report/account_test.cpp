#include "report/telling/account.h"

#include <array>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysed.h"
#include "report/telling/changes.h"
#include "report/telling/words.h"
#include "tests/simulator/cluster_fixture.h"

namespace replug::report {
namespace {

using simulator::Verdict;
using testing::ElementsAre;
using testing::Pair;

/// What is told of one plan. The analysis stays where it is.
struct Told {
  explicit Told(const std::string& text, Question question = Question::check)
      : analyses{analysed(text)}, account(account_of(analyses, question)) {}
  Told(const Told&) = delete;
  Told& operator=(const Told&) = delete;

  [[nodiscard]] const PlanAccount& plan() const { return account.plans.front(); }
  [[nodiscard]] const StepAccount& step(std::size_t played) const { return plan().steps.at(played); }

  std::array<Analysis, 1> analyses;
  Account account;
};

std::string steps(const std::string& list) { return plan_over(mount("my/"), "steps:\n" + list); }

const std::string taken = "  - enable: {path: my/, plugin: my-plugin}\n";
const std::string tune = "  - tune: {path: my/, plugin_version: v1.0.1}\n";

// --- Steps

TEST(Outcome, OfAStepThatIsCarriedOut) {
  const Told told(steps("  - confirm: Go on\n  - uninstall: {file: old}\n" + tune + "  - request: {path: my/creds}\n"));
  for (const auto& step : told.plan().steps) {
    EXPECT_EQ(step.outcome, Outcome::accepted);
    EXPECT_TRUE(is_good(step.outcome));
  }
  EXPECT_EQ(outcome_words(told.step(0)), "a person must say yes");
  EXPECT_EQ(outcome_words(told.step(1)), "done");
  EXPECT_EQ(outcome_words(told.step(2)), "ok (204)");
  EXPECT_EQ(outcome_words(told.step(3)), "ok (200), answered by v1.0.0");
}

TEST(Outcome, OfAStepThatThePlanMeansToFail) {
  const Told told(steps(taken + "    fails: true\n" + taken + "    fails: already in use\n" + taken +
                        "    fails: no such plugin\n" + tune + "    fails: true\n" + taken));
  const auto outcome = [&](std::size_t played) { return told.step(played).outcome; };
  EXPECT_EQ(outcome(0), Outcome::refused_as_meant);
  EXPECT_EQ(outcome(1), Outcome::refused_as_meant);
  EXPECT_EQ(outcome(2), Outcome::refused_otherwise);
  EXPECT_EQ(outcome(3), Outcome::accepted_unexpectedly);
  EXPECT_EQ(outcome(4), Outcome::refused);
  EXPECT_EQ(outcome_words(told.step(1)), "refused (400) as the plan says");
  EXPECT_EQ(outcome_words(told.step(2)), "REFUSED (400), BUT WITH ANOTHER ERROR");
  EXPECT_EQ(outcome_words(told.step(3)), "ok (204), BUT THE PLAN SAYS IT FAILS");
  EXPECT_EQ(outcome_words(told.step(4)), "REFUSED (400)");
  EXPECT_TRUE(is_good(outcome(1)));
  for (const std::size_t played : {2U, 3U, 4U}) EXPECT_FALSE(is_good(outcome(played))) << played;
}

TEST(Outcome, ARefusalThatIsMeantStaysMeantIfAClaimOfItsStepDoesNotHold) {
  const Told told(steps(taken + "    fails: true\n    expect: [{mount: my/, plugin_version: v9.9.9}]\n"));
  EXPECT_EQ(told.step(0).outcome, Outcome::refused_as_meant);
  EXPECT_EQ(verdict_words(told.plan()), "unexpected at step-1");
}

TEST(Outcome, OfACheckIsWhatItsClaimsCameTo) {
  const Told told(steps(
      "  - check: [{mount: my/, running_version: v1.0.0}]\n  - check: [{mount: my/, running_version: v2.0.0}]\n"));
  EXPECT_EQ(told.step(0).outcome, Outcome::holds);
  EXPECT_EQ(told.step(1).outcome, Outcome::does_not_hold);
  EXPECT_EQ(outcome_words(told.step(1)), "DOES NOT HOLD");
}

TEST(Outcome, OfARequestThatIsNeverAnsweredIsNotWhatFailsMeans) {
  using simulator::test::plan_of;
  using simulator::test::registered;
  const std::string enable = ", plugin: toy, plugin_version: v1.0.0}\n";
  const Told told(plan_of({.server = "vault 1.14.9",
                           .multiplexed = true,
                           .steps = registered("toy", {0}) + "  - enable: {path: a/" + enable +
                                    "  - crash: {mount: a/}\n  - enable: {path: c/" + enable +
                                    "  - request: {path: c/version}\n    fails: true\n"}));
  EXPECT_EQ(told.step(4).outcome, Outcome::hangs);
  EXPECT_EQ(outcome_words(told.step(4)), "NO ANSWER, it hangs");
  EXPECT_FALSE(told.step(4).forecast->as_meant);
  EXPECT_EQ(verdict_words(told.plan()), "refused at step-5");
}

TEST(StepWords, TellWhoGetsTheRequests) {
  const Told told(steps(tune + "  - uninstall: {file: old}\n  - confirm: Go on\n" + tune + "    at: load_balancer\n"));
  EXPECT_EQ(receiver_words(told.plan(), told.step(0)), "vault-0");
  EXPECT_EQ(receiver_words(told.plan(), told.step(1)), "vault-0, vault-1, vault-2");
  EXPECT_EQ(receiver_words(told.plan(), told.step(2)), "");
  EXPECT_EQ(receiver_words(told.plan(), told.step(3)), "load balancer, taken to be vault-0");
}

TEST(StepWords, TheCommandIsWholeAndThatOfTheProduct) {
  const std::string sha256(64, 'c');
  const auto plan = steps("  - register: {type: secret, name: my-plugin, version: v2.0.0, sha256: " + sha256 +
                          ", command: my-plugin-2}\n");
  const Told vault(plan);
  EXPECT_EQ(command(vault.plan(), vault.step(0)),
            "vault plugin register -sha256=" + sha256 + " -version=v2.0.0 -command=my-plugin-2 secret my-plugin");
  auto text = plan;
  text.replace(text.find("product: vault, version: 1.16.3"), 31, "product: openbao, version: 2.4.4");
  const Told openbao(text);
  EXPECT_THAT(command(openbao.plan(), openbao.step(0)), testing::StartsWith("bao plugin register "));
}

TEST(Changes, AreTypedBesideTheirSentence) {
  const Told told(steps(tune));
  const auto lines = change_lines(told.plan().world(), told.step(0).forecast->changes);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].what, simulator::Change::What::mount);
  EXPECT_EQ(lines[0].cause, simulator::Cause::written);
  ASSERT_EQ(lines[0].subjects.size(), 1U);
  EXPECT_EQ(lines[0].subjects[0].view(), "my/");
  EXPECT_TRUE(lines[0].nodes.empty()) << "it is in storage";
  EXPECT_EQ(lines[0].text, "my/: configured v1.0.0 -> v1.0.1");
}

TEST(Changes, AMountWithoutAVersionIsNotToldToBeConfiguredToNone) {
  auto text = steps("  - enable: {path: new/, plugin: my-plugin}\n");
  const std::string version = ", version: v1.0.1";  // of the second entry of the catalog, which is unversioned then
  text.replace(text.find(version), version.size(), "");
  const Told told(text);
  std::vector<std::string> lines;
  for (const auto& line : change_lines(told.plan().world(), told.step(0).forecast->changes)) lines.push_back(line.text);
  EXPECT_THAT(lines, ElementsAre("new/: plugin my-plugin", "new/ on vault-0: running sha256 bbbbbbbb…"));
}

// --- Verdicts

TEST(PlanVerdict, IsDecidedByTheStepThatIsNotAsMeant) {
  const Told ok(steps(tune));
  EXPECT_EQ(ok.plan().verdict->verdict, Verdict::ok);
  EXPECT_FALSE(ok.plan().verdict->step);
  EXPECT_EQ(verdict_words(ok.plan()), "ok");

  const Told unexpected(steps(tune + tune + "    fails: true\n"));
  EXPECT_EQ(unexpected.plan().verdict->verdict, Verdict::unexpected);
  EXPECT_EQ(verdict_words(unexpected.plan()), "unexpected at step-2");
}

TEST(PlanVerdict, OfARefusalIsNotDecidedByAnEarlierStepThatFailsOtherwise) {
  const Told told(steps(taken + "    fails: no such plugin\n" + tune + taken));
  EXPECT_EQ(told.plan().verdict->verdict, Verdict::refused);
  EXPECT_EQ(told.plan().verdict->step, 2U);
  EXPECT_EQ(verdict_words(told.plan()), "refused at step-3");
}

TEST(PlanVerdict, OfThePlansOwnExpectationsIsDecidedByNoStep) {
  const Told told(steps(tune) + "expect: [{mount: my/, running_version: v1.0.1}]\n");
  EXPECT_EQ(told.plan().verdict->verdict, Verdict::unexpected);
  EXPECT_FALSE(told.plan().verdict->step);
  EXPECT_EQ(verdict_words(told.plan()), "unexpected at the end");
}

TEST(PlanVerdict, IsMissingWhereThereIsNoForecast) {
  const Told told("replug: 1\nnonsense: []\n");
  EXPECT_FALSE(told.plan().verdict);
  EXPECT_TRUE(told.plan().steps.empty());
  EXPECT_TRUE(told.plan().assumed().empty());
  EXPECT_TRUE(told.plan().not_checked().empty());
}

TEST(OverallVerdict, IsTheWorstOfWhatWasAskedFor) {
  EXPECT_EQ(Told("replug: 2").account.overall, Overall::problems);
  EXPECT_EQ(Told(steps(taken), Question::simulate).account.overall, Overall::findings);
  EXPECT_EQ(Told(steps("  - confirm: Go on\n"), Question::simulate).account.overall, Overall::clean);
  const Told told(steps(taken));
  EXPECT_EQ(told.account.overall, Overall::findings);
  EXPECT_EQ(told.account.summary.refused, 1U);
  EXPECT_THAT(summary_words(told.account), testing::StartsWith("1 plan, 1 step: refused at step-1. 1 error"));
}

// --- What is not known

TEST(Limits, AreToldOnceWithTheirSteps) {
  std::array analyses{analysed(steps("  - confirm: A\n  - confirm: B\n  - confirm: C\n"))};
  auto& played = analyses[0].forecast->steps;
  played[0].not_modelled = {"x", "y", "x"};
  played[2].not_modelled = {"x"};
  played[1].unverified = {"z"};
  const auto account = account_of(analyses, Question::check);
  const auto& plan = account.plans.front();
  ASSERT_EQ(plan.not_modelled.size(), 2U);
  EXPECT_EQ(plan.not_modelled[0].what, "x");
  EXPECT_THAT(plan.not_modelled[0].steps, ElementsAre(0, 2));
  EXPECT_EQ(plan.not_modelled[1].what, "y");
  EXPECT_THAT(plan.not_modelled[1].steps, ElementsAre(0));
  ASSERT_EQ(plan.unverified.size(), 1U);
  EXPECT_THAT(plan.unverified[0].steps, ElementsAre(1));
}

// --- Diagnostics

TEST(Diagnostics, OfAFileThatIsNoPlanAreProblemsWithoutARule) {
  const Told told(steps("  - register: {type: secret, name: p, version: v1.0.0, sha256: " + std::string(64, 'c') +
                        ", comand: p}\n"));
  ASSERT_EQ(told.plan().diagnostics.size(), 1U);
  const auto& only = told.plan().diagnostics.front();
  EXPECT_EQ(only.kind, Diagnostic::Kind::problem);
  EXPECT_EQ(only.rule(), nullptr);
  EXPECT_FALSE(only.suppressed());
  ASSERT_TRUE(only.said->fix);
  EXPECT_EQ(only.said->fix->title, "write command");
}

rules::Finding finding(std::string_view rule, std::size_t step, std::vector<std::size_t> story = {}) {
  rules::Finding result;
  result.rule = rules::find_rule(rule);
  result.severity = rules::Severity::error;
  result.step = step;
  for (const auto event : story) result.story.push_back({"a step", {}, event});
  return result;
}

std::vector<std::optional<std::size_t>> causes_of(const std::vector<rules::Finding>& findings) {
  std::array<Analysis, 1> analyses;
  analyses[0].judgement = rules::Judgement{findings, {}};
  std::vector<std::optional<std::size_t>> causes;
  for (const auto& diagnostic : account_of(analyses, Question::lint).plans.front().diagnostics) {
    causes.push_back(diagnostic.cause);
  }
  return causes;
}

TEST(Causes, ARefusalFollowsFromTheFindingWhoseStoryEndsWithIt) {
  EXPECT_THAT(
      causes_of({finding("sha-not-of-file", 0, {0, 2}), finding("step-refused", 1), finding("step-refused", 2)}),
      ElementsAre(std::nullopt, std::nullopt, std::optional<std::size_t>(0)));
}

TEST(Causes, AClaimThatDoesNotHoldFollowsFromTheRefusalOfItsStep) {
  EXPECT_THAT(causes_of({finding("expectation-fails", 1), finding("expectation-fails", 2), finding("step-refused", 1)}),
              ElementsAre(std::optional<std::size_t>(2), std::nullopt, std::nullopt));
}

TEST(Causes, OtherFindingsOfARefusedStepAreNotTakenForItsConsequences) {
  EXPECT_THAT(causes_of({finding("step-refused", 1), finding("no-backup", 1), finding("sha-not-of-file", 1, {0, 1})}),
              ElementsAre(std::nullopt, std::nullopt, std::nullopt));
}

TEST(Stories, HaveThePlacesOfTheirSteps) {
  const Told told(
      steps("  - deregister: {type: secret, name: my-plugin, version: v1.0.0}\n  - reload: {plugin: my-plugin}\n"));
  std::vector<std::pair<std::string, std::uint32_t>> events;
  for (const auto& diagnostic : told.plan().diagnostics) {
    if (diagnostic.rule()->id != "deregister-in-use") continue;
    for (const auto& event : diagnostic.said->story) events.emplace_back(event.text, event.place.begin().line);
  }
  EXPECT_THAT(events, ElementsAre(Pair("step-1", 12U), Pair("step-2", 13U)));
}

}  // namespace
}  // namespace replug::report
