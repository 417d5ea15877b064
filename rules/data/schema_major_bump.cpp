#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "rules/judging/rule.h"
#include "simulator/medium/version.h"
#include "simulator/run/view.h"

namespace replug::rules {

namespace {

using planner::Release;
using simulator::Change;
using simulator::MountId;
using simulator::Text;

// The data of one mount: the version that last wrote it, and its schema where that is known.
struct Data {
  Text written_by;
  std::optional<std::int64_t> schema;
};

// A mount goes from one version to another.
struct Transition {
  std::size_t position;
  MountId mount;
  Text from, to;
  const Data* data;
  const Release* old_release;
  const Release* new_release;
};

std::optional<simulator::Version> parsed(Text version) {
  return simulator::parse_version(version.view(), simulator::Strictness::lax);
}

class Follower {
 public:
  Follower(const PlayedPlan& played, Report& report) : played_(played), world_(played.world()), report_(report) {
    start();
  }

  void follow() {
    for (std::size_t position = 0; position < played_.forecast.steps.size(); ++position) {
      for (const Change& change : played_.forecast.steps[position].changes) {
        if (change.what != Change::What::mount) continue;
        if (change.field == simulator::CellField::type) begin_anew(change);
        if (change.field == simulator::CellField::actual_version && is_external(change)) arrive(position, change);
      }
    }
    if (!unknown_.empty()) {
      report_.not_checked(fmt::format(
          "whether {} changes how stored data is read is unknown: no release of it declares a schema. Look into the "
          "plugin's release notes, or write them down under `releases`.",
          listed(std::vector<std::string>(unknown_.begin(), unknown_.end()), 3)));
    }
  }

 private:
  void start() {
    simulator::State state = world_.initial();
    const simulator::Cluster cluster(world_, state);
    const simulator::NodeId active = simulator::active_node(cluster);
    if (active == simulator::no_node) return;
    for (const simulator::MountDescription& mount : played_.plan.cluster.mounts) {
      const MountId id = world_.mount(mount.path);
      const simulator::MountView view = simulator::view_mount(cluster, active, id);
      Data& data = data_[id];
      plugin_[id] = mount.plugin;
      data.written_by = view.actual_version.value_or(Text{});
      const Release* release = release_of(id, data.written_by);
      data.schema = mount.schema ? mount.schema : release == nullptr ? std::nullopt : release->schema;
    }
  }

  // A mount that was enabled or disabled has no data yet; one that was moved brings its own along.
  void begin_anew(const Change& change) {
    const MountId id = world_.mount(change.subject);
    data_.erase(id);
    plugin_[id] = change.to;
  }

  // A process of the empty version is one; where nothing ran before or after there is no sha256 to be changed to.
  static bool is_external(const Change& change) { return !change.to.absent(); }

  [[nodiscard]] const Release* release_of(MountId mount, Text version) {
    return played_.plan.release(world_.mount(mount).auth ? "auth" : "secret", plugin_[mount].view(), version.view());
  }

  void arrive(std::size_t position, const Change& change) {
    const MountId mount = world_.mount(change.subject);
    const auto known = data_.find(mount);
    const Release* release = release_of(mount, change.to);
    if (known == data_.end()) {
      data_[mount] = {change.to, release == nullptr ? std::nullopt : release->schema};
      return;
    }
    Data& data = known->second;
    if (data.written_by == change.to) return;
    judge({position, mount, data.written_by, change.to, &data, release_of(mount, data.written_by), release});
    const bool migrates = release != nullptr && release->schema && (!data.schema || *release->schema > *data.schema);
    if (migrates) data.schema = release->schema;
    if (release == nullptr || !release->schema) data.schema = std::nullopt;
    data.written_by = change.to;
  }

  void judge(const Transition& t) {
    const auto from = parsed(t.from);
    const auto to = parsed(t.to);
    const bool down = from && to && compare(*to, *from) < 0;
    if (from && !down && t.new_release != nullptr && t.new_release->upgrade_from &&
        !t.new_release->upgrade_from->allows(*from)) {
      tell(t, Severity::error, "its release notes do not allow an upgrade from there",
           "Go there by way of a version that the release notes allow, one reload after the other.");
    } else if (to && down && t.old_release != nullptr && t.old_release->downgrade_to &&
               !t.old_release->downgrade_to->allows(*to)) {
      tell(t, Severity::error, "the release notes of the newer version allow no way back there",
           "Restore the snapshot that was taken before the upgrade, or stay on the newer version.");
    } else if (t.data->schema && t.new_release != nullptr && t.new_release->schema) {
      judge_schema(t, down);
    } else {
      judge_unknown(t, from, to, down);
    }
  }

  void judge_schema(const Transition& t, bool down) {
    const std::int64_t now = *t.data->schema;
    const std::int64_t wanted = *t.new_release->schema;
    if (now == wanted) return;
    const bool declared_down = down && t.old_release != nullptr && t.old_release->downgrade_to;
    if (wanted < now && !declared_down) {
      tell(t, Severity::error,
           fmt::format("its data is in schema {}, and {} reads schema {}", now, version_words(t.to), wanted),
           "Restore the snapshot that was taken before the migration; reloading the old version does not take the data "
           "back.");
    } else if (wanted > now) {
      const bool one_way =
          t.new_release->downgrade_to && t.new_release->downgrade_to->kind == planner::VersionConstraint::Kind::none;
      tell(t, Severity::warning,
           fmt::format("it migrates the stored data from schema {} to {}{}", now, wanted,
                       one_way ? ", and there is no way back" : ""),
           "Take a snapshot right before this step, and let a person confirm it; after it only the snapshot leads "
           "back.");
    }
  }

  void judge_unknown(const Transition& t, const std::optional<simulator::Version>& from,
                     const std::optional<simulator::Version>& to, bool down) {
    const bool major = from && to && from->segments.front() != to->segments.front();
    if (major || down) {
      tell(t, Severity::warning,
           fmt::format("{}, and whether the data survives that is unknown: nothing declares the schemas of both",
                       major ? "this is another major version" : "this is a step back"),
           "Look for unsupported transitions in the plugin's release notes, write the schema of both versions under "
           "`releases`, and take a snapshot "
           "before this step.");
    } else {
      unknown_.insert(
          fmt::format("{} from {} to {}", shown(plugin_[t.mount]), version_words(t.from), version_words(t.to)));
    }
  }

  void tell(const Transition& t, Severity severity, const std::string& why, std::string help) {
    const planner::PlannedStep& planned = played_.facts.step_at(t.position);
    Finding& finding = report_.finding(played_.plan.where(planned),
                                       fmt::format("Here {} goes from {} to {}: {}.", shown(world_.mount(t.mount).path),
                                                   version_words(t.from), version_words(t.to), why),
                                       std::move(help));
    finding.severity = std::min(finding.severity, severity);
    finding.step = played_.forecast.steps[t.position].step;
    finding.subject = fmt::format("{} {} {}", world_.mount(t.mount).path.view(), t.from.view(), t.to.view());
  }

  const PlayedPlan& played_;
  const simulator::World& world_;
  Report& report_;
  std::unordered_map<MountId, Data> data_;
  std::unordered_map<MountId, Text> plugin_;
  std::set<std::string> unknown_;
};

void check(const PlayedPlan& played, Report& report) { Follower(played, report).follow(); }

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
