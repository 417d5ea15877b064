#pragma once

#include <string_view>

#include "simulator/medium/cluster.h"
#include "simulator/medium/reply.h"

namespace replug::simulator {

struct Reload;

/// The path that a reload by `mounts` means: `sys/auth/my/` is another way to write `auth/my/`.
std::string_view mount_meant(std::string_view path);

/// Reloading plugins: https://developer.hashicorp.com/vault/api-docs/system/plugins-reload-backend (reference, section
/// 6). A reload ends the old process first, and only then finds out whether the configured version can be loaded. It
/// reaches the node that handles it, and with `scope=global` on Vault Enterprise every node.
Reply reload(Cluster& cluster, NodeId node, Text name_space, const Reload& request);

}  // namespace replug::simulator
