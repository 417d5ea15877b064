#include "rules/evidence/mount_data.h"

#include <unordered_map>
#include <utility>
#include <variant>

#include "planner/reading/planned_step.h"
#include "planner/reading/releases.h"
#include "simulator/run/view.h"

namespace replug::rules {

namespace {

using simulator::Change;
using simulator::Text;

struct Data {
  Text described;
  Text plugin;
  std::optional<Text> version;  ///< that ran last; none while nothing has run yet
  std::optional<std::int64_t> schema;
};

class Follower {
 public:
  Follower(const planner::Plan& plan, const simulator::Forecast& forecast)
      : plan_(plan), forecast_(forecast), world_(*forecast.world) {
    simulator::State state = world_.initial();
    const simulator::Cluster cluster(world_, state);
    for (const simulator::MountDescription& mount : plan.cluster.mounts) begin(cluster, mount);
  }

  MountData follow() {
    for (std::size_t position = 0; position < forecast_.steps.size(); ++position) {
      const simulator::StepForecast& step = forecast_.steps[position];
      const bool moves = std::holds_alternative<simulator::Move>(plan_.steps[step.step].step.action);
      if (moves) carry(step.changes);
      for (const Change& change : step.changes) {
        if (change.what != Change::What::mount) continue;
        if (change.field == simulator::CellField::type && !moves) begin_anew(position, change);
        if (change.field == simulator::CellField::actual_version && !change.to.absent()) arrive(position, change);
      }
    }
    return std::move(found_);
  }

 private:
  // What the active node really runs counts; where nothing runs, what the description says.
  void begin(const simulator::Cluster& cluster, const simulator::MountDescription& mount) {
    const simulator::NodeId active = simulator::active_node(cluster);
    std::optional<Text> version;
    if (active != simulator::no_node)
      version = simulator::view_mount(cluster, active, world_.mount(mount.path)).actual_version;
    if (!version) version = mount.running_version.value_or(mount.plugin_version);
    const planner::Release* release = release_of(mount.path, mount.plugin, *version);
    data_[mount.path.id()] = {mount.path, mount.plugin, version,
                              mount.schema ? mount.schema : planner::schema_after({}, release)};
  }

  // A mount that was moved takes its data along.
  void carry(const std::vector<Change>& changes) {
    Text from;
    Text to;
    for (const Change& change : changes) {
      if (change.what != Change::What::mount || change.field != simulator::CellField::type) continue;
      (change.to.absent() ? from : to) = change.subject;
    }
    if (from.empty() || to.empty()) return;
    auto data = data_.extract(from.id());
    if (data.empty()) return;
    data.key() = to.id();
    data_.erase(to.id());
    data_.insert(std::move(data));
  }

  // A mount that was enabled or disabled has no data yet.
  void begin_anew(std::size_t position, const Change& change) {
    Data& data = data_[change.subject.id()];
    if (!data.described.empty()) found_.losses.push_back({position, change.subject});
    data = {{}, change.to, std::nullopt, std::nullopt};
  }

  void arrive(std::size_t position, const Change& change) {
    Data& data = data_[change.subject.id()];
    if (data.version == change.to.text()) return;
    if (data.version) {
      found_.transitions.push_back({position, change.subject, data.described, type_of(change.subject), data.plugin,
                                    *data.version, change.to, data.schema});
    }
    data.schema = planner::schema_after(data.schema, release_of(change.subject, data.plugin, change.to));
    data.version = change.to.text();
  }

  [[nodiscard]] simulator::PluginType type_of(Text path) const {
    const simulator::MountId mount = world_.mount(path);
    const bool auth = mount != simulator::no_mount && world_.mount(mount).auth;
    return auth ? simulator::PluginType::auth : simulator::PluginType::secret;
  }

  [[nodiscard]] const planner::Release* release_of(Text path, Text plugin, Text version) const {
    return plan_.release(to_string(type_of(path)), plugin.view(), version.view());
  }

  const planner::Plan& plan_;
  const simulator::Forecast& forecast_;
  const simulator::World& world_;
  std::unordered_map<std::uint32_t, Data> data_;  // by the number of the path
  MountData found_;
};

}  // namespace

MountData follow_mount_data(const planner::Plan& plan, const simulator::Forecast& forecast) {
  return Follower(plan, forecast).follow();
}

}  // namespace replug::rules
