#include "report/telling/subjects.h"

#include <array>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysed.h"
#include "report/telling/words.h"

namespace replug::report {
namespace {

using simulator::Status;
using simulator::Text;
using testing::ElementsAre;
using testing::IsEmpty;

/// What is seen of a mount that runs what it is configured to, and the texts to change it with.
struct Mount {
  simulator::Texts texts;
  Text old = texts.intern("v1.0.0");
  Text fresh = texts.intern("v1.0.1");
  Text sha256 = texts.intern(std::string(64, 'a'));
  Text other_sha256 = texts.intern(std::string(64, 'b'));
  Sight sight{.status = Status::running,
              .configured = old,
              .reported = old,
              .reported_sha256 = sha256,
              .actual = old,
              .actual_sha256 = sha256,
              .stored = old,
              .pinned = {},
              .read_only = false,
              .remarks = {}};

  [[nodiscard]] std::vector<std::string> sentences() const {
    std::vector<std::string> result;
    for (const auto& remark : remarks_on(sight)) result.push_back(sentence(remark));
    return result;
  }
  [[nodiscard]] std::vector<Remark::Kind> kinds() const {
    std::vector<Remark::Kind> result;
    for (const auto& remark : remarks_on(sight)) result.push_back(remark.kind);
    return result;
  }
};

TEST(Remarks, ThereAreNoneWhereAllIsAsConfigured) { EXPECT_THAT(Mount().kinds(), IsEmpty()); }

TEST(Remarks, TellWhatDoesNotAnswer) {
  Mount mount;
  mount.sight.status = Status::respawns;
  EXPECT_THAT(mount.sentences(), ElementsAre("The process is gone; the next request starts it again."));
  EXPECT_FALSE(is_out_of_service(mount.kinds().front()));
  mount.sight.status = Status::broken;
  EXPECT_THAT(mount.sentences(), ElementsAre("OUT OF SERVICE: the process is gone and cannot be started."));
  EXPECT_TRUE(is_out_of_service(mount.kinds().front()));
  mount.sight.status = Status::absent;
  EXPECT_THAT(mount.sentences(), ElementsAre("OUT OF SERVICE: no backend is loaded; requests get 404."));
  EXPECT_TRUE(is_out_of_service(mount.kinds().front()));
}

TEST(Remarks, TellWhatCannotWrite) {
  Mount mount;
  mount.sight.read_only = true;
  EXPECT_THAT(mount.kinds(), ElementsAre(Remark::Kind::read_only));
  EXPECT_THAT(mount.sentences(), ElementsAre("It answers, but cannot write before the node is unsealed again."));
}

TEST(Remarks, TellWhatWaitsForAReload) {
  Mount mount;
  mount.sight.configured = mount.sight.stored = mount.fresh;
  EXPECT_THAT(mount.kinds(), ElementsAre(Remark::Kind::waits_for_reload));
  EXPECT_THAT(mount.sentences(),
              ElementsAre("DIFFERS: v1.0.1 is configured, but v1.0.0 runs until a reload or a restart."));
}

TEST(Remarks, TellWhatAStandbyDoesNotKnow) {
  Mount mount;
  mount.sight.stored = mount.fresh;
  EXPECT_THAT(mount.kinds(), ElementsAre(Remark::Kind::not_known_here));
  EXPECT_THAT(mount.sentences(), ElementsAre("DIFFERS: v1.0.1 is configured, but this node does not know it yet."));
}

TEST(Remarks, TellAPinThatWaitsOrOverrides) {
  Mount mount;
  mount.sight.pinned = mount.fresh;
  EXPECT_THAT(mount.sentences(),
              ElementsAre("DIFFERS: v1.0.1 is pinned, but v1.0.0 runs until a reload or a restart."));
  mount.sight.reported = mount.sight.actual = mount.fresh;
  EXPECT_THAT(mount.kinds(), ElementsAre(Remark::Kind::pin_overrides));
  EXPECT_THAT(mount.sentences(), ElementsAre("The pin of v1.0.1 overrides what is configured."));
  EXPECT_FALSE(is_difference(Remark::Kind::pin_overrides));
}

TEST(Remarks, TellWhatIsReportedWrongly) {
  Mount mount;
  mount.sight.actual = mount.fresh;
  mount.sight.actual_sha256 = mount.other_sha256;
  EXPECT_THAT(mount.sentences(), ElementsAre("DIFFERS: v1.0.1 really runs, although the server reports v1.0.0."))
      << "the version says it; the sha256 would say the same";
  mount.sight.actual = mount.old;
  EXPECT_THAT(mount.kinds(), ElementsAre(Remark::Kind::other_binary_reported));
  EXPECT_THAT(mount.sentences(),
              ElementsAre("DIFFERS: the binary bbbbbbbb… really runs, although the server reports aaaaaaaa…."));
}

TEST(Remarks, WhatIsUnversionedOrUnknownDoesNotDiffer) {
  Mount mount;
  mount.sight.configured = mount.sight.stored = {};
  EXPECT_THAT(mount.kinds(), IsEmpty()) << "configured to no version";
  mount.sight.reported = mount.sight.actual = std::nullopt;
  mount.sight.reported_sha256 = mount.sight.actual_sha256 = std::nullopt;
  EXPECT_THAT(mount.kinds(), IsEmpty());
}

// --- Both ends of a plan

std::string versions(const std::optional<Sight>& sight) {
  if (!sight) return "not there";
  return sight->configured.str() + " " + (sight->actual ? sight->actual->str() : "?");
}

/// `my/ vault-0: v1.0.0 v1.0.0 => v1.0.1 v1.0.1`: configured and actual, before and after.
std::vector<std::string> rows_of(const std::string& steps) {
  const std::array analyses{analysed(plan_over(mount("b/") + mount("c/"), "steps:\n" + steps))};
  const auto account = account_of(analyses, Question::check);
  std::vector<std::string> rows;
  for (const auto& subject : subjects_of(account.plans.front())) {
    for (const auto& row : subject.rows) {
      rows.push_back(subject.name.str() + " " + node_word(account.plans.front().world(), row.node) + ": " +
                     versions(row.before) + " => " + versions(row.after));
    }
  }
  return rows;
}

TEST(Subjects, AreSeenBeforeAndAfter) {
  EXPECT_THAT(rows_of("  - tune: {path: b/, plugin_version: v1.0.1}\n"),
              ElementsAre("b/ vault-0: v1.0.0 v1.0.0 => v1.0.1 v1.0.0", "c/ vault-0: v1.0.0 v1.0.0 => v1.0.0 v1.0.0"));
}

TEST(Subjects, ThatComeAndGoHaveOneEnd) {
  EXPECT_THAT(rows_of("  - disable: {path: c/}\n  - enable: {path: a/, plugin: my-plugin, plugin_version: v1.0.1}\n"),
              ElementsAre("a/ vault-0: not there => v1.0.1 v1.0.1", "b/ vault-0: v1.0.0 v1.0.0 => v1.0.0 v1.0.0",
                          "c/ vault-0: v1.0.0 v1.0.0 => not there"));
}

TEST(Subjects, AreSeenOnTheNodesThatRunThem) {
  EXPECT_THAT(rows_of("  - step_down: {to: vault-1}\n"),
              ElementsAre("b/ vault-0: v1.0.0 v1.0.0 => not there", "b/ vault-1: not there => v1.0.0 v1.0.0",
                          "c/ vault-0: v1.0.0 v1.0.0 => not there", "c/ vault-1: not there => v1.0.0 v1.0.0"));
}

TEST(Subjects, TheNodesThatRunNothingAreNamed) {
  const std::array analyses{analysed(plan_over(mount("b/"), "steps: [{seal: {node: vault-2}}]\n"))};
  EXPECT_EQ(idle_words(account_of(analyses, Question::check).plans.front()),
            "No plugins run on vault-1 (standby), vault-2 (sealed).");
}

}  // namespace
}  // namespace replug::report
