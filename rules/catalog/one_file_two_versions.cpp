#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

using simulator::Change;
using simulator::Text;

// The entry that was last registered with a file.
struct Last {
  Text label;
  Text sha256;
  std::optional<std::size_t> position;  // of its registration; none: in the catalog from the start
};

class Finder {
 public:
  explicit Finder(const PlayedPlan& played) : played_(played) {
    for (const simulator::EntryDescription& entry : played.plan.cluster.catalog) remember_described(entry);
    for (const planner::PlannedStep& planned : played.plan.steps) {
      if (const auto* install = std::get_if<simulator::Install>(&planned.step.action))
        known_.insert(install->file.id());
    }
  }

  void follow(std::size_t position, Report& report) {
    Text label, sha256, file;
    for (const Change& change : played_.forecast.steps[position].changes) {
      if (change.what != Change::What::catalog) continue;
      label = change.subject;
      if (change.field == simulator::CellField::sha256) sha256 = change.to;
      if (change.field == simulator::CellField::command) file = change.to;
    }
    const auto* registration = std::get_if<simulator::Register>(&played_.facts.step_at(position).step.action);
    if (registration == nullptr || registration->oci_image || label.empty() || sha256.empty()) return;
    if (file.empty()) return;
    Last& last = last_[file.id()];
    const bool other = !last.label.empty() && last.label != label && last.sha256 != sha256;
    if (other && is_registered(last.label, position) && !known_.contains(file.id()))
      tell(position, label, file, last, report);
    last = {label, sha256, position};
  }

 private:
  [[nodiscard]] bool is_registered(Text label, std::size_t position) const {
    return played_.facts.timeline()
        .value(Change::What::catalog, label, simulator::CellField::registered, simulator::no_node, position)
        .is("true");
  }

  void remember_described(const simulator::EntryDescription& entry) {
    const auto type = simulator::parse_plugin_type(entry.type.view());
    const simulator::PluginId plugin = type ? played_.world().plugin(*type, entry.name) : simulator::no_plugin;
    if (plugin == simulator::no_plugin || !entry.oci_image.empty()) return;
    const Text canonical = entry.version.empty() ? Text{} : played_.world().version(entry.version).canonical;
    const simulator::EntryId id = played_.world().entry(plugin, canonical);
    const Text command =
        played_.plan.texts->find(simulator::command_file((entry.command.empty() ? entry.name : entry.command).view()));
    if (id != simulator::no_entry) last_[command.id()] = {played_.world().entry_label(id), entry.sha256, std::nullopt};
  }

  void tell(std::size_t position, Text label, Text file, const Last& last, Report& report) const {
    const planner::PlannedStep& planned = played_.facts.step_at(position);
    Finding& finding = report.finding(
        played_.plan.where(planned, std::get<simulator::Register>(planned.step.action).command ? "command" : "name"),
        fmt::format("{} and {} are both registered with the file {}, with different sha256. It can only match one of "
                    "them: the other cannot be started "
                    "any more.",
                    shown(label), shown(last.label), shown(file)),
        "Give each version a file of its own, with the version in its name, and register it with that `command`: then "
        "both can be started, and there "
        "is a way back.");
    finding.subject = label.str();
    finding.step = played_.forecast.steps[position].step;
    if (last.position)
      finding.related.push_back(
          {"registered here with that file", played_.plan.where(played_.facts.step_at(*last.position))});
  }

  const PlayedPlan& played_;
  std::unordered_map<std::uint32_t, Last> last_;  // by file
  std::unordered_set<std::uint32_t> known_;       // files that the plan installs: what happens to them is simulated
};

void check(const PlayedPlan& played, Report& report) {
  // Where the files are known, the rules that compare them say what cannot be started where.
  if (played.plan.cluster.plugin_directory_known) return;
  Finder finder(played);
  for (std::size_t position = 0; position < played.forecast.steps.size(); ++position) finder.follow(position, report);
}

}  // namespace

extern const Rule one_file_two_versions;
constinit const Rule one_file_two_versions = {
    .id = "one-file-two-versions",
    .severity = Severity::warning,
    .profile = Profile::standard,
    .family = "catalog",
    .summary = "Two catalog entries with different sha256 name the same file",
    .why =
        "A file has one content, so only one of the entries can be started. The mounts that are still configured to "
        "the other go on until their "
        "process ends, and then have no backend; a downgrade needs the old file to be put back on every node first.",
    .url = "https://developer.hashicorp.com/vault/docs/plugins/upgrade",
    .check = ForecastCheck{check},
    .incident = "https://github.com/jfrog/vault-plugin-secrets-artifactory/issues/57",
};

}  // namespace replug::rules
