#include "simulator/vault/pins.h"

#include "simulator/vault/catalog.h"
#include "simulator/vault/messages.h"

namespace replug::simulator {

std::optional<Text> pinned_version(const Cluster& cluster, NodeId node, PluginId plugin) {
  if (plugin == no_plugin || cluster.pin(plugin) == 0) return std::nullopt;
  if (!cluster.world().capabilities(cluster.node(node).server).has_pins) return std::nullopt;
  return cluster.world().entry(cluster.pin(plugin) - 1).version;
}

Text effective_version(const Cluster& cluster, NodeId node, PluginId plugin, Text configured) {
  return pinned_version(cluster, node, plugin).value_or(configured);
}

Reply pin(Cluster& cluster, NodeId node, Text type_text, Text name, std::optional<Text> version) {
  const World& world = cluster.world();
  const auto type = parse_plugin_type(type_text.view());
  if (!world.capabilities(cluster.node(node).server).has_pins || !type) return failed(Code::unsupported_path, 404);
  if (!version || version->empty()) return refused(400, Code::missing_plugin_version);
  const VersionText& parsed = world.version(*version);
  if (!parsed.semver) return malformed_version(cluster, node, *version);
  if (parsed.builtin) return refused(400, {Code::builtin_not_pinned, parsed.canonical});
  const PluginId plugin = world.plugin(*type, name);
  const EntryId id = world.entry(plugin, parsed.canonical);
  if (id == no_entry || cluster.entry(id).record == 0)
    return refused(400, {Code::pinned_not_in_catalog, type_text, name, parsed.canonical});
  cluster.edit_pin(plugin) = id + 1;
  return succeeded(200);
}

Reply unpin(Cluster& cluster, NodeId node, Text type_text, Text name) {
  const World& world = cluster.world();
  const auto type = parse_plugin_type(type_text.view());
  if (!world.capabilities(cluster.node(node).server).has_pins || !type) return failed(Code::unsupported_path, 404);
  const PluginId plugin = world.plugin(*type, name);
  if (plugin != no_plugin && cluster.pin(plugin) != 0) cluster.edit_pin(plugin) = 0;
  return succeeded(200);
}

}  // namespace replug::simulator
