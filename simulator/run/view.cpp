#include "simulator/run/view.h"

#include <algorithm>
#include <tuple>

#include "simulator/vault/backend.h"
#include "simulator/vault/catalog.h"
#include "simulator/vault/database.h"
#include "simulator/vault/high_availability.h"
#include "simulator/vault/processes.h"

namespace replug::simulator {

std::string_view to_string(Status status) {
  switch (status) {
    case Status::running:
      return "running";
    case Status::respawns:
      return "respawns";
    case Status::broken:
      return "broken";
    case Status::absent:
      return "absent";
  }
  return "";
}

std::vector<MountId> mounts_by_path(const Cluster& cluster) {
  std::vector<MountId> mounts;
  for (MountId mount = 0; mount < cluster.world().mounts(); ++mount) {
    if (cluster.stored(mount).exists != 0) mounts.push_back(mount);
  }
  return mounts;
}

std::vector<ConnectionId> connections_by_label(const Cluster& cluster) {
  const World& world = cluster.world();
  std::vector<ConnectionId> connections;
  for (ConnectionId connection = 0; connection < world.connections(); ++connection) {
    const bool listed = cluster.stored(world.connection(connection).mount).tainted == 0;
    if (listed && cluster.connection(connection).exists != 0) connections.push_back(connection);
  }
  return connections;
}

std::vector<EntryId> catalog_in_order(const Cluster& cluster) {
  const World& world = cluster.world();
  std::vector<EntryId> entries;
  const NodeId active = active_node(cluster);
  if (active != no_node && !can_list_catalog(cluster, active)) return entries;
  for (EntryId entry = 0; entry < world.entries(); ++entry) {
    if (cluster.entry(entry).record != 0) entries.push_back(entry);
  }
  const auto key = [&](EntryId entry) {
    const Plugin& plugin = world.plugin(world.entry(entry).plugin);
    return std::tuple(plugin.type, plugin.name.view(), world.entry(entry).version.view());
  };
  std::ranges::sort(entries, {}, key);
  return entries;
}

Text listed_version(const Cluster& cluster, MountId mount) {
  const NodeId active = active_node(cluster);
  const bool known = active != no_node && cluster.object(active, mount).backend != Backend::absent;
  return cluster.world().text(known ? cluster.object(active, mount).version : cluster.stored(mount).version);
}

Text plugin_of(const Cluster& cluster, MountId mount) {
  return cluster.world().plugin(cluster.stored(mount).plugin).name;
}

namespace {

void view_process(const Cluster& cluster, const Object& object, std::optional<Text>& version,
                  std::optional<Text>& sha256) {
  const Record& record = cluster.world().record(object.record);
  version = record.version;
  sha256 = record.sha256;
}

}  // namespace

MountView view_mount(const Cluster& cluster, NodeId node, MountId mount) {
  const World& world = cluster.world();
  const Object& object = cluster.object(node, mount);
  MountView view;
  view.plugin_version = world.text(object.version);
  view.running_version = world.text(object.running_version);
  view.running_sha256 = world.text(object.running_sha256);
  view.read_only = object.read_only != 0;
  switch (object.backend) {
    case Backend::absent:
    case Backend::none:
      view.status = Status::absent;
      break;
    case Backend::in_core:
      view.status = Status::running;
      // Whatever is reported of what is compiled into the core, it is the server's own code that runs.
      view.actual_version = world.builtin_version(cluster.node(node).server, object.plugin);
      if (view.actual_version->empty()) view.actual_version = view.running_version;
      view.actual_sha256 = Text{};
      break;
    case Backend::shell:
      view.status = Status::broken;
      break;
    case Backend::plugin:
      if (is_alive(cluster, node, mount)) {
        view.status = Status::running;
        view_process(cluster, object, view.actual_version, view.actual_sha256);
      } else {
        view.status = can_respawn(cluster, node, mount) ? Status::respawns : Status::broken;
      }
  }
  if (object.tainted != 0) view.status = Status::absent;
  return view;
}

ConnectionView view_connection(const Cluster& cluster, NodeId node, ConnectionId connection) {
  const World& world = cluster.world();
  const StoredConnection& stored = cluster.connection(connection);
  const Object& object = cluster.object(node, cluster.user_of(connection));
  ConnectionView view;
  view.plugin_name = world.text(stored.plugin);
  view.plugin_version = world.text(stored.version);
  const bool reported = world.capabilities(cluster.node(node).server).reports_running_connections;
  if (reported) view.running_version = shown_version(cluster, node, connection);
  switch (object.backend) {
    case Backend::absent:
      view.status = can_connect(cluster, node, connection) ? Status::respawns : Status::broken;
      break;
    case Backend::in_core:
      view.status = Status::running;
      view.actual_version = world.text(object.running_version);
      view.actual_sha256 = Text{};
      break;
    default:
      if (is_alive(cluster, node, cluster.user_of(connection))) {
        view.status = Status::running;
        view_process(cluster, object, view.actual_version, view.actual_sha256);
      } else {
        // The next request fails and lets the dead instance go; only the one after it is answered.
        view.status = Status::broken;
      }
  }
  if (cluster.stored(world.connection(connection).mount).tainted != 0) view.status = Status::absent;
  return view;
}

std::vector<ProcessView> view_processes(const Cluster& cluster, NodeId node) {
  const World& world = cluster.world();
  std::vector<std::pair<Text, std::uint32_t>> found;
  for (RecordId record = 1; record < world.records(); ++record) {
    const Process& process = cluster.process(node, record);
    if (const std::uint32_t count = process.alive + process.orphans; count != 0)
      found.emplace_back(world.record(record).sha256, count);
  }
  for (UserId user = 0; user < world.layout().counts().users; ++user) {
    if (const Object& object = cluster.object(node, user); object.alive != 0)
      found.emplace_back(world.record(object.record).sha256, 1);
  }
  std::ranges::sort(found, {}, [](const auto& one) { return one.first.view(); });
  std::vector<ProcessView> processes;
  for (const auto& [sha256, count] : found) {
    if (processes.empty() || processes.back().sha256 != sha256) processes.push_back({sha256, 0});
    processes.back().count += count;
  }
  return processes;
}

}  // namespace replug::simulator
