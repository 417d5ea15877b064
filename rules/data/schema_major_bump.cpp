#include <set>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "planner/reading/releases.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

using planner::Answer;
using planner::VersionChange;

bool is_other_major(const VersionChange& change) {
  const auto from = simulator::parse_version(change.from.view(), simulator::Strictness::lax);
  const auto to = simulator::parse_version(change.to.view(), simulator::Strictness::lax);
  return from && to && from->segments.front() != to->segments.front();
}

// Holds the ways that the data of mounts goes against the release notes.
class Judge {
 public:
  Judge(const PlayedPlan& played, Report& report) : played_(played), report_(report) {}

  void judge() {
    for (const Transition& each : played_.facts.timeline().mount_data().transitions) judge(each);
    if (!unknown_.empty()) {
      report_.not_checked(fmt::format(
          "whether {} changes how stored data is read is unknown: no release of it declares a schema. Look into the "
          "plugin's release notes, or write them down under `releases`.",
          listed(std::vector<std::string>(unknown_.begin(), unknown_.end()), 3)));
    }
  }

 private:
  void judge(const Transition& t) {
    const VersionChange change =
        planner::version_change(played_.plan, to_string(t.type), t.plugin.view(), t.from, t.to);
    const bool down = planner::is_downgrade(change);
    const Answer migrates = planner::migrates(t.schema, change.reached);
    if (!down && planner::may_upgrade(change) == Answer::no) {
      tell(t, Severity::error, "its release notes do not allow an upgrade from there",
           "Go there by way of a version that the release notes allow, one reload after the other.");
    } else if (down && planner::may_downgrade(change) == Answer::no) {
      tell(t, Severity::error, "the release notes of the newer version allow no way back there",
           "Restore the snapshot that was taken before the upgrade, or stay on the newer version.");
    } else if (migrates == Answer::unknown) {
      judge_unknown(t, change);
    } else if (migrates == Answer::yes) {
      tell_migration(t, *change.reached);
    } else if (*change.reached->schema < *t.schema && !(down && planner::may_downgrade(change) == Answer::yes)) {
      tell(t, Severity::error,
           fmt::format("its data is in schema {}, and {} reads schema {}", *t.schema, version_words(t.to),
                       *change.reached->schema),
           "Restore the snapshot that was taken before the migration; reloading the old version does not take the data "
           "back.");
    }
  }

  void tell_migration(const Transition& t, const planner::Release& reached) {
    tell(t, Severity::warning,
         fmt::format("it migrates the stored data from schema {} to {}{}", *t.schema, *reached.schema,
                     planner::is_one_way(reached) ? ", and there is no way back" : ""),
         "Take a snapshot right before this step, and let a person confirm it; after it only the snapshot leads "
         "back.");
  }

  void judge_unknown(const Transition& t, const VersionChange& change) {
    const bool major = is_other_major(change);
    if (major || planner::is_downgrade(change)) {
      tell(t, Severity::warning,
           fmt::format("{}, and whether the data survives that is unknown: nothing declares the schemas of both",
                       major ? "this is another major version" : "this is a step back"),
           "Look for unsupported transitions in the plugin's release notes, write the schema of both versions under "
           "`releases`, and take a snapshot "
           "before this step.");
    } else {
      unknown_.insert(fmt::format("{} from {} to {}", shown(t.plugin), version_words(t.from), version_words(t.to)));
    }
  }

  void tell(const Transition& t, Severity severity, const std::string& why, std::string help) {
    const planner::PlannedStep& planned = played_.facts.step_at(t.position);
    Finding& finding = report_.finding(
        played_.plan.where(planned),
        fmt::format("Here {} goes from {} to {}: {}.", shown(t.mount), version_words(t.from), version_words(t.to), why),
        std::move(help));
    finding.severity = std::min(finding.severity, severity);
    finding.step = played_.forecast.steps[t.position].step;
    finding.subject = fmt::format("{} {} {}", t.mount.view(), t.from.view(), t.to.view());
  }

  const PlayedPlan& played_;
  Report& report_;
  std::set<std::string> unknown_;
};

void check(const PlayedPlan& played, Report& report) { Judge(played, report).judge(); }

}  // namespace

extern const Rule schema_major_bump;
constinit const Rule schema_major_bump = {
    .id = "schema-major-bump",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "data",
    .summary = "A step takes data across a schema change, a major version or an undeclared transition",
    .why =
        "Each plugin keeps its own data in Vault's storage, and Vault keeps no record of its schema: a version that "
        "migrates the data does "
        "so at its first start, and an older one that starts later finds what it cannot read. Only the plugin's "
        "release notes tell.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = ForecastCheck{check},
};

}  // namespace replug::rules
