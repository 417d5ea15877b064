#include "simulator/vault/snapshots.h"

#include "simulator/vault/high_availability.h"
#include "simulator/vault/messages.h"

namespace replug::simulator {

namespace {

bool is_integrated_storage(const Cluster& cluster) {
  const std::string_view storage = cluster.world().description().storage.view();
  return storage.empty() || storage == "raft";
}

}  // namespace

Reply take_snapshot(Cluster& cluster, NodeId /*node*/, std::optional<Text> name) {
  if (!is_integrated_storage(cluster)) return failed(Code::unsupported_path, 404);
  // A snapshot that no step takes back need not be kept.
  if (const SnapshotId id = cluster.world().snapshot(name); id != no_snapshot) cluster.take_snapshot(id);
  return succeeded(200);
}

Reply restore_snapshot(Cluster& cluster, NodeId node, std::optional<Text> name) {
  if (!is_integrated_storage(cluster)) return failed(Code::unsupported_path, 404);
  const SnapshotId id = cluster.world().snapshot(name);
  if (id == no_snapshot || !cluster.has_snapshot(id)) {
    Reply reply = happened();
    reply.remarks.emplace_back(Code::snapshot_not_modelled, name.value_or(Text{}));
    return reply;
  }
  const Cause before = cluster.because(Cause::restored);
  cluster.restore_snapshot(id);
  reload_restored(cluster, node);
  cluster.because(before);
  return succeeded(204);
}

}  // namespace replug::simulator
