#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulator/medium/server.h"
#include "simulator/medium/text.h"

namespace replug::simulator {

/// The cluster before the first step, in the words of the plan language (`cluster:`).

enum class Role : std::uint8_t { active, standby, performance_standby };
enum class Replica : std::uint8_t { primary, performance_secondary, dr_secondary };

/// A file in a plugin directory: what its bytes are (sha256) and what the plugin in it would do.
struct FileDescription {
  Text name;
  Text sha256;
  Text type;             ///< empty: whatever it is registered as
  Text reports_version;  ///< empty: it says nothing
  bool multiplexed = false;
  bool starts = true;
};

struct NodeDescription {
  Text name;
  Role role = Role::standby;
  Text replica;  ///< the name of its replicated cluster; empty for the primary
  bool own_plugin_directory = false;
  std::vector<FileDescription> plugin_directory;  ///< overrides the common one, file by file
};

struct ReplicaDescription {
  Text name;
  Replica kind = Replica::performance_secondary;
};

struct EntryDescription {
  Text type, name, version, sha256, command;
  std::vector<Text> args, env;
  Text oci_image, runtime;
  bool declarative = false;
};

struct PinDescription {
  Text type, name, version;
};

struct MountDescription {
  Text path;        ///< full, from the root namespace: `team-a/my/`, `auth/my-auth/`, `team-a/auth/x/`
  Text name_space;  ///< empty or `team-a/`
  bool auth = false;
  Text plugin;
  Text plugin_version;
  std::optional<Text> running_version;
  std::optional<Text> running_sha256;
  std::int64_t leases = 0;
  std::optional<std::int64_t> schema;
};

struct ConnectionDescription {
  Text mount;  ///< full path of the database secrets engine
  Text connection;
  Text plugin;
  Text plugin_version;
  std::optional<Text> running_version;
  std::int64_t leases = 0;
};

/// Where an operator's requests arrive when a step has no `at`.
struct Address {
  enum class Who : std::uint8_t { active, load_balancer, node };
  Who who = Who::active;
  Text node;
};

struct ClusterDescription {
  Server server;
  std::vector<NodeDescription> nodes;
  std::vector<ReplicaDescription> replicas;
  Text storage;  ///< the name of the storage stanza; empty: not said
  std::vector<Text> namespaces;
  Address address;
  bool plugin_directory_known = false;  ///< some plugin_directory was given
  std::vector<FileDescription> plugin_directory;
  std::vector<EntryDescription> catalog;
  std::vector<PinDescription> pins;
  std::vector<MountDescription> mounts;
  std::vector<ConnectionDescription> connections;
};

}  // namespace replug::simulator
