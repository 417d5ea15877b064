#pragma once

#include <optional>

#include "simulator/medium/cluster.h"
#include "simulator/medium/reply.h"

namespace replug::simulator {

struct Register;

/// The plugin catalog: https://developer.hashicorp.com/vault/api-docs/system/plugins-catalog (reference, section 2).

/// What the catalog has for a name and a version.
struct Lookup {
  enum class Found : std::uint8_t {
    nothing,
    external,    ///< an entry of the catalog
    builtin,     ///< the server brings it along
    unreadable,  ///< an entry that was written by a Vault that spells types as words; this server cannot decode it
  };
  Found found = Found::nothing;
  RecordId record = 0;
};
/// An empty version never means the latest: it is the unversioned entry, else the built-in.
Lookup lookup(const Cluster& cluster, NodeId node, PluginId plugin, Text version);
/// Whether an unversioned entry of that name stands before a built-in.
bool is_shadowed(const Cluster& cluster, PluginId plugin);
/// Whether any version of that name is registered, the unversioned one among them.
bool is_registered(const Cluster& cluster, PluginId plugin);
/// The highest version registered, as Vault would write it; none where there are only unversioned entries. Prereleases
/// take part.
std::optional<Text> highest_version(const Cluster& cluster, PluginId plugin);
/// Whether the server can list its catalog: one entry or pin that it cannot decode is enough to keep it from that.
bool can_list_catalog(const Cluster& cluster, NodeId node);
/// What a load says of a plugin that the catalog does not have.
Message not_found(const Cluster& cluster, PluginId plugin, Text version);
Message not_found(Text name, Text version);
/// The version as the server keeps it; nothing if it is malformed.
std::optional<Text> canonical_version(const Cluster& cluster, Text version);
/// The refusal of a version that is none.
Reply malformed_version(const Cluster& cluster, NodeId node, Text version);

/// `PUT sys/plugins/catalog/:type/:name`. Runs the binary once to learn its version; if that fails it registers all the
/// same.
Reply register_plugin(Cluster& cluster, NodeId node, const Register& request);
/// `DELETE sys/plugins/catalog/:type/:name`. Nothing checks that the entry is unused.
Reply deregister_plugin(Cluster& cluster, NodeId node, Text type, Text name, std::optional<Text> version);

}  // namespace replug::simulator
