#include <unordered_map>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/judging/rule.h"
#include "simulator/medium/server.h"
#include "simulator/steps/kinds.h"

namespace replug::rules {

namespace {

using simulator::Change;
using simulator::Text;

// The node that a step starts anew, or that takes the lead by it: it loads the stored mount table then.
template <simulator::AnyOf<simulator::Restart, simulator::UpgradeServer, simulator::Unseal> Kind>
Text loaded_node(const Kind& step) {
  return step.node;
}
Text loaded_node(const simulator::StepDown& step) { return step.to.value_or(Text{}); }
template <simulator::AnyOf<simulator::Install, simulator::Uninstall, simulator::Register, simulator::Deregister,
                           simulator::Enable, simulator::Tune, simulator::Disable, simulator::Move, simulator::Reload,
                           simulator::Pin, simulator::Unpin, simulator::ConfigureDatabase, simulator::ResetDatabase,
                           simulator::RotateRoot, simulator::RevokeLeases, simulator::ReloadDatabase,
                           simulator::Request, simulator::Crash, simulator::Seal, simulator::Backup, simulator::Restore,
                           simulator::Check, simulator::Confirm>
              Kind>
Text loaded_node(const Kind& /*step*/) {
  return {};
}

class Judge {
 public:
  Judge(const PlayedPlan& played, Report& report) : played_(played), report_(report) {
    for (std::size_t position = 0; position < played.forecast.steps.size(); ++position) {
      const Text loaded =
          std::visit([](const auto& step) { return loaded_node(step); }, played.facts.step_at(position).step.action);
      last_loaded_[loaded.id()] = position;
    }
  }

  void judge() {
    for (std::size_t position = 0; position < played_.forecast.steps.size(); ++position) {
      const planner::PlannedStep& planned = played_.facts.step_at(position);
      const bool restores = std::holds_alternative<simulator::Restore>(planned.step.action);
      if (!restores || !played_.forecast.steps[position].reply.ok()) continue;
      judge_standbys(position, planned);
      judge_files(position, planned);
    }
  }

 private:
  // Whether a node serves reads after the step, and is not the one that leads.
  [[nodiscard]] bool is_reading_standby(simulator::NodeId node, std::size_t position) const {
    const Timeline& timeline = played_.facts.timeline();
    const bool leads =
        timeline
            .value(Change::What::node, played_.world().node_name(node), simulator::CellField::role, node, position + 1)
            .is("active");
    return !leads && played_.world().capabilities(timeline.server(node, position + 1)).standbys_serve_reads;
  }

  void judge_standbys(std::size_t position, const planner::PlannedStep& planned) {
    std::vector<std::string> names;
    for (simulator::NodeId node = 0; node < played_.world().nodes(); ++node) {
      if (!is_reading_standby(node, position)) continue;
      const Text name = played_.world().node_name(node);
      const auto loaded = last_loaded_.find(name.id());
      if (loaded == last_loaded_.end() || loaded->second <= position) names.push_back(shown(name));
    }
    if (names.empty()) return;
    Finding& finding = report_.finding(
        played_.plan.where(planned),
        fmt::format(
            "{} {} what {} loaded before the restore: a standby of OpenBao 2.5 and later serves reads, and looks at "
            "the restored mounts and versions only at its next start.",
            listed(names), names.size() == 1 ? "keeps" : "keep", names.size() == 1 ? "it has" : "they have"),
        "Restart the standbys after the restore.");
    finding.severity = std::min(finding.severity, Severity::warning);
    finding.subject = "standbys";
    finding.step = played_.forecast.steps[position].step;
  }

  // What is mounted after the restore and was not lost with it, but cannot be loaded.
  void judge_files(std::size_t position, const planner::PlannedStep& planned) {
    std::vector<std::string> mounts;
    std::unordered_map<std::uint32_t, bool> gone;
    for (const Change& change : played_.forecast.steps[position].changes) {
      if (change.what != Change::What::mount) continue;
      if (change.field == simulator::CellField::type && change.to.absent()) gone[change.subject.id()] = true;
      if (change.field == simulator::CellField::status && change.to.view() == "absent" &&
          !gone.contains(change.subject.id())) {
        mounts.push_back(shown(change.subject));
      }
    }
    if (mounts.empty()) return;
    Finding& finding = report_.finding(
        played_.plan.where(planned),
        fmt::format(
            "A snapshot holds the catalog and the configured versions, not the files: after this restore {} cannot "
            "be loaded, because the file that the catalog entry names again is gone or another one by now.",
            listed(mounts)),
        "Put the files of the snapshot's versions back on every node before this step, and keep "
        "them as long as a snapshot that needs them may be restored.");
    finding.subject = "files";
    finding.step = played_.forecast.steps[position].step;
  }

  const PlayedPlan& played_;
  Report& report_;
  std::unordered_map<std::uint32_t, std::size_t> last_loaded_;  // the last position at which a node loads the table
};

void check(const PlayedPlan& played, Report& report) { Judge(played, report).judge(); }

}  // namespace

extern const Rule restore_leaves_behind;
constinit const Rule restore_leaves_behind = {
    .id = "restore-leaves-behind",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "data",
    .summary = "A restore takes storage back, and leaves files or standbys as they are",
    .why =
        "A snapshot is of the storage: catalog, pins, mounts with their versions, data. The active node loads "
        "everything "
        "anew from it, with the files that lie in its plugin directory now. Standbys that serve reads go on with what "
        "they had loaded.",
    .url = "https://developer.hashicorp.com/vault/docs/sysadmin/snapshots/restore",
    .check = ForecastCheck{check},
};

}  // namespace replug::rules
