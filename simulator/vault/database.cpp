#include "simulator/vault/database.h"

#include <vector>

#include "simulator/steps/configure_database.h"
#include "simulator/vault/backend.h"
#include "simulator/vault/catalog.h"
#include "simulator/vault/high_availability.h"
#include "simulator/vault/leases.h"
#include "simulator/vault/messages.h"
#include "simulator/vault/pins.h"
#include "simulator/vault/processes.h"

namespace replug::simulator {

namespace {

const Capabilities& can(const Cluster& cluster, NodeId node) {
  return cluster.world().capabilities(cluster.node(node).server);
}

bool is_engine(const Cluster& cluster, MountId mount) {
  return mount != no_mount && cluster.stored(mount).exists != 0 &&
         is_database_engine(cluster, cluster.stored(mount).plugin);
}

// What keeps a request from reaching a database engine at that path, for what stands below it: `config/` and a name.
std::optional<Reply> unreachable_engine(const Cluster& cluster, NodeId node, MountId mount, std::string_view below,
                                        Text name) {
  if (is_engine(cluster, mount)) {
    if (cluster.object(node, mount).tainted == 0) return std::nullopt;
    return turned_away(cluster, node, mount, cluster.world().mount(mount).local, below, name);
  }
  if (mount != no_mount && cluster.stored(mount).exists != 0) return failed(Code::unsupported_path, 404);
  const Text local = mount == no_mount ? Text{} : cluster.world().mount(mount).local;
  return refused(404, {Code::no_route_to_engine, below, local, name});
}

struct Instance {
  Backend backend = Backend::absent;
  RecordId record = 0;
  Text version;   ///< what it was made with
  Message error;  ///< why it cannot be had
};

Message both_tries(const Message& error) { return {Code::invalid_database_version, error_list({error, error})}; }

// With the present protocol, then with the old one, which a shared process that is dead answers in its own way.
Message failed_tries(const Cluster& cluster, NodeId node, RecordId record, StartError error) {
  if (!old_protocol_succeeds(cluster, node, record, error))
    return {Code::invalid_database_version, two_tries(cluster, node, record, error)};
  const bool lower = can(cluster, node).says_incompatible_in_lower_case;
  return {Code::invalid_database_version,
          error_list({start_failure(cluster, node, record, error),
                      lower ? Code::incompatible_protocol_lower : Code::incompatible_protocol})};
}

// Which plugin a configuration leads to now, and whether it can be had. Changes nothing.
Instance find_instance(const Cluster& cluster, NodeId node, Text plugin_name, Text version) {
  const World& world = cluster.world();
  const PluginId plugin = world.plugin(PluginType::database, plugin_name);
  Instance instance;
  instance.version = effective_version(cluster, node, plugin, version);
  const Lookup found = lookup(cluster, node, plugin, instance.version);
  switch (found.found) {
    case Lookup::Found::nothing:
      instance.error = both_tries(not_found(plugin_name, instance.version));
      break;
    case Lookup::Found::unreadable:
      instance.error = both_tries(Code::undecodable_entry);
      break;
    case Lookup::Found::builtin:
      instance.backend = Backend::in_core;
      break;
    case Lookup::Found::external: {
      instance.record = found.record;
      const StartError error = can_attach(cluster, node, found.record);
      if (error == StartError::none) {
        instance.backend = Backend::plugin;
      } else {
        instance.error = failed_tries(cluster, node, found.record, error);
      }
    }
  }
  return instance;
}

// The new instance is made before the old one is closed; where both share a process it simply goes on.
void take_instance(Cluster& cluster, NodeId node, ConnectionId connection, Text plugin_name, const Instance& instance) {
  const UserId user = cluster.user_of(connection);
  const bool shares = instance.record != 0 && cluster.object(node, user).record == instance.record &&
                      is_alive(cluster, node, user) && cluster.process(node, instance.record).multiplexed != 0;
  if (!shares) {
    disconnect(cluster, node, connection);
    if (instance.backend == Backend::plugin) attach(cluster, node, user, instance.record);
  }
  Object& object = cluster.edit_object(node, user);
  object.plugin = cluster.world().plugin(PluginType::database, plugin_name);
  object.backend = instance.backend;
  object.captured = instance.version.id();
  const Text builtin = cluster.world().builtin_version(cluster.node(node).server, object.plugin);
  object.running_version = (instance.backend == Backend::in_core ? builtin : instance.version).id();
  object.running_sha256 = instance.record == 0 ? 0 : cluster.world().record(instance.record).sha256.id();
}

// Which version a write of the configuration stores (reference, section 8.1).
std::optional<Text> version_to_store(const Cluster& cluster, NodeId node, PluginId plugin, Text name,
                                     const StoredConnection& stored, std::optional<Text> given, Reply& refusal) {
  const World& world = cluster.world();
  if (!can(cluster, node).has_plugin_versions) return Text{};
  const Text wanted = given.value_or(stored.exists != 0 ? world.text(stored.version) : Text{});
  if (wanted.empty()) {
    const bool creates = stored.exists == 0 && !pinned_version(cluster, node, plugin);
    if (!creates || is_shadowed(cluster, plugin)) return Text{};
    if (!can_list_catalog(cluster, node)) {
      refusal = failed(Code::undecodable_entry);
      refusal.remarks.emplace_back(Code::unlisted_catalog_for_connection_unverified);
      return std::nullopt;
    }
    return highest_version(cluster, plugin).value_or(Text{});
  }
  const auto canonical = canonical_version(cluster, wanted);
  if (!canonical) {
    refusal = malformed_version(cluster, node, wanted);
    return std::nullopt;
  }
  if (plugin == no_plugin || *canonical != world.builtin_version(cluster.node(node).server, plugin)) return canonical;
  if (!is_shadowed(cluster, plugin)) return can(cluster, node).erases_builtin_versions ? Text{} : *canonical;
  refusal = refused(400, {Code::overridden_version, "database", name, *canonical});
  return std::nullopt;
}

// Other nodes that run plugins see that the configuration was written and close their instance; the next use there
// makes a new one.
void follow_configuration(Cluster& cluster, NodeId writer, ConnectionId connection) {
  const Cause before = cluster.because(Cause::connection_closed);
  for (NodeId node = 0; node < cluster.world().nodes(); ++node) {
    if (node != writer && runs_plugins(cluster, node)) disconnect(cluster, node, connection);
  }
  cluster.because(before);
}

}  // namespace

Reply configure_database(Cluster& cluster, NodeId node, Text name_space, const ConfigureDatabase& request) {
  const World& world = cluster.world();
  const MountId mount = world.mount(world.full_path(name_space, request.mount));
  if (auto refusal = unreachable_engine(cluster, node, mount, "config/", request.connection)) return *refusal;
  const ConnectionId connection = world.connection(mount, request.connection);
  const StoredConnection& stored = cluster.connection(connection);
  const Text name = request.plugin_name.value_or(stored.exists != 0 ? world.text(stored.plugin) : Text{});
  if (name.empty()) return refused(400, Code::empty_plugin_name);
  const PluginId plugin = world.plugin(PluginType::database, name);
  if (const auto pin = pinned_version(cluster, node, plugin); pin && request.plugin_version)
    return refused(400, {Code::pinned_at_configuration, name, *pin});
  Reply refusal;
  const auto version = version_to_store(cluster, node, plugin, name, stored, request.plugin_version, refusal);
  if (!version) return refusal;
  const Instance instance = find_instance(cluster, node, name, *version);
  if (!instance.error.empty()) return refused(400, {Code::database_not_created, instance.error});
  const Cause before = cluster.because(Cause::connected);
  take_instance(cluster, node, connection, name, instance);
  cluster.because(before);
  StoredConnection& written = cluster.edit_connection(connection);
  written = {name.id(), version->id(), 1, 1, written.leases};
  follow_configuration(cluster, node, connection);
  return succeeded(204);
}

std::optional<Message> connect(Cluster& cluster, NodeId node, ConnectionId connection) {
  if (cluster.object(node, cluster.user_of(connection)).backend != Backend::absent) return std::nullopt;
  const World& world = cluster.world();
  const StoredConnection& stored = cluster.connection(connection);
  const Text name = world.text(stored.plugin);
  const Instance instance = find_instance(cluster, node, name, world.text(stored.version));
  if (!instance.error.empty()) return instance.error;
  const Cause before = cluster.because(Cause::connected);
  take_instance(cluster, node, connection, name, instance);
  cluster.because(before);
  return std::nullopt;
}

std::optional<Message> reach_connection(Cluster& cluster, NodeId node, ConnectionId connection) {
  if (const auto error = connect(cluster, node, connection)) return Message{Code::instance_not_created, *error};
  const UserId user = cluster.user_of(connection);
  if (cluster.object(node, user).backend != Backend::plugin || is_alive(cluster, node, user)) return std::nullopt;
  // The failing request is not repeated: it lets the dead instance go, and the next one makes a new one.
  const Cause before = cluster.because(Cause::connection_closed);
  disconnect(cluster, node, connection);
  cluster.because(before);
  return Message{Code::plugin_shutdown};
}

bool can_connect(const Cluster& cluster, NodeId node, ConnectionId connection) {
  const World& world = cluster.world();
  const StoredConnection& stored = cluster.connection(connection);
  return find_instance(cluster, node, world.text(stored.plugin), world.text(stored.version)).error.empty();
}

void disconnect(Cluster& cluster, NodeId node, ConnectionId connection) {
  const UserId user = cluster.user_of(connection);
  if (cluster.object(node, user).backend == Backend::absent) return;
  close(cluster, node, user);
  cluster.edit_object(node, user) = Object{};
}

void close_connections(Cluster& cluster, NodeId node, MountId mount) {
  const Cause before = cluster.because(Cause::connection_closed);
  for (const ConnectionId each : cluster.world().mount(mount).connections) disconnect(cluster, node, each);
  cluster.because(before);
}

void forget_connections(Cluster& cluster, MountId mount) {
  for (const ConnectionId each : cluster.world().mount(mount).connections) {
    if (cluster.connection(each).exists != 0 || cluster.connection(each).has_role != 0)
      cluster.edit_connection(each) = {};
  }
}

Reply reset_connection(Cluster& cluster, NodeId node, Text name_space, Text path, Text name) {
  const World& world = cluster.world();
  const MountId mount = world.mount(world.full_path(name_space, path));
  if (auto refusal = unreachable_engine(cluster, node, mount, "reset/", name)) return *refusal;
  const ConnectionId connection = world.connection(mount, name);
  if (cluster.connection(connection).exists == 0) return failed({Code::connection_not_found, name});
  disconnect(cluster, node, connection);
  if (const auto error = connect(cluster, node, connection)) return failed({Code::instance_not_created, *error});
  return succeeded(204);
}

// What is there is asked to change its own password and is then closed; the next use makes it anew.
Reply rotate_root(Cluster& cluster, NodeId node, Text name_space, Text path, Text name) {
  const World& world = cluster.world();
  const MountId mount = world.mount(world.full_path(name_space, path));
  if (auto refusal = unreachable_engine(cluster, node, mount, "rotate-root/", name)) return *refusal;
  const ConnectionId connection = world.connection(mount, name);
  if (cluster.connection(connection).exists == 0) return failed({Code::connection_not_found, name});
  if (const auto error = reach_connection(cluster, node, connection)) return failed(*error);
  const Cause before = cluster.because(Cause::connection_closed);
  disconnect(cluster, node, connection);
  cluster.because(before);
  return succeeded(204);
}

std::optional<Message> reset_connections_of(Cluster& cluster, NodeId node, MountId mount, Text plugin,
                                            std::size_t& count) {
  const World& world = cluster.world();
  std::vector<Message> done;
  for (const ConnectionId each : world.mount(mount).connections) {
    const StoredConnection& stored = cluster.connection(each);
    if (stored.exists == 0 || stored.plugin != plugin.id()) continue;
    disconnect(cluster, node, each);
    const Text name = world.connection(each).name;
    if (const auto error = connect(cluster, node, each)) {
      Message failure{Code::connection_not_reloaded, name, {Code::instance_not_created, *error}};
      if (done.empty()) return failure;
      done.push_back(std::move(failure));
      return Message{Code::reloaded_so_far, std::move(done)};
    }
    done.emplace_back(Code::connection_name, name);
    ++count;
  }
  return std::nullopt;
}

Reply reload_connections(Cluster& cluster, NodeId node, Text name_space, Text path, Text plugin) {
  const World& world = cluster.world();
  const MountId mount = world.mount(world.full_path(name_space, path));
  if (auto refusal = unreachable_engine(cluster, node, mount, "reload/", plugin)) return *refusal;
  if (!can(cluster, node).reload_reaches_databases) return failed(Code::unsupported_path, 404);
  std::size_t count = 0;
  if (const auto error = reset_connections_of(cluster, node, mount, plugin, count)) return failed(*error);
  return count == 0 ? warned(200, {Code::no_connections, plugin}) : succeeded(200);
}

Reply request_credentials(Cluster& cluster, NodeId node, Text name_space, Text label) {
  const World& world = cluster.world();
  const ConnectionId connection = world.connection(name_space, label);
  const MountId mount = world.connection(connection).mount;
  const Text name = world.connection(connection).name;
  if (auto refusal = unreachable_engine(cluster, node, mount, "creds/probe-", name)) return *refusal;
  if (cluster.connection(connection).has_role == 0) return refused(400, {Code::unknown_role, name});
  if (const auto error = reach_connection(cluster, node, connection)) return failed(*error);
  issue_lease(cluster, connection);
  const Object& object = cluster.object(node, cluster.user_of(connection));
  Reply reply = succeeded(200);
  if (object.backend == Backend::plugin)
    reply.answered_by = {world.record(object.record).version, world.record(object.record).sha256};
  return reply;
}

std::optional<Text> shown_version(const Cluster& cluster, NodeId node, ConnectionId connection) {
  const World& world = cluster.world();
  const Object& object = cluster.object(node, cluster.user_of(connection));
  Text version = world.text(object.running_version);
  if (object.backend == Backend::absent) {
    const StoredConnection& stored = cluster.connection(connection);
    const Instance instance = find_instance(cluster, node, world.text(stored.plugin), world.text(stored.version));
    if (!instance.error.empty()) return std::nullopt;
    const PluginId plugin = world.plugin(PluginType::database, world.text(stored.plugin));
    version = instance.backend == Backend::in_core ? world.builtin_version(cluster.node(node).server, plugin)
                                                   : instance.version;
  }
  return version.empty() ? std::nullopt : std::optional(version);
}

bool read_configuration(Cluster& cluster, NodeId node, ConnectionId connection) {
  if (cluster.connection(connection).exists == 0) return true;
  if (cluster.object(node, cluster.world().connection(connection).mount).tainted != 0) return true;  // nor is it read
  return !connect(cluster, node, connection).has_value();
}

}  // namespace replug::simulator
