#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "report/json/json.h"
#include "report/telling/subjects.h"
#include "report/telling/words.h"
#include "simulator/run/view.h"

namespace replug::report {
namespace {

using simulator::Cluster;
using simulator::NodeId;
using simulator::Text;

/// Adds a member that the object does not have yet. Json's own operator[] would look through all of them first.
void append(Json& object, Text key, Json value) {
  object.get_ref<Json::object_t&>().emplace_back(key.str(), std::move(value));
}

Json optional_json(const std::optional<Text>& text) { return text ? Json(text->view()) : Json(nullptr); }

Json catalog_json(const Cluster& cluster) {
  Json result = Json::array();
  const auto& world = cluster.world();
  for (const auto id : catalog_in_order(cluster)) {
    const auto& key = world.entry(id);
    const auto& plugin = world.plugin(key.plugin);
    const auto& record = world.record(cluster.entry(id).record);
    result.push_back({{"type", simulator::to_string(plugin.type)},
                      {"name", plugin.name.view()},
                      {"version", key.version.view()},
                      {"sha256", record.sha256.view()},
                      {"command", record.command.view()}});
  }
  return result;
}

/// A server that knows no pins does not show those that a newer one stored.
Json pins_json(const Cluster& cluster) {
  std::vector<simulator::PluginId> pinned;
  const auto& world = cluster.world();
  const auto active = active_node(cluster);
  if (active != simulator::no_node && !world.capabilities(cluster.node(active).server).has_pins) return Json::array();
  for (simulator::PluginId id = 0; id < world.plugins(); ++id) {
    if (cluster.pin(id) != 0) pinned.push_back(id);
  }
  std::ranges::sort(pinned, {}, [&](simulator::PluginId id) {
    return std::pair(simulator::to_string(world.plugin(id).type), world.plugin(id).name.view());
  });
  Json result = Json::array();
  for (const auto id : pinned) {
    result.push_back({{"type", simulator::to_string(world.plugin(id).type)},
                      {"name", world.plugin(id).name.view()},
                      {"version", world.entry(cluster.pin(id) - 1).version.view()}});
  }
  return result;
}

Json node_json(const Cluster& cluster, NodeId node) {
  const auto& state = cluster.node(node);
  Json processes = Json::array();
  for (const auto& process : view_processes(cluster, node)) {
    processes.push_back({{"sha256", process.sha256.view()}, {"count", process.count}});
  }
  return {{"role", role_word(state)},
          {"sealed", state.sealed != 0},
          {"server_version", cluster.world().server(state.server).text},
          {"processes", std::move(processes)}};
}

Json mount_json(const Cluster& cluster, simulator::MountId mount, const std::vector<NodeId>& nodes) {
  Json by_node = Json::object();
  for (const auto node : nodes) {
    const auto view = view_mount(cluster, node, mount);
    Json entry = {{"status", to_string(view.status)},
                  {"plugin_version", view.plugin_version.view()},
                  {"running_plugin_version", view.running_version.view()},
                  {"running_sha256", view.running_sha256.view()},
                  {"actual_version", optional_json(view.actual_version)},
                  {"actual_sha256", optional_json(view.actual_sha256)}};
    if (view.read_only) entry["read_only"] = true;
    append(by_node, cluster.world().node_name(node), std::move(entry));
  }
  Json json = {{"type", plugin_of(cluster, mount).view()}, {"plugin_version", listed_version(cluster, mount).view()}};
  if (const std::uint32_t leases = cluster.stored(mount).leases; leases != 0) json["leases"] = leases;
  json["nodes"] = std::move(by_node);
  return json;
}

Json connection_json(const Cluster& cluster, simulator::ConnectionId connection, const std::vector<NodeId>& nodes) {
  Json by_node = Json::object();
  for (const auto node : nodes) {
    const auto view = view_connection(cluster, node, connection);
    Json entry = {{"status", to_string(view.status)},
                  {"plugin_name", view.plugin_name.view()},
                  {"plugin_version", view.plugin_version.view()}};
    // Vault leaves the field out where it does not know, or before 1.16 always.
    if (view.running_version && !view.running_version->empty()) {
      entry["running_plugin_version"] = view.running_version->view();
    }
    entry["actual_version"] = optional_json(view.actual_version);
    entry["actual_sha256"] = optional_json(view.actual_sha256);
    append(by_node, cluster.world().node_name(node), std::move(entry));
  }
  const auto& stored = cluster.connection(connection);
  Json json = {{"plugin_name", cluster.world().text(stored.plugin).view()},
               {"plugin_version", cluster.world().text(stored.version).view()}};
  if (stored.leases != 0) json["leases"] = std::uint32_t{stored.leases};
  json["nodes"] = std::move(by_node);
  return json;
}

}  // namespace

Json state_json(const Cluster& cluster) {
  const auto& world = cluster.world();
  const auto with_plugins = nodes_with_plugins(cluster);
  Json nodes = Json::object();
  for (NodeId node = 0; node < world.nodes(); ++node) append(nodes, world.node_name(node), node_json(cluster, node));
  Json mounts = Json::object();
  for (const auto mount : mounts_by_path(cluster)) {
    append(mounts, world.mount(mount).path, mount_json(cluster, mount, with_plugins));
  }
  Json databases = Json::object();
  for (const auto connection : connections_by_label(cluster)) {
    append(databases, world.connection(connection).label, connection_json(cluster, connection, with_plugins));
  }
  return {{"catalog", catalog_json(cluster)},
          {"pins", pins_json(cluster)},
          {"nodes", std::move(nodes)},
          {"mounts", std::move(mounts)},
          {"databases", std::move(databases)}};
}

}  // namespace replug::report
