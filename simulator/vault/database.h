#pragma once

#include <optional>

#include "simulator/medium/cluster.h"
#include "simulator/medium/reply.h"

namespace replug::simulator {

struct ConfigureDatabase;

/// The database secrets engine: https://developer.hashicorp.com/vault/api-docs/secret/databases (reference, section 8).
/// Each connection has a plugin of its own, made at its first use and again whenever its configuration is written.

/// `POST :mount/config/:name`: loads the plugin at once. What is not given is kept.
Reply configure_database(Cluster& cluster, NodeId node, Text name_space, const ConfigureDatabase& request);
/// `POST :mount/reset/:name`
Reply reset_connection(Cluster& cluster, NodeId node, Text name_space, Text mount, Text name);
/// `POST :mount/rotate-root/:name`: closes the connection's plugin; the next use makes it anew.
Reply rotate_root(Cluster& cluster, NodeId node, Text name_space, Text mount, Text name);
/// `POST :mount/reload/:plugin_name`
Reply reload_connections(Cluster& cluster, NodeId node, Text name_space, Text mount, Text plugin);
/// `GET :mount/creds/:role`, with a role of that connection
Reply request_credentials(Cluster& cluster, NodeId node, Text name_space, Text label);

/// Makes the connection's plugin instance if it has none, dead or alive. Gives the server's error if that fails.
std::optional<Message> connect(Cluster& cluster, NodeId node, ConnectionId connection);
/// The same, and asks it something; where its process is dead that fails, and the dead instance is thrown away.
std::optional<Message> reach_connection(Cluster& cluster, NodeId node, ConnectionId connection);
/// Whether a connection without an instance would get one now.
bool can_connect(const Cluster& cluster, NodeId node, ConnectionId connection);
/// Closes a connection's plugin instance.
void disconnect(Cluster& cluster, NodeId node, ConnectionId connection);
/// Closes those of a mount.
void close_connections(Cluster& cluster, NodeId node, MountId mount);
/// Wipes the configurations and roles of a mount from storage.
void forget_connections(Cluster& cluster, MountId mount);
/// Resets the connections of a plugin in one mount, by name; counts them. Gives the server's error at the first that
/// fails.
std::optional<Message> reset_connections_of(Cluster& cluster, NodeId node, MountId mount, Text plugin,
                                            std::size_t& count);

/// `GET :mount/config/:name`. From Vault 1.16 on such a read makes the plugin instance of a connection that has none.
/// False if it could not.
bool read_configuration(Cluster& cluster, NodeId node, ConnectionId connection);
/// The running version that such a read shows: that of the instance, or of the one that the read would make; none where
/// it could not.
std::optional<Text> shown_version(const Cluster& cluster, NodeId node, ConnectionId connection);

}  // namespace replug::simulator
