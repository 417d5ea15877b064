#include "simulator/vault/processes.h"

#include "simulator/vault/messages.h"

namespace replug::simulator {

namespace {

// What kind of plugin a file is matters only between databases and the rest: secrets engines and auth methods shake
// hands alike.
bool is_other_kind(const Binary& binary, PluginType registered) {
  if (binary.type.empty()) return false;
  return (binary.type.view() == "database") != (registered == PluginType::database);
}

bool multiplexes(const Cluster& cluster, NodeId node, RecordId record) {
  const BinaryId file = cluster.file(node, cluster.world().record(record).file);
  return file > assumed_binary && cluster.world().binary(file).multiplexed;
}

void add_user(Cluster& cluster, NodeId node, UserId user, RecordId record) {
  Process& process = cluster.edit_process(node, record);
  process.users += 1;
  process.alive = 1;
  process.multiplexed = 1;
  cluster.link(node, record, user);
  Object& object = cluster.edit_object(node, user);
  object.record = record;
  object.listed = 1;
  object.alive = 0;
}

void add_own(Cluster& cluster, NodeId node, UserId user, RecordId record) {
  Object& object = cluster.edit_object(node, user);
  object.record = record;
  object.listed = 1;
  object.alive = 1;
}

// The list and the process are forgotten; whoever stood on the list finds that its process is nobody's any more.
void forget(Cluster& cluster, NodeId node, RecordId record, UserId cause_of_it) {
  for (UserId user = cluster.first_user(node, record); user != no_user; user = cluster.first_user(node, record)) {
    cluster.unlink(node, record, user);
    const Cause before = cluster.because(Cause::shared_process_ended);
    if (user == cause_of_it) cluster.because(before);
    cluster.edit_object(node, user).listed = 0;
    cluster.because(before);
  }
  Process& process = cluster.edit_process(node, record);
  process.users = 0;
  process.strangers = 0;
  process.alive = 0;
  process.multiplexed = 0;
}

void end_own(Cluster& cluster, NodeId node, UserId user) {
  Object& object = cluster.edit_object(node, user);
  object.listed = 0;
  object.alive = 0;
}

bool is_shared(const Cluster& cluster, NodeId node, UserId user) {
  const Object& object = cluster.object(node, user);
  return object.listed != 0 && cluster.process(node, object.record).multiplexed != 0;
}

}  // namespace

StartError start(const Cluster& cluster, NodeId node, RecordId record) {
  const World& world = cluster.world();
  const Record& content = world.record(record);
  if (!content.oci_image.empty()) return StartError::none;
  const BinaryId file = cluster.file(node, content.file);
  if (file == 0) return StartError::file_missing;
  if (file == assumed_binary) return StartError::none;
  const Binary& binary = world.binary(file);
  if (binary.sha256 != content.sha256) return StartError::checksum;
  if (!binary.starts || is_other_kind(binary, world.plugin(content.plugin).type)) return StartError::no_handshake;
  return StartError::none;
}

Message start_failure(const Cluster& cluster, NodeId node, RecordId record, StartError error) {
  switch (error) {
    case StartError::none:
      return {};
    case StartError::file_missing:
      return {Code::file_missing, cluster.world().record(record).command};
    case StartError::checksum:
      return Code::checksums_differ;
    case StartError::no_handshake:
      return cluster.world().capabilities(cluster.node(node).server).explains_failed_handshake
                 ? Code::plugin_not_started
                 : Code::plugin_not_recognized;
    case StartError::unreachable:
      return Code::connection_refused;
  }
  return {};
}

void adopt(Cluster& cluster, NodeId node, UserId user, RecordId record, bool multiplexed) {
  if (multiplexed) {
    add_user(cluster, node, user, record);
  } else {
    add_own(cluster, node, user, record);
  }
}

StartError can_attach(const Cluster& cluster, NodeId node, RecordId record) {
  const Process& shared = cluster.process(node, record);
  if (shared.multiplexed == 0 || shared.users + shared.strangers == 0) return start(cluster, node, record);
  return shared.alive != 0 ? StartError::none : StartError::unreachable;
}

StartError attach(Cluster& cluster, NodeId node, UserId user, RecordId record) {
  if (const StartError error = can_attach(cluster, node, record); error != StartError::none) return error;
  const Process& shared = cluster.process(node, record);
  adopt(cluster, node, user, record, shared.multiplexed != 0 || multiplexes(cluster, node, record));
  return StartError::none;
}

void close(Cluster& cluster, NodeId node, UserId user) {
  const Object& object = cluster.object(node, user);
  if (object.listed == 0) return;  // the process is somebody else's, or gone
  if (!is_shared(cluster, node, user)) {
    end_own(cluster, node, user);
    return;
  }
  const RecordId record = object.record;
  cluster.unlink(node, record, user);
  cluster.edit_object(node, user).listed = 0;
  Process& process = cluster.edit_process(node, record);
  process.users -= 1;
  if (process.users + process.strangers == 0 || process.alive == 0) forget(cluster, node, record, user);
}

void drop(Cluster& cluster, NodeId node, UserId user) {
  if (!is_shared(cluster, node, user)) {
    close(cluster, node, user);
  } else {
    forget(cluster, node, cluster.object(node, user).record, user);
  }
}

void kill(Cluster& cluster, NodeId node, UserId user) {
  const Object& object = cluster.object(node, user);
  if (is_shared(cluster, node, user)) {
    cluster.edit_process(node, object.record).alive = 0;
  } else if (object.alive != 0) {
    cluster.edit_object(node, user).alive = 0;
  }
}

void abandon(Cluster& cluster, NodeId node, UserId user) {
  const Object& object = cluster.object(node, user);
  const RecordId record = object.record;
  if (is_shared(cluster, node, user)) {
    cluster.unlink(node, record, user);
    Process& process = cluster.edit_process(node, record);
    process.users -= 1;
    process.strangers = (process.strangers + 1U) & 0x3fffffffU;
  } else if (object.alive != 0) {
    leave_orphan(cluster, node, record);
  }
  cluster.edit_object(node, user) = Object{};
}

void leave_orphan(Cluster& cluster, NodeId node, RecordId record) {
  Process& process = cluster.edit_process(node, record);
  process.orphans += 1;
}

void hand_over(Cluster& cluster, NodeId node, UserId from, UserId to) {
  const Object moved = cluster.object(node, from);
  const bool shared = is_shared(cluster, node, from);
  if (shared) cluster.unlink(node, moved.record, from);
  cluster.edit_object(node, from) = Object{};
  cluster.edit_object(node, to) = moved;
  if (shared) cluster.link(node, moved.record, to);
}

bool is_alive(const Cluster& cluster, NodeId node, UserId user) {
  const Object& object = cluster.object(node, user);
  if (object.listed == 0) return false;
  const Process& shared = cluster.process(node, object.record);
  return shared.multiplexed != 0 ? shared.alive != 0 : object.alive != 0;
}

}  // namespace replug::simulator
