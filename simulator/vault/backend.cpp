#include "simulator/vault/backend.h"

#include "simulator/vault/catalog.h"
#include "simulator/vault/messages.h"
#include "simulator/vault/pins.h"

namespace replug::simulator {

namespace {

const Capabilities& can(const Cluster& cluster, NodeId node) {
  return cluster.world().capabilities(cluster.node(node).server);
}

// A built-in lives inside the server. What is compiled into the core runs whatever version is configured, and is
// reported as that.
void make_builtin(Cluster& cluster, NodeId node, MountId mount, Text effective) {
  const World& world = cluster.world();
  Object& object = cluster.edit_object(node, mount);
  const Text reported = effective.empty() ? world.builtin_version(cluster.node(node).server, object.plugin) : effective;
  object.backend = Backend::in_core;
  object.captured = effective.id();
  object.record = 0;
  object.running_version = reported.id();
  object.running_sha256 = 0;
  cluster.mark_unwritten(mount);
}

void make_external(Cluster& cluster, NodeId node, MountId mount, RecordId record, Text effective, Backend backend) {
  Object& object = cluster.edit_object(node, mount);
  object.backend = backend;
  object.captured = effective.id();
  object.record = record;
  object.running_version = effective.id();
  object.running_sha256 = cluster.world().record(record).sha256.id();
  cluster.mark_unwritten(mount);
}

// Older servers forget the reported sha256 before they try; from 1.16 on both fields are set only after success
// (section 4.1).
Message not_created(Cluster& cluster, NodeId node, MountId mount, Message error) {
  if (!can(cluster, node).keeps_running_report_on_failure) cluster.edit_object(node, mount).running_sha256 = 0;
  cluster.mark_unwritten(mount);
  return error;
}

}  // namespace

bool is_database_engine(const Cluster& cluster, PluginId plugin) {
  if (plugin == no_plugin) return false;
  const Plugin& there = cluster.world().plugin(plugin);
  return there.type == PluginType::secret && there.name.view() == "database";
}

bool old_protocol_succeeds(const Cluster& cluster, NodeId node, RecordId record, StartError error) {
  return error == StartError::unreachable && start(cluster, node, record) == StartError::none;
}

Message two_tries(const Cluster& cluster, NodeId node, RecordId record, StartError error) {
  const StartError second = error == StartError::unreachable ? start(cluster, node, record) : error;
  return error_list({start_failure(cluster, node, record, error), start_failure(cluster, node, record, second)});
}

std::optional<Message> create_backend(Cluster& cluster, NodeId node, MountId mount) {
  const World& world = cluster.world();
  const Object& object = cluster.object(node, mount);
  const Text effective = effective_version(cluster, node, object.plugin, world.text(object.version));
  if (world.is_core(object.plugin)) {
    make_builtin(cluster, node, mount, effective);
    return std::nullopt;
  }
  const Lookup found = lookup(cluster, node, object.plugin, effective);
  switch (found.found) {
    case Lookup::Found::nothing:
      return not_created(cluster, node, mount, not_found(cluster, object.plugin, effective));
    case Lookup::Found::unreadable:
      return not_created(cluster, node, mount, Code::undecodable_entry);
    case Lookup::Found::builtin:
      make_builtin(cluster, node, mount, Text{});
      return std::nullopt;
    case Lookup::Found::external:
      break;
  }
  const StartError error = attach(cluster, node, mount, found.record);
  if (error == StartError::none) {
    make_external(cluster, node, mount, found.record, effective, Backend::plugin);
    return std::nullopt;
  }
  if (old_protocol_succeeds(cluster, node, found.record, error)) {
    make_external(cluster, node, mount, found.record, effective, Backend::shell);
    return std::nullopt;
  }
  return not_created(cluster, node, mount,
                     {Code::invalid_backend_version, two_tries(cluster, node, found.record, error)});
}

std::optional<Message> respawn(Cluster& cluster, NodeId node, UserId user) {
  drop(cluster, node, user);
  const World& world = cluster.world();
  const Object& object = cluster.object(node, user);
  const Text captured = world.text(object.captured);
  const Cause before = cluster.because(Cause::respawned);
  std::optional<Message> failure;
  const Lookup found = lookup(cluster, node, object.plugin, captured);
  if (found.found == Lookup::Found::unreadable) {
    failure = Code::undecodable_entry;
  } else if (found.found != Lookup::Found::external) {
    failure = not_found(cluster, object.plugin, captured);
  } else if (const StartError error = attach(cluster, node, user, found.record); error != StartError::none) {
    failure = start_failure(cluster, node, found.record, error);
  }
  cluster.because(before);
  return failure;
}

bool can_respawn(const Cluster& cluster, NodeId node, UserId user) {
  const Object& object = cluster.object(node, user);
  const Lookup found = lookup(cluster, node, object.plugin, cluster.world().text(object.captured));
  if (found.found != Lookup::Found::external) return false;
  // Its first act is to make room: a dead process that it is on the list of is forgotten before the new one is asked
  // for.
  if (object.listed != 0 && object.record == found.record)
    return start(cluster, node, found.record) == StartError::none;
  return can_attach(cluster, node, found.record) == StartError::none;
}

Reply meet_shell(Cluster& cluster, NodeId node, UserId user) {
  if (!can(cluster, node).hangs_on_unreachable_plugin) return failed(Code::not_handshaken);
  // The plugin is started in the old way and never answers: the request waits for ever, and one process stays for each.
  if (start(cluster, node, cluster.object(node, user).record) == StartError::none) {
    leave_orphan(cluster, node, cluster.object(node, user).record);
  }
  cluster.edit_object(node, user).hanging = 1;
  Reply reply;
  reply.hangs = true;
  return reply;
}

Reply turned_away(const Cluster& cluster, NodeId node, MountId mount, Text path, std::string_view below, Text name) {
  const World& world = cluster.world();
  const ServerId server = cluster.node(node).server;
  Message error{Code::tainted, below, path, name};
  if (world.server(server).product == Product::openbao && world.capabilities(server).has_namespaces) {
    error.code = Code::tainted_in_namespace;
    error.texts[2] = world.mount(mount).name_space;
  }
  return refused(404, std::move(error));
}

bool stores_one_by_one(const Cluster& cluster, NodeId node) {
  const std::string_view storage = cluster.world().description().storage.view();
  return can(cluster, node).stores_mounts_one_by_one &&
         (storage.empty() || storage == "raft" || storage == "postgresql");
}

void write_table(Cluster& cluster, NodeId node, MountId mount) {
  const auto write = [&](MountId each) {
    const Object& object = cluster.object(node, each);
    if (object.backend == Backend::absent || cluster.stored(each).exists == 0) return;
    const StoredMount& stored = cluster.stored(each);
    if (stored.running_version == object.running_version && stored.running_sha256 == object.running_sha256) return;
    StoredMount& written = cluster.edit_stored(each);
    written.running_version = object.running_version;
    written.running_sha256 = object.running_sha256;
  };
  if (stores_one_by_one(cluster, node)) {
    write(mount);
    return;
  }
  for (const MountId each : cluster.take_unwritten(node, cluster.table_of(mount))) write(each);
}

}  // namespace replug::simulator
