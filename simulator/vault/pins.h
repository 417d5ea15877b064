#pragma once

#include <optional>

#include "simulator/medium/cluster.h"
#include "simulator/medium/reply.h"

namespace replug::simulator {

/// Pinned versions: https://developer.hashicorp.com/vault/api-docs/system/plugins-pins (reference, section 9). One pin
/// for a type and name, for the whole cluster; it beats the configured version at every load, and changes nothing that
/// runs.

/// The pinned version, if that server knows pins and there is one.
std::optional<Text> pinned_version(const Cluster& cluster, NodeId node, PluginId plugin);
/// What a load asks the catalog for: the pin, else the configured version.
Text effective_version(const Cluster& cluster, NodeId node, PluginId plugin, Text configured);

/// `POST sys/plugins/pins/:type/:name`
Reply pin(Cluster& cluster, NodeId node, Text type, Text name, std::optional<Text> version);
/// `DELETE sys/plugins/pins/:type/:name`
Reply unpin(Cluster& cluster, NodeId node, Text type, Text name);

}  // namespace replug::simulator
