#pragma once

#include <optional>
#include <string_view>

#include "simulator/medium/cluster.h"
#include "simulator/medium/reply.h"

namespace replug::simulator {

/// Secrets engines and auth methods: https://developer.hashicorp.com/vault/api-docs/system/mounts and …/system/auth
/// (reference, sections 3, 4 and 10). Paths are as the request has them, within its namespace.

/// `POST sys/mounts/:path`, `POST sys/auth/:path`
Reply enable(Cluster& cluster, NodeId node, Text name_space, Text path, Text plugin, std::optional<Text> version);
/// `POST sys/mounts/:path/tune`: stores the version that the next reload or unseal loads. Nothing that runs changes.
Reply tune(Cluster& cluster, NodeId node, Text name_space, Text path, Text version);
/// `DELETE sys/mounts/:path`: revokes the leases and wipes the data of the mount.
Reply disable(Cluster& cluster, NodeId node, Text name_space, Text path);
/// `POST sys/remount`: the backend goes on under another path, with its data.
Reply move(Cluster& cluster, NodeId node, Text name_space, Text from, Text to);

/// Whether what was started for a mount is a plugin for the other table: an auth method behind a secrets engine, or the
/// other way round.
bool is_wrong_kind(const Cluster& cluster, NodeId node, MountId mount);

/// Which of the server's own mounts a path within a namespace leads to: `system` for `sys/`, `ns_token` for
/// `auth/token/` inside a namespace; empty where it leads to none of them.
std::string_view singleton_at(bool in_namespace, std::string_view path);

}  // namespace replug::simulator
