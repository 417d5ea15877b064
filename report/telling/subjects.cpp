#include "report/telling/subjects.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "simulator/run/simulate.h"

namespace replug::report {
namespace {

using simulator::Cluster;
using simulator::ConnectionId;
using simulator::MountId;
using simulator::NodeId;
using simulator::Status;
using simulator::Text;

void remark_on_status(const Sight& sight, std::vector<Remark>& remarks) {
  switch (sight.status) {
    case Status::running:
      break;
    case Status::respawns:
      remarks.push_back({Remark::Kind::respawns});
      break;
    case Status::broken:
      remarks.push_back({Remark::Kind::cannot_start});
      break;
    case Status::absent:
      remarks.push_back({Remark::Kind::not_loaded});
      break;
  }
  if (sight.read_only) remarks.push_back({Remark::Kind::read_only});
}

void remark_on_what_is_wanted(const Sight& sight, std::vector<Remark>& remarks) {
  const bool pinned = !sight.pinned.empty();
  const auto shown = sight.reported ? sight.reported : sight.actual;
  const auto wanted = pinned ? sight.pinned : sight.configured;
  if (sight.configured != sight.stored) remarks.push_back({Remark::Kind::not_known_here, sight.stored});
  if (shown && !wanted.empty() && *shown != wanted) {
    remarks.push_back({pinned ? Remark::Kind::pin_waits_for_reload : Remark::Kind::waits_for_reload, wanted, *shown});
  } else if (pinned && sight.pinned != sight.configured) {
    remarks.push_back({Remark::Kind::pin_overrides, sight.pinned});
  }
}

void remark_on_what_is_reported(const Sight& sight, std::vector<Remark>& remarks) {
  if (sight.reported && sight.actual && *sight.reported != *sight.actual) {
    remarks.push_back({Remark::Kind::other_version_reported, *sight.actual, *sight.reported});
  } else if (sight.reported_sha256 && sight.actual_sha256 && *sight.reported_sha256 != *sight.actual_sha256) {
    remarks.push_back({Remark::Kind::other_binary_reported, *sight.actual_sha256, *sight.reported_sha256});
  }
}

Text pin_of(const Cluster& cluster, simulator::PluginId plugin) {
  if (plugin >= cluster.world().plugins() || cluster.pin(plugin) == 0) return {};
  return cluster.world().entry(cluster.pin(plugin) - 1).version;
}

Sight see(const Cluster& cluster, NodeId node, MountId mount) {
  const auto view = view_mount(cluster, node, mount);
  const auto& stored = cluster.stored(mount);
  return {.status = view.status,
          .configured = view.plugin_version,
          .reported = view.running_version,
          .reported_sha256 = view.running_sha256,
          .actual = view.actual_version,
          .actual_sha256 = view.actual_sha256,
          .stored = cluster.world().text(stored.version),
          .pinned = pin_of(cluster, stored.plugin),
          .read_only = view.read_only,
          .remarks = {}};
}

Sight see_connection(const Cluster& cluster, NodeId node, ConnectionId connection) {
  const auto view = view_connection(cluster, node, connection);
  const auto plugin = cluster.world().plugin(simulator::PluginType::database, view.plugin_name);
  return {.status = view.status,
          .configured = view.plugin_version,
          .reported = view.running_version,
          .reported_sha256 = {},
          .actual = view.actual_version,
          .actual_sha256 = view.actual_sha256,
          .stored = cluster.world().text(cluster.connection(connection).version),
          .pinned = pin_of(cluster, plugin),
          .read_only = false,
          .remarks = {}};
}

/// The cluster at one end of the plan.
struct End {
  explicit End(const Cluster& there)
      : cluster(there),
        nodes(nodes_with_plugins(there)),
        mounts(mounts_by_path(there)),
        connections(connections_by_label(there)) {}

  const Cluster& cluster;
  std::vector<NodeId> nodes;
  std::vector<MountId> mounts;
  std::vector<ConnectionId> connections;
};

/// What is in either of two lists that are in the order of their numbers.
template <class Id>
std::vector<Id> either(const std::vector<Id>& one, const std::vector<Id>& other) {
  std::vector<Id> all;
  std::ranges::set_union(one, other, std::back_inserter(all));
  return all;
}

template <class Id>
bool contains(const std::vector<Id>& ids, Id id) {
  return std::ranges::binary_search(ids, id);
}

/// Puts both ends beside each other.
class Comparison {
 public:
  Comparison(const End& start, const End& end) : start_(start), end_(end), nodes_(either(start.nodes, end.nodes)) {}

  template <class Id, class See>
  Subject subject(Subject::Kind kind, Text name, Id id, std::vector<Id> End::*list, const See& look) const {
    Subject subject{kind, name, contains(start_.*list, id), contains(end_.*list, id), {}};
    for (const auto node : nodes_) {
      Row row{node, {}, {}};
      if (subject.at_start && contains(start_.nodes, node)) row.before = seen(look(start_.cluster, node, id));
      if (subject.at_end && contains(end_.nodes, node)) row.after = seen(look(end_.cluster, node, id));
      if (row.before || row.after) subject.rows.push_back(std::move(row));
    }
    return subject;
  }

 private:
  static Sight seen(Sight sight) {
    sight.remarks = remarks_on(sight);
    return sight;
  }

  const End& start_;
  const End& end_;
  std::vector<NodeId> nodes_;
};

}  // namespace

bool is_out_of_service(Remark::Kind kind) {
  return kind == Remark::Kind::cannot_start || kind == Remark::Kind::not_loaded;
}

bool is_difference(Remark::Kind kind) {
  switch (kind) {
    case Remark::Kind::not_known_here:
    case Remark::Kind::waits_for_reload:
    case Remark::Kind::pin_waits_for_reload:
    case Remark::Kind::other_version_reported:
    case Remark::Kind::other_binary_reported:
      return true;
    case Remark::Kind::respawns:
    case Remark::Kind::cannot_start:
    case Remark::Kind::not_loaded:
    case Remark::Kind::read_only:
    case Remark::Kind::pin_overrides:
      return false;
  }
  return false;
}

std::vector<Remark> remarks_on(const Sight& sight) {
  std::vector<Remark> remarks;
  remark_on_status(sight, remarks);
  remark_on_what_is_wanted(sight, remarks);
  remark_on_what_is_reported(sight, remarks);
  return remarks;
}

std::vector<Subject> subjects_of(const PlanAccount& plan) {
  const auto& world = plan.world();
  const simulator::Run run(plan.forecast().world);
  simulator::State last = plan.forecast().last;
  const Cluster cluster(world, last);
  const End start(run.cluster());
  const End end(cluster);
  const Comparison comparison(start, end);
  std::vector<Subject> subjects;
  for (const auto id : either(start.mounts, end.mounts)) {
    subjects.push_back(comparison.subject(Subject::Kind::mount, world.mount(id).path, id, &End::mounts, see));
  }
  for (const auto id : either(start.connections, end.connections)) {
    const auto label = world.connection(id).label;
    subjects.push_back(comparison.subject(Subject::Kind::connection, label, id, &End::connections, see_connection));
  }
  return subjects;
}

std::vector<simulator::NodeId> nodes_with_plugins(const Cluster& cluster) {
  std::vector<NodeId> nodes;
  for (NodeId node = 0; node < cluster.world().nodes(); ++node) {
    if (runs_plugins(cluster, node)) nodes.push_back(node);
  }
  return nodes;
}

}  // namespace replug::report
