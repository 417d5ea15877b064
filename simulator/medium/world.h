#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "simulator/medium/description.h"
#include "simulator/medium/server.h"
#include "simulator/medium/state.h"
#include "simulator/medium/text.h"
#include "simulator/medium/version.h"

namespace replug::simulator {

struct Expectation;
struct Register;
struct Step;

/// The three kinds of plugins, in the order in which Vault lists them.
enum class PluginType : std::uint8_t { auth, database, secret };
inline constexpr std::size_t plugin_types = 3;
std::string_view to_string(PluginType type);
std::optional<PluginType> parse_plugin_type(std::string_view text);

/// The contents of a file in a plugin directory.
struct Binary {
  Text sha256;
  Text type;             ///< empty: whatever it is registered as
  Text reports_version;  ///< empty: it says nothing
  bool multiplexed = false;
  bool starts = true;

  friend bool operator==(const Binary&, const Binary&) = default;
};

/// The contents of a catalog entry. Two mounts share a process exactly if they run the same record (reference,
/// section 5.5: the tuple).
struct Record {
  PluginId plugin = 0;
  EntryId entry = 0;
  Text version;  ///< empty: unversioned
  Text sha256;
  Text command;
  FileId file = 0;
  Text arguments;    ///< args, joined
  Text environment;  ///< env, joined
  Text oci_image;    ///< with its runtime; empty: a file

  friend bool operator==(const Record&, const Record&) = default;
};

/// The file that a command names: what stands before its first space.
std::string_view command_file(std::string_view command);
/// What a process gets as arguments, joined: from `args`, else from behind the command.
std::string arguments_of(const Register& step);
std::string environment_of(const Register& step);
/// The container image with its runtime.
std::string image_of(const Register& step);
/// The name that a request with an unknown type leads to: `secrets/toy` (reference, section 2.1).
std::string untyped_name(const Register& step);
std::string lower_case(std::string_view text);

/// A name in the catalog under one type, with the versions that a plan can meet.
struct Plugin {
  PluginType type = PluginType::secret;
  Text name;
  EntryId unversioned = no_entry;
  std::vector<EntryId> versions;  ///< versioned entries, ascending as Vault orders them
};

/// A place in the catalog: (type, name, version).
struct CatalogKey {
  PluginId plugin = 0;
  Text version;
};

/// A path at which something is mounted at some time.
struct MountPath {
  Text path;        ///< full: `team-a/auth/my/`
  Text name_space;  ///< `team-a/` or empty
  Text local;       ///< within its namespace: `auth/my/`
  Text shown;       ///< as an error about a taken path shows it: without `auth/`
  bool auth = false;
  std::uint32_t segments = 0;             ///< path segments, the namespace's among them (the order at an unseal)
  std::vector<ConnectionId> connections;  ///< by name; of a database secrets engine
};

struct ConnectionName {
  MountId mount = 0;
  Text name;
  Text label;  ///< `database/my-db`
};

/// A plugin version as a text that occurs in the plan, parsed once.
struct VersionText {
  bool semver = false;   ///< a semantic version (register, pin)
  bool lax = false;      ///< good enough for enable, tune, database configuration
  bool builtin = false;  ///< carries `+builtin`
  Text canonical;        ///< `v1.0.0`; empty if malformed
};

/// Where a request path may lead: the mounts whose paths are its beginning, the longest first.
struct Route {
  Text within;  ///< the path as its innermost namespace shows it
  bool namespace_exists = true;
  std::vector<MountId> mounts;
};

/// Everything that stays the same while a plan is played: every name, path, version, catalog entry and file it can
/// meet, as small numbers, the servers' capabilities, and the layout of the state. Made once from the cluster and the
/// steps; never changed after.
class World {
 public:
  static std::shared_ptr<const World> make(const ClusterDescription& cluster, std::span<const Step> steps,
                                           std::span<const Expectation> expect, Texts& texts);

  [[nodiscard]] const ClusterDescription& description() const { return description_; }
  [[nodiscard]] const Texts& texts() const { return *texts_; }
  [[nodiscard]] Text text(std::uint32_t id) const { return texts_->at(id); }

  [[nodiscard]] std::uint32_t nodes() const { return static_cast<std::uint32_t>(description_.nodes.size()); }
  [[nodiscard]] Text node_name(NodeId node) const { return description_.nodes[node].name; }
  [[nodiscard]] NodeId node(Text name) const;  ///< no_node if there is none
  /// The index of the replicated cluster a node belongs to; 0 is the primary.
  [[nodiscard]] std::uint32_t replica_of(NodeId node) const { return node_replica_[node]; }
  [[nodiscard]] Replica replica_kind(std::uint32_t replica) const { return replica_kinds_[replica]; }
  [[nodiscard]] std::uint32_t replicas() const { return static_cast<std::uint32_t>(replica_kinds_.size()); }

  [[nodiscard]] const Server& server(ServerId id) const { return servers_[id]; }
  [[nodiscard]] const Capabilities& capabilities(ServerId id) const { return capabilities_[id]; }
  [[nodiscard]] std::uint32_t servers() const { return static_cast<std::uint32_t>(servers_.size()); }
  [[nodiscard]] ServerId server_id(const Server& server) const;  ///< `servers()` if the plan never meets it

  [[nodiscard]] const VersionText& version(Text text) const;
  [[nodiscard]] PluginId plugin(PluginType type, Text name) const;  ///< no_plugin if the plan never meets it
  [[nodiscard]] const Plugin& plugin(PluginId id) const { return plugins_[id]; }
  [[nodiscard]] std::uint32_t plugins() const { return static_cast<std::uint32_t>(plugins_.size()); }
  [[nodiscard]] EntryId entry(PluginId plugin, Text version) const;  ///< no_entry if the plan never meets it
  [[nodiscard]] const CatalogKey& entry(EntryId id) const { return entries_[id]; }
  [[nodiscard]] std::uint32_t entries() const { return static_cast<std::uint32_t>(entries_.size()); }
  /// `secret my-secret-plugin v1.0.1`, for people.
  [[nodiscard]] Text entry_label(EntryId id) const { return entry_labels_[id]; }
  [[nodiscard]] Text plugin_label(PluginId id) const { return plugin_labels_[id]; }
  /// The version text of a built-in plugin on a server; the empty text if that server has none, or its version is not
  /// known.
  [[nodiscard]] Text builtin_version(ServerId server, PluginId plugin) const { return builtin(server, plugin).version; }
  [[nodiscard]] bool is_builtin(ServerId server, PluginId plugin) const { return builtin(server, plugin).exists; }
  [[nodiscard]] bool is_core(PluginId plugin) const { return core_[plugin]; }

  [[nodiscard]] RecordId record(const Record& content) const;  ///< 0 if the plan never meets it
  [[nodiscard]] const Record& record(RecordId id) const { return records_[id]; }
  [[nodiscard]] std::uint32_t records() const { return static_cast<std::uint32_t>(records_.size()); }
  /// The record that a `register` step would write under that version, name and type.
  [[nodiscard]] RecordId record_of(const Register& step, PluginId plugin, EntryId entry) const {
    return record(content(step, plugin, entry));
  }
  [[nodiscard]] Record content(const Register& step, PluginId plugin, EntryId entry) const;

  [[nodiscard]] FileId file(Text name) const;
  [[nodiscard]] Text file_name(FileId id) const { return files_[id]; }
  [[nodiscard]] std::uint32_t files() const { return static_cast<std::uint32_t>(files_.size()); }
  [[nodiscard]] const Binary& binary(BinaryId id) const { return binaries_[id]; }
  [[nodiscard]] BinaryId binary(const Binary& contents) const;  ///< 0 if the plan never meets it
  [[nodiscard]] std::uint32_t binaries() const { return static_cast<std::uint32_t>(binaries_.size()); }

  [[nodiscard]] MountId mount(Text full_path) const;  ///< no_mount if the plan never mounts anything there
  [[nodiscard]] const MountPath& mount(MountId id) const { return mounts_[id]; }
  [[nodiscard]] std::uint32_t mounts() const { return static_cast<std::uint32_t>(mounts_.size()); }
  /// The mounts that can ever hold a plugin of that name, of whichever type.
  [[nodiscard]] std::span<const MountId> mounts_of_plugin(Text name) const;
  /// The mounts that can ever hold the database secrets engine.
  [[nodiscard]] std::span<const MountId> database_mounts() const { return database_mounts_; }
  /// `database/my-db` as it is meant in a namespace; no_connection if the plan never names it.
  [[nodiscard]] ConnectionId connection(Text name_space, Text label) const;
  [[nodiscard]] ConnectionId connection(MountId mount, Text name) const;
  [[nodiscard]] const ConnectionName& connection(ConnectionId id) const { return connections_[id]; }
  [[nodiscard]] std::uint32_t connections() const { return static_cast<std::uint32_t>(connections_.size()); }
  /// The full path that `path` means in a namespace.
  [[nodiscard]] Text full_path(Text name_space, Text path) const;
  [[nodiscard]] const Route& route(Text name_space, Text path) const;
  [[nodiscard]] bool namespace_exists(Text name_space) const;
  /// The mounts whose paths begin with `path` or are its beginning, by path; what makes `enable` find a path taken.
  [[nodiscard]] std::span<const MountId> overlapping(MountId mount) const { return overlapping_[mount]; }
  /// The number of a snapshot that some step takes back, or no_snapshot.
  [[nodiscard]] SnapshotId snapshot(std::optional<Text> name) const;

  [[nodiscard]] const Layout& layout() const { return layout_; }
  /// The cluster as it is described, every unsealed node having loaded the stored mount table.
  [[nodiscard]] const State& initial() const { return initial_; }
  /// What the initial state rests on beside the description.
  [[nodiscard]] std::span<const std::string> assumed() const { return assumed_; }

 private:
  friend class WorldBuilder;
  struct Builtin {
    bool exists = false;
    Text version;
  };
  static constexpr std::uint32_t never_builtin = ~std::uint32_t{0};
  // Few plugins are brought along by any server, so a table of all servers and all plugins would be nearly empty.
  [[nodiscard]] Builtin builtin(ServerId server, PluginId plugin) const {
    const std::uint32_t column = builtin_column_[plugin];
    return column == never_builtin ? Builtin{} : builtins_[std::size_t{server} * builtin_columns_ + column];
  }
  struct RecordHash {
    std::size_t operator()(const Record& record) const;
  };
  struct BinaryHash {
    std::size_t operator()(const Binary& binary) const;
  };
  struct ServerHash {
    std::size_t operator()(const Server& server) const;
  };
  World() = default;

  ClusterDescription description_;
  Texts* texts_ = nullptr;
  std::vector<Server> servers_;
  std::unordered_map<Server, ServerId, ServerHash> server_of_;
  std::vector<Capabilities> capabilities_;
  std::vector<std::uint32_t> node_replica_;
  std::vector<Replica> replica_kinds_;
  std::unordered_map<std::uint32_t, NodeId> node_of_;
  std::vector<VersionText> versions_;  // by text number, filled where a text is used as a version
  std::vector<Plugin> plugins_;
  std::unordered_map<std::uint64_t, PluginId> plugin_of_;
  std::vector<CatalogKey> entries_;
  std::vector<Text> entry_labels_;
  std::vector<Text> plugin_labels_;
  std::unordered_map<std::uint64_t, EntryId> entry_of_;
  std::vector<std::uint32_t> builtin_column_;  // by plugin: its place in a server's row, or never_builtin
  std::uint32_t builtin_columns_ = 0;
  std::vector<Builtin> builtins_;  // a row for each server
  std::vector<bool> core_;
  std::vector<Record> records_;
  std::unordered_map<Record, RecordId, RecordHash> record_of_;
  std::vector<Text> files_;
  std::unordered_map<std::uint32_t, FileId> file_of_;
  std::vector<Binary> binaries_;
  std::unordered_map<Binary, BinaryId, BinaryHash> binary_of_;
  std::vector<MountPath> mounts_;
  std::unordered_map<std::uint32_t, MountId> mount_of_;
  std::unordered_map<std::uint32_t, std::vector<MountId>> mounts_of_plugin_;
  std::vector<std::vector<MountId>> overlapping_;
  std::vector<MountId> database_mounts_;
  std::vector<ConnectionName> connections_;
  std::unordered_map<std::uint64_t, ConnectionId> connection_of_;        // by mount and name
  std::unordered_map<std::uint64_t, ConnectionId> connection_of_label_;  // by namespace and label
  std::unordered_set<std::uint32_t> namespaces_;
  std::unordered_map<std::uint64_t, Text> full_paths_;
  std::unordered_map<std::uint64_t, Route> routes_;
  std::unordered_map<std::uint32_t, SnapshotId> snapshots_;
  Layout layout_;
  State initial_;
  std::vector<std::string> assumed_;
};

}  // namespace replug::simulator
