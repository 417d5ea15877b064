#include "rules/evidence/cell_reader.h"

#include <array>

#include "planner/reading/planned_step.h"
#include "simulator/run/view.h"

namespace replug::rules {

namespace {

using simulator::CellField;
using simulator::Change;
using simulator::Cluster;
using simulator::NodeId;
using simulator::Text;
using simulator::Value;

Value if_there(bool there, Text text) { return there ? Value(text) : Value{}; }

Value unless_empty(Text text) { return if_there(!text.empty(), text); }

Value unless_none(const std::optional<Text>& text) { return text ? Value(*text) : Value{}; }

template <class Id>
std::optional<Id> find(const std::unordered_map<std::uint32_t, Id>& ids, Text label) {
  const auto found = ids.find(label.id());
  return found == ids.end() ? std::nullopt : std::optional<Id>(found->second);
}

Value word(const Cluster& cluster, std::string_view text) { return Value(cluster.world().texts().find(text)); }

Value entry(const Cluster& cluster, simulator::EntryId entry, CellField field) {
  const simulator::RecordId id = cluster.entry(entry).record;
  const simulator::Record& record = cluster.world().record(id);
  switch (field) {
    case CellField::registered:
      return word(cluster, id == 0 ? "false" : "true");
    case CellField::sha256:
      return if_there(id != 0, record.sha256);
    case CellField::command:
      return if_there(id != 0, record.command);
    case CellField::args:
      return unless_empty(record.arguments);
    case CellField::env:
      return unless_empty(record.environment);
    case CellField::oci_image:
      return unless_empty(record.oci_image);
    default:
      return {};
  }
}

Value pin(const Cluster& cluster, simulator::PluginId plugin) {
  const simulator::EntryId pinned = cluster.pin(plugin);  // the entry's number + 1
  return pinned == 0 ? Value{} : Value(cluster.world().entry(pinned - 1).version);
}

Value mount(const Cluster& cluster, simulator::MountId mount, CellField field) {
  const simulator::StoredMount& stored = cluster.stored(mount);
  switch (field) {
    case CellField::type:
      return stored.exists == 0 ? Value{} : Value(cluster.world().plugin(stored.plugin).name);
    case CellField::plugin_version:
      return if_there(stored.exists != 0, cluster.world().text(stored.version));
    case CellField::tainted:
      return word(cluster, stored.tainted != 0 ? "true" : "false");
    default:
      return {};
  }
}

Value connection(const Cluster& cluster, simulator::ConnectionId connection, CellField field) {
  const simulator::StoredConnection& stored = cluster.connection(connection);
  switch (field) {
    case CellField::plugin_name:
      return if_there(stored.exists != 0, cluster.world().text(stored.plugin));
    case CellField::plugin_version:
      return if_there(stored.exists != 0, cluster.world().text(stored.version));
    default:
      return {};
  }
}

Value mount_on(const Cluster& cluster, NodeId node, simulator::MountId mount, CellField field) {
  const bool there = cluster.object(node, mount).backend != simulator::Backend::absent;
  const simulator::MountView view = simulator::view_mount(cluster, node, mount);
  switch (field) {
    case CellField::running_plugin_version:
      return if_there(there, view.running_version);
    case CellField::running_sha256:
      return if_there(there, view.running_sha256);
    case CellField::actual_version:
      return unless_none(view.actual_version);
    case CellField::actual_sha256:
      return unless_none(view.actual_sha256);
    case CellField::status:
      return word(cluster, to_string(simulator::runs_plugins(cluster, node) ? view.status : simulator::Status::absent));
    default:
      return {};
  }
}

Value connection_on(const Cluster& cluster, NodeId node, simulator::ConnectionId connection, CellField field) {
  const bool there = cluster.connection(connection).exists != 0 && simulator::runs_plugins(cluster, node);
  const simulator::ConnectionView view = simulator::view_connection(cluster, node, connection);
  switch (field) {
    case CellField::actual_version:
      return unless_none(view.actual_version);
    case CellField::actual_sha256:
      return unless_none(view.actual_sha256);
    case CellField::status:
      return word(cluster, to_string(there ? view.status : simulator::Status::absent));
    default:
      return {};
  }
}

Value node_of(const Cluster& cluster, NodeId node, CellField field) {
  constexpr std::array<std::string_view, 3> roles{"active", "standby", "performance_standby"};
  const simulator::NodeState& state = cluster.node(node);
  switch (field) {
    case CellField::role:
      return word(cluster, roles[state.role]);
    case CellField::sealed:
      return word(cluster, state.sealed != 0 ? "true" : "false");
    case CellField::server_version:
      return word(cluster, to_string(cluster.world().server(state.server)));
    default:
      return {};
  }
}

Value file(const Cluster& cluster, NodeId node, simulator::FileId file) {
  const simulator::BinaryId binary = cluster.file(node, file);
  return if_there(binary != 0, cluster.world().binary(binary).sha256);
}

}  // namespace

CellReader::CellReader(const simulator::World& world) : world_(&world) {
  for (simulator::EntryId id = 0; id < world.entries(); ++id) entry_of_.emplace(world.entry_label(id).id(), id);
  for (simulator::PluginId id = 0; id < world.plugins(); ++id) plugin_of_.emplace(world.plugin_label(id).id(), id);
  for (simulator::ConnectionId id = 0; id < world.connections(); ++id)
    connection_of_.emplace(world.connection(id).label.id(), id);
}

Value CellReader::read(const Cluster& cluster, Change::What what, Text subject, CellField field, NodeId node) const {
  const bool is_stored = node == simulator::no_node;
  switch (what) {
    case Change::What::mount: {
      const simulator::MountId id = world_->mount(subject);
      if (id == simulator::no_mount) return {};
      return is_stored ? mount(cluster, id, field) : mount_on(cluster, node, id, field);
    }
    case Change::What::database: {
      const auto id = find(connection_of_, subject);
      if (!id) return {};
      return is_stored ? connection(cluster, *id, field) : connection_on(cluster, node, *id, field);
    }
    case Change::What::catalog: {
      const auto id = find(entry_of_, subject);
      return id ? entry(cluster, *id, field) : Value{};
    }
    case Change::What::pin: {
      const auto id = find(plugin_of_, subject);
      return id && field == CellField::version ? pin(cluster, *id) : Value{};
    }
    case Change::What::node:
      return is_stored ? Value{} : node_of(cluster, node, field);
    case Change::What::file: {
      const simulator::FileId id = world_->file(subject);
      return is_stored || id >= world_->files() ? Value{} : file(cluster, node, id);
    }
    case Change::What::processes:
      return {};
  }
  return {};
}

}  // namespace replug::rules
