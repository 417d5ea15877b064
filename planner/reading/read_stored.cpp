#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "planner/reading/read_cluster.h"
#include "planner/reading/reader.h"
#include "simulator/medium/description.h"
#include "simulator/steps/shell.h"

namespace replug::planner {

namespace {

using simulator::Text;

constexpr std::array<std::string_view, 3> plugin_types{"auth", "database", "secret"};

// What is read of what Vault prints, and what Vault prints beside it that is near to something that is read.
constexpr std::array<std::string_view, 9> entry_keys{"type", "name", "version", "sha256",   "command",
                                                     "args", "env",  "runtime", "oci_image"};
constexpr std::array<std::string_view, 5> other_entry_keys{"builtin", "deprecation_status", "declarative", "oci",
                                                           "download"};
constexpr std::array<std::string_view, 3> pin_keys{"type", "name", "version"};
constexpr std::array<std::string_view, 7> mount_keys{
    "type", "plugin_version", "running_plugin_version", "running_sha256", "namespace", "leases", "schema"};
constexpr std::array<std::string_view, 11> other_mount_keys{
    "running_version",         "uuid", "description",       "accessor", "config", "local", "seal_wrap", "options",
    "external_entropy_access", "path", "deprecation_status"};
constexpr std::array<std::string_view, 4> connection_keys{"plugin_name", "plugin_version", "running_plugin_version",
                                                          "leases"};
constexpr std::array<std::string_view, 2> other_connection_keys{"running_version", "connection_details"};

/// Reads what `vault … -format=json` prints of a cluster's storage. A part that is a file of its own is read from that
/// file's document.
class StoredReader {
 public:
  StoredReader(const Values& values, const Node& node, Files& files, Namespaces& namespaces,
               simulator::ClusterDescription& cluster)
      : values_(values), node_(node), files_(files), namespaces_(namespaces), cluster_(cluster) {}

  void read() {
    read_part("catalog", &StoredReader::read_catalog);
    read_part("pins", &StoredReader::read_pins);
    read_part("secrets", &StoredReader::read_secrets);
    read_part("auth", &StoredReader::read_auth);
    read_part("databases", &StoredReader::read_databases);
  }

 private:
  void read_part(std::string_view key, void (StoredReader::*member)(const Values&, const Node&)) {
    const Node* value = given(node_, key);
    if (value == nullptr) return;
    const Located part = follow(values_, key, *value, files_);
    if (part.node != nullptr) (this->*member)(values_.over(*part.document), unwrapped(*part.node));
  }

  [[nodiscard]] std::string_view tool() const { return simulator::tool_of(cluster_.server.product); }

  void read_catalog(const Values& values, const Node& value) {
    const Node* list = &value;
    if (value.kind() == Node::Kind::mapping) {
      const Node* detailed = given(value, "detailed");
      if (detailed == nullptr) detailed = given(value, "details");  // `vault plugin list -format=json` calls it so
      if (detailed != nullptr) list = detailed;
    }
    if (!values.is_list(*list, "catalog",
                        fmt::format("Paste `data.detailed` of `{} read -format=json sys/plugins/catalog`.", tool())))
      return;
    for (const Node* item : list->items()) {
      if (item->kind() == Node::Kind::mapping) {
        read_entry(values, *item);
      } else {
        values.wrong_kind(*item, "An entry of `catalog`", "a mapping");
      }
    }
  }

  void read_entry(const Values& values, const Node& item) {
    if (const Node* builtin = given(item, "builtin")) {
      if (values.flag(*builtin, "builtin").value_or(true)) return;
    }
    values.near_keys(item, entry_keys, other_entry_keys);
    simulator::EntryDescription entry;
    if (const Node* type = given(item, "type"); type != nullptr && type->text() == "kms")
      return;  // OpenBao's own, never mounted
    read_key_of(values, item, "This catalog entry", entry.type, entry.name);
    if (const Node* version = given(item, "version"))
      entry.version = values.version(*version, "version").value_or(Text{});
    if (const Node* sha256 = given(item, "sha256")) {
      entry.sha256 = values.name(*sha256, "sha256").value_or(Text{});
    } else {
      values.missing(
          item, "This catalog entry", "sha256",
          fmt::format("`{} read -format=json sys/plugins/catalog` prints it under `data.detailed`.", tool()));
    }
    if (const Node* image = given(item, "oci_image"))
      entry.oci_image = values.text(*image, "oci_image").value_or(Text{});
    if (const Node* runtime = given(item, "runtime")) entry.runtime = values.text(*runtime, "runtime").value_or(Text{});
    if (const Node* command = given(item, "command")) entry.command = values.text(*command, "command").value_or(Text{});
    if (entry.command.empty() && entry.oci_image.empty())
      entry.command = entry.name;  // as `vault plugin register` does
    if (const Node* args = given(item, "args")) entry.args = values.texts(*args, "args");
    if (const Node* env = given(item, "env")) entry.env = values.texts(*env, "env");
    if (const Node* declarative = given(item, "declarative")) {
      entry.declarative = values.flag(*declarative, "declarative").value_or(false);
    }
    tell_twice(values, item, entries_, {entry.type, entry.name, entry.version}, "This entry is in the catalog twice.");
    cluster_.catalog.push_back(std::move(entry));
  }

  static void read_key_of(const Values& values, const Node& item, std::string_view owner, Text& type, Text& name) {
    if (const Node* value = given(item, "type")) {
      if (const auto word = values.word(*value, "type", plugin_types)) type = values.intern(*word);
    } else {
      values.missing(item, owner, "type", "Add `type: auth`, `type: database` or `type: secret`.");
    }
    if (const Node* value = given(item, "name")) {
      name = values.name(*value, "name").value_or(Text{});
    } else {
      values.missing(item, owner, "name", "Add the plugin's name in the catalog.");
    }
  }

  static void tell_twice(const Values& values, const Node& at, Seen& seen, std::initializer_list<Text> key,
                         std::string_view message) {
    std::string joined;
    for (const Text part : key) {
      joined += part.view();
      joined += '\0';
    }
    if (const auto first = seen.again(joined, values.place(at))) {
      values.problem(at, std::string(message), "Remove one of them.", {{"the first one", *first}});
    }
  }

  void read_pins(const Values& values, const Node& value) {
    const Node* list = &value;
    if (value.kind() == Node::Kind::mapping) {
      if (const Node* pins = given(value, "pinned_versions")) list = pins;
    }
    if (!values.is_list(*list, "pins", "Paste `data.pinned_versions` of `vault read -format=json sys/plugins/pins`."))
      return;
    for (const Node* item : list->items()) {
      if (item->kind() != Node::Kind::mapping) {
        values.wrong_kind(*item, "An item of `pins`", "a mapping",
                          "Write `{type: secret, name: my-secret-plugin, version: v1.0.0}`.");
        continue;
      }
      values.only_keys(*item, "A pin", pin_keys);
      simulator::PinDescription pin;
      read_key_of(values, *item, "This pin", pin.type, pin.name);
      const Node* version = given(*item, "version");
      if (version == nullptr) {
        values.missing(*item, "This pin", "version");
      } else if (const auto text = values.version(*version, "version")) {
        pin.version = *text;
      }
      tell_twice(values, *item, pins_, {pin.type, pin.name}, "This plugin is pinned twice.");
      cluster_.pins.push_back(pin);
    }
  }

  void read_secrets(const Values& values, const Node& value) { read_mounts(values, value, false); }
  void read_auth(const Values& values, const Node& value) { read_mounts(values, value, true); }

  void read_mounts(const Values& values, const Node& value, bool auth) {
    const std::string_view key = auth ? "auth" : "secrets";
    if (!values.is_mapping(value, key, fmt::format("Paste what `vault {} list -detailed -format=json` prints.", key)))
      return;
    if (value.entries().size() + cluster_.mounts.size() > ReadLimits::mounts) {
      values.problem(value,
                     fmt::format("The cluster has more than {} mounts; so many are not read.", ReadLimits::mounts));
      return;
    }
    cluster_.mounts.reserve(cluster_.mounts.size() + value.entries().size());
    for (const auto& entry : value.entries()) {
      if (entry.value->kind() == Node::Kind::mapping) {
        read_mount(values, entry, auth);
      } else {
        values.wrong_kind(*entry.value, fmt::format("The mount {}", quoted_name(entry.key->text())), "a mapping",
                          "Write `{type: my-secret-plugin, plugin_version: v1.0.0}`.");
      }
    }
  }

  void read_mount(const Values& values, const Node::Entry& entry, bool auth) {
    const Node& value = *entry.value;
    values.near_keys(value, mount_keys, other_mount_keys);
    simulator::MountDescription mount;
    mount.auth = auth;
    if (const Node* name = given(value, "namespace")) {
      mount.name_space = values.name_space(*name, "namespace").value_or(Text{});
      if (!mount.name_space.empty()) namespaces_.add(values, mount.name_space, *name);
    }
    const auto path = read_mount_path(values, *entry.key, mount);
    if (path) mount.path = *path;
    if (const Node* type = given(value, "type")) {
      mount.plugin = values.name(*type, "type").value_or(Text{});
    } else {
      values.missing(*entry.key, fmt::format("The mount {}", quoted_name(entry.key->text())), "type",
                     "Add the name of its plugin.");
    }
    read_versions(values, value, mount.plugin_version, mount.running_version);
    if (const Node* sha256 = given(value, "running_sha256"))
      mount.running_sha256 = values.text(*sha256, "running_sha256");
    if (const Node* leases = given(value, "leases")) mount.leases = values.whole_number(*leases, "leases").value_or(0);
    if (const Node* schema = given(value, "schema")) mount.schema = values.whole_number(*schema, "schema");
    if (path) tell_twice(values, *entry.key, mounts_, {mount.path}, "This mount is listed twice.");
    cluster_.mounts.push_back(mount);
  }

  static void read_versions(const Values& values, const Node& value, Text& configured, std::optional<Text>& running) {
    if (const Node* version = given(value, "plugin_version")) {
      configured = values.version(*version, "plugin_version").value_or(Text{});
    }
    if (const Node* version = given(value, "running_plugin_version")) {
      running = values.version(*version, "running_plugin_version");
    }
    if (const auto* entry = value.find("running_version")) {  // so expectations call it; too far off to be found near
      values.problem(*entry->key, "The key `running_version` would be ignored.",
                     "Did you mean `running_plugin_version`?");
    }
  }

  /// The full path from the root namespace. Auth mounts are written without `auth/` as `vault auth list` does, which is
  /// no part of the path to somebody who reads the list, and stands behind the namespace to somebody who sends
  /// requests.
  std::optional<Text> read_mount_path(const Values& values, const Node& key, simulator::MountDescription& mount) {
    const auto written = values.path(key, mount.auth ? "auth" : "secrets");
    if (!written) return std::nullopt;
    std::string_view local = written->view();
    if (mount.name_space.empty() && !mount.auth) mount.name_space = namespaces_.around(local);
    const std::string_view name_space = mount.name_space.view();
    if (!name_space.empty() && !local.starts_with(name_space)) {
      values.problem(
          key, fmt::format("The mount {} is not in its namespace {}.", quoted_name(local), quoted_name(name_space)),
          fmt::format("Write its full path: {}.", quoted_name(std::string(name_space) + std::string(local))));
      return std::nullopt;
    }
    if (!mount.auth) return written;
    local.remove_prefix(name_space.size());
    if (local.starts_with("auth/") && local.size() > 5) local.remove_prefix(5);
    return values.intern(fmt::format("{}auth/{}", name_space, local));
  }

  void read_databases(const Values& values, const Node& value) {
    const std::string help =
        "Write `databases: {database/: {my-db: {plugin_name: my-db-plugin, plugin_version: v1.0.0}}}`.";
    if (!values.is_mapping(value, "databases", help)) return;
    for (const auto& entry : value.entries()) {
      const auto mount = values.path(*entry.key, "databases");
      if (entry.value->kind() != Node::Kind::mapping) {
        values.wrong_kind(*entry.value, fmt::format("The mount {}", quoted_name(entry.key->text())),
                          "a mapping of its connections", help);
        continue;
      }
      for (const auto& connection : entry.value->entries()) {
        if (mount) read_connection(values, *mount, connection);
      }
    }
  }

  void read_connection(const Values& values, Text mount, const Node::Entry& entry) {
    const std::string owner = fmt::format("The connection {}", quoted_name(entry.key->text()));
    if (entry.value->kind() != Node::Kind::mapping) {
      values.wrong_kind(*entry.value, owner, "a mapping",
                        fmt::format("Paste what `{} read -format=json MOUNT/config/NAME` prints.", tool()));
      return;
    }
    const Node& value = unwrapped(*entry.value);
    values.near_keys(value, connection_keys, other_connection_keys);
    simulator::ConnectionDescription connection;
    connection.mount = mount;
    connection.connection = values.name(*entry.key, "databases").value_or(Text{});
    if (const Node* plugin = given(value, "plugin_name")) {
      connection.plugin = values.name(*plugin, "plugin_name").value_or(Text{});
    } else {
      values.missing(*entry.key, owner, "plugin_name", "Add the name of its database plugin.");
    }
    read_versions(values, value, connection.plugin_version, connection.running_version);
    if (const Node* leases = given(value, "leases"))
      connection.leases = values.whole_number(*leases, "leases").value_or(0);
    tell_twice(values, *entry.key, connections_, {connection.mount, connection.connection},
               "This connection is listed twice.");
    cluster_.connections.push_back(connection);
  }

  const Values& values_;
  const Node& node_;
  Files& files_;
  Namespaces& namespaces_;
  simulator::ClusterDescription& cluster_;
  Seen entries_, pins_, mounts_, connections_;
};

}  // namespace

void read_stored(const Values& values, const Node& cluster_node, Files& files, Namespaces& namespaces,
                 simulator::ClusterDescription& cluster) {
  StoredReader(values, cluster_node, files, namespaces, cluster).read();
}

}  // namespace replug::planner
