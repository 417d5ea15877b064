#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/medium/cluster.h"
#include "simulator/vault/high_availability.h"

namespace replug::simulator {

/// What a request to a mount or a connection would meet on a node.
enum class Status : std::uint8_t {
  running,   ///< a process answers (or the server itself, for a built-in)
  respawns,  ///< the process is gone; the next request starts it again and is answered
  broken,    ///< the process is gone and cannot be started, or a request to it would hang
  absent,    ///< no backend: loading failed; a request gets 404
};
std::string_view to_string(Status status);

/// What one node shows of a mount, and what really runs there.
struct MountView {
  Status status = Status::absent;
  Text plugin_version;   ///< configured, as this node knows it
  Text running_version;  ///< as this node reports it
  Text running_sha256;
  std::optional<Text> actual_version;  ///< of the process that would answer; none where no process would
  std::optional<Text> actual_sha256;
  bool read_only = false;  ///< answers, but cannot write (revived by a reload after a failed load)
};

struct ConnectionView {
  Status status = Status::absent;
  Text plugin_name;
  Text plugin_version;                  ///< configured
  std::optional<Text> running_version;  ///< as this node reports it; none where the server does not report it
  std::optional<Text> actual_version;
  std::optional<Text> actual_sha256;
};

struct ProcessView {
  Text sha256;
  std::uint32_t count = 0;
};

/// What the active node's list of mounts shows as the version of one; it differs from storage where a tune was not
/// stored.
Text listed_version(const Cluster& cluster, MountId mount);
/// The mounts that exist in storage, by full path.
std::vector<MountId> mounts_by_path(const Cluster& cluster);
/// The connections that exist in storage, by label; not those of an engine that is tainted, which lists none.
std::vector<ConnectionId> connections_by_label(const Cluster& cluster);
/// What the active node's list of the catalog shows: the registered entries, by type, name and version, each as text
/// (the order of the plan language’s page and of the recordings). One entry or pin that it cannot read, and the list
/// shows nothing.
std::vector<EntryId> catalog_in_order(const Cluster& cluster);

MountView view_mount(const Cluster& cluster, NodeId node, MountId mount);
ConnectionView view_connection(const Cluster& cluster, NodeId node, ConnectionId connection);
/// The plugin processes alive on a node, by sha256.
std::vector<ProcessView> view_processes(const Cluster& cluster, NodeId node);
/// The name of the plugin behind a mount, as `type` in `secrets list`.
Text plugin_of(const Cluster& cluster, MountId mount);

}  // namespace replug::simulator
