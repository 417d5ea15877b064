#include "simulator/run/changes.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "simulator/medium/ensure.h"

namespace replug::simulator {

namespace {

Status status_of(const Cluster& cluster, NodeId node, UserId user) {
  const std::uint32_t mounts = cluster.world().mounts();
  if (!runs_plugins(cluster, node)) return Status::absent;
  if (user < mounts) return view_mount(cluster, node, user).status;
  if (cluster.connection(user - mounts).exists == 0) return Status::absent;
  return view_connection(cluster, node, user - mounts).status;
}

// What a cell is about, as people name it.
struct Subject {
  Change::What what;
  Text name;
  NodeId node;
  Cell cell;
};

Subject subject_of(const World& world, const Cell& cell) {
  switch (cell.array) {
    case Array::entries:
      return {Change::What::catalog, world.entry_label(cell.index), no_node, cell};
    case Array::pins:
      return {Change::What::pin, world.plugin_label(cell.index), no_node, cell};
    case Array::mounts:
      return {Change::What::mount, world.mount(cell.index).path, no_node, cell};
    case Array::connections:
      return {Change::What::database, world.connection(cell.index).label, no_node, cell};
    case Array::nodes:
      return {Change::What::node, world.node_name(cell.index), cell.index, cell};
    case Array::files:
      return {Change::What::file, world.file_name(cell.index), cell.owner, cell};
    case Array::objects:
      if (cell.index < world.mounts()) return {Change::What::mount, world.mount(cell.index).path, cell.owner, cell};
      return {Change::What::database, world.connection(cell.index - world.mounts()).label, cell.owner, cell};
    default:
      ENSURE(false);  // of such cells nothing is told
      return {};
  }
}

class ChangeReader {
 public:
  ChangeReader(const Cluster& cluster, const ChangeLog& log, std::vector<Status>& shown)
      : cluster_(cluster), world_(cluster.world()), layout_(world_.layout()), log_(log), shown_(shown) {
    entries_.assign(log.entries().begin(), log.entries().end());
    std::ranges::sort(entries_, {}, [this](const Entry& entry) { return layout_.number(entry.cell); });
  }

  std::vector<Change> read() {
    for (const Entry& entry : entries_) tell_cell(entry);
    for (const Entry& entry : entries_) note_hanging_on(entry);
    for (const auto& [place, cause] : users_) read_user(place.first, place.second, cause);
    return std::move(changes_);
  }

 private:
  using Entry = ChangeLog::Entry;

  static Value value_if(bool there, Text text) { return there ? Value(text) : Value{}; }
  static Value unless_empty(Text text) { return value_if(!text.empty(), text); }

  void add(const Subject& subject, CellField field, Value from, Value to, Cause cause) {
    if (from == to) return;
    changes_.push_back({subject.what, subject.name, field, subject.node, from, to, cause, subject.cell});
  }

  Value word(std::string_view text) const { return Value(world_.texts().find(text)); }
  Value truth(bool holds) const { return word(holds ? "true" : "false"); }

  // Users are told after all of it is known, because what they run hangs on shared processes too.
  void tell_cell(const Entry& entry) {
    const Cell& cell = entry.cell;
    if (row_of(cell.array).owner == Owner::storage && cell.owner != 0) return;  // a snapshot
    switch (cell.array) {
      case Array::entries:
        return tell_entry(entry);
      case Array::pins:
        return tell_pin(entry);
      case Array::mounts:
        return tell_mount(entry);
      case Array::connections:
        return tell_connection(entry);
      case Array::nodes:
        return tell_node(entry);
      case Array::files:
        return tell_file(entry);
      case Array::objects:
        users_[{cell.owner, cell.index}] = entry.cause;
        return;
      case Array::processes:
        return note_users_of(entry);
      default:
        return;
    }
  }

  void tell_entry(const Entry& entry) {
    const RecordId was = log_.old<Array::entries>(entry).record;
    const RecordId is = cluster_.entry(entry.cell.index).record;
    const Record& before = world_.record(was);
    const Record& after = world_.record(is);
    const Subject subject = subject_of(world_, entry.cell);
    if ((was == 0) != (is == 0)) add(subject, CellField::registered, truth(was != 0), truth(is != 0), entry.cause);
    add(subject, CellField::sha256, value_if(was != 0, before.sha256), value_if(is != 0, after.sha256), entry.cause);
    add(subject, CellField::command, value_if(was != 0, before.command), value_if(is != 0, after.command), entry.cause);
    add(subject, CellField::args, unless_empty(before.arguments), unless_empty(after.arguments), entry.cause);
    add(subject, CellField::env, unless_empty(before.environment), unless_empty(after.environment), entry.cause);
    add(subject, CellField::oci_image, unless_empty(before.oci_image), unless_empty(after.oci_image), entry.cause);
  }

  void tell_pin(const Entry& entry) {
    const auto version = [&](EntryId pinned) {
      return pinned == 0 ? Value{} : Value(world_.entry(pinned - 1).version);
    };
    add(subject_of(world_, entry.cell), CellField::version, version(log_.old<Array::pins>(entry)),
        version(cluster_.pin(entry.cell.index)), entry.cause);
  }

  void tell_mount(const Entry& entry) {
    const StoredMount was = log_.old<Array::mounts>(entry);
    const StoredMount& is = cluster_.stored(entry.cell.index);
    const Subject subject = subject_of(world_, entry.cell);
    const auto type = [&](const StoredMount& mount) {
      return mount.exists == 0 ? Value{} : Value(world_.plugin(mount.plugin).name);
    };
    add(subject, CellField::type, type(was), type(is), entry.cause);
    add(subject, CellField::plugin_version, value_if(was.exists != 0, world_.text(was.version)),
        value_if(is.exists != 0, world_.text(is.version)), entry.cause);
    add(subject, CellField::tainted, truth(was.tainted != 0), truth(is.tainted != 0), entry.cause);
  }

  void tell_connection(const Entry& entry) {
    const StoredConnection was = log_.old<Array::connections>(entry);
    const StoredConnection& is = cluster_.connection(entry.cell.index);
    const Subject subject = subject_of(world_, entry.cell);
    add(subject, CellField::plugin_name, value_if(was.exists != 0, world_.text(was.plugin)),
        value_if(is.exists != 0, world_.text(is.plugin)), entry.cause);
    add(subject, CellField::plugin_version, value_if(was.exists != 0, world_.text(was.version)),
        value_if(is.exists != 0, world_.text(is.version)), entry.cause);
  }

  void tell_node(const Entry& entry) {
    const NodeState was = log_.old<Array::nodes>(entry);
    const NodeState& is = cluster_.node(entry.cell.index);
    const Subject subject = subject_of(world_, entry.cell);
    const auto role = [&](const NodeState& node) {
      constexpr std::string_view names[] = {"active", "standby", "performance_standby"};
      return word(names[node.role]);
    };
    const auto server = [&](const NodeState& node) { return word(to_string(world_.server(node.server))); };
    add(subject, CellField::role, role(was), role(is), entry.cause);
    add(subject, CellField::sealed, truth(was.sealed != 0), truth(is.sealed != 0), entry.cause);
    add(subject, CellField::server_version, server(was), server(is), entry.cause);
  }

  void tell_file(const Entry& entry) {
    const auto sha256 = [&](BinaryId binary) { return value_if(binary != 0, world_.binary(binary).sha256); };
    add(subject_of(world_, entry.cell), CellField::sha256, sha256(log_.old<Array::files>(entry)),
        sha256(cluster_.file(entry.cell.owner, entry.cell.index)), entry.cause);
  }

  // How many use it is nothing that a user shows: one more or less must not cost a look at all the others.
  void note_users_of(const Entry& process) {
    const NodeId node = process.cell.owner;
    const Process was = log_.old<Array::processes>(process);
    const Process& is = cluster_.process(node, process.cell.index);
    if (was.alive == is.alive && was.multiplexed == is.multiplexed && blocks(was) == blocks(is)) return;
    for (UserId user = cluster_.first_user(node, process.cell.index); user != no_user;
         user = cluster_.next_user(node, user)) {
      users_.try_emplace({node, user}, process.cause);
    }
  }

  // What stands of a user that was not written hangs on more than its own cell: whether a process that is gone can be
  // started again on its catalog entry, pin, file and a dead shared process; whether anything runs at all on the node's
  // role. Only users are looked at that hang on what was written: a look at every mount at every step would be
  // quadratic.
  void note_hanging_on(const Entry& entry) {
    const Cell& cell = entry.cell;
    if (row_of(cell.array).owner == Owner::storage && cell.owner != 0) return;
    switch (cell.array) {
      case Array::entries:
        if (log_.old<Array::entries>(entry).record != cluster_.entry(cell.index).record)
          note_gone(world_.entry(cell.index), entry.cause);
        return;
      case Array::pins:
        if (log_.old<Array::pins>(entry) != cluster_.pin(cell.index)) note_gone_connections(cell.index, entry.cause);
        return;
      case Array::connections:
        return note_user(cluster_.user_of(cell.index), entry.cause);
      case Array::mounts:
        if (log_.old<Array::mounts>(entry).tainted != cluster_.stored(cell.index).tainted)
          note_connections_of(cell.index, entry.cause);
        return;
      case Array::nodes:
        for (UserId user = 0; user < layout_.counts().users; ++user)
          users_.try_emplace({cell.index, user}, entry.cause);
        return;
      case Array::files:
        for (UserId user = 0; user < layout_.counts().users; ++user) note_if_gone(cell.owner, user, entry.cause);
        return;
      case Array::processes:
        return note_blocked(entry);
      default:
        return;
    }
  }

  // A list of users whose process is dead keeps others from attaching; whether there is one is all that counts.
  static bool blocks(const Process& one) {
    return one.multiplexed != 0 && one.alive == 0 && one.users + one.strangers != 0;
  }

  void note_blocked(const Entry& entry) {
    if (blocks(log_.old<Array::processes>(entry)) != blocks(cluster_.process(entry.cell.owner, entry.cell.index)))
      note_gone(world_.entry(world_.record(entry.cell.index).entry), entry.cause);
  }

  void note_if_gone(NodeId node, UserId user, Cause cause) {
    const Status status = shown_[node * layout_.counts().users + user];
    if (status == Status::running || (status == Status::absent && user < world_.mounts())) return;
    users_.try_emplace({node, user}, cause);
  }

  void note_user(UserId user, Cause cause) {
    for (NodeId node = 0; node < world_.nodes(); ++node) note_if_gone(node, user, cause);
  }

  // Those whose process is gone and would be started again from that entry. (A mount asks for the version it was made
  // with; a connection for its stored version or the pin, so each of that plugin is looked at.)
  void note_gone(const CatalogKey& entry, Cause cause) {
    if (world_.plugin(entry.plugin).type == PluginType::database) return note_gone_connections(entry.plugin, cause);
    for (const MountId mount : world_.mounts_of_plugin(world_.plugin(entry.plugin).name)) {
      for (NodeId node = 0; node < world_.nodes(); ++node) {
        if (cluster_.object(node, mount).captured == entry.version.id()) note_if_gone(node, mount, cause);
      }
    }
  }

  void note_gone_connections(PluginId plugin, Cause cause) {
    for (const MountId mount : world_.database_mounts()) {
      for (const ConnectionId each : world_.mount(mount).connections) {
        if (cluster_.connection(each).plugin == world_.plugin(plugin).name.id())
          note_user(cluster_.user_of(each), cause);
      }
    }
  }

  // Whatever they run, nobody reaches it below a mount that is tainted.
  void note_connections_of(MountId mount, Cause cause) {
    for (const ConnectionId each : world_.mount(mount).connections) {
      for (NodeId node = 0; node < world_.nodes(); ++node) users_.try_emplace({node, cluster_.user_of(each)}, cause);
    }
  }

  NodeState old_node(NodeId node) const {
    return log_.old<Array::nodes>(layout_, {Array::nodes, 0, node}).value_or(cluster_.node(node));
  }
  Object old_object(NodeId node, UserId user) const {
    return log_.old<Array::objects>(layout_, {Array::objects, node, user}).value_or(cluster_.object(node, user));
  }
  Process old_process(NodeId node, RecordId record) const {
    return log_.old<Array::processes>(layout_, {Array::processes, node, record})
        .value_or(cluster_.process(node, record));
  }

  // What really runs behind a user: the server's own code, or its process, alone or shared; absent where nothing does.
  struct Actual {
    Value version;
    Value sha256;
  };
  Actual actual(const Object& object, const Process& process, const NodeState& node, bool is_mount) const {
    if (object.backend == Backend::in_core) {
      const Text builtin = is_mount ? world_.builtin_version(node.server, object.plugin) : Text{};
      return {Value(builtin.empty() ? world_.text(object.running_version) : builtin), Value(Text{})};
    }
    if (object.backend != Backend::plugin || object.listed == 0) return {};
    const bool alive = process.multiplexed != 0 ? process.alive != 0 : object.alive != 0;
    if (!alive) return {};
    return {Value(world_.record(object.record).version), Value(world_.record(object.record).sha256)};
  }

  static bool is_active(const NodeState& node) { return node.role == static_cast<std::uint8_t>(Role::active); }

  void read_user(NodeId node, UserId user, Cause cause) {
    const Object& is = cluster_.object(node, user);
    const Object was = old_object(node, user);
    const bool is_mount = user < world_.mounts();
    const Subject subject = subject_of(world_, {Array::objects, node, user});
    const auto tell = [&](CellField field, Value from, Value to) { add(subject, field, from, to, cause); };
    const auto text = [&](const Object& object, TextId id) {
      return value_if(object.backend != Backend::absent, world_.text(id));
    };
    const NodeState before = old_node(node);
    const NodeState& now = cluster_.node(node);
    // What the writing node is configured to is told of storage; other nodes may lag behind it.
    const bool writer = is_active(before) && is_active(now) && world_.replica_of(node) == 0;
    if (is_mount && !writer) tell(CellField::plugin_version, text(was, was.version), text(is, is.version));
    if (is_mount || world_.capabilities(now.server).reports_running_connections)
      tell(CellField::running_plugin_version, text(was, was.running_version), text(is, is.running_version));
    if (is_mount) tell(CellField::running_sha256, text(was, was.running_sha256), text(is, is.running_sha256));
    const Actual ran = actual(was, old_process(node, was.record), before, is_mount);
    const Actual runs = actual(is, cluster_.process(node, is.record), now, is_mount);
    tell(CellField::actual_version, ran.version, runs.version);
    tell(CellField::actual_sha256, ran.sha256, runs.sha256);
    Status& status = shown_[node * layout_.counts().users + user];
    const Status status_now = status_of(cluster_, node, user);
    tell(CellField::status, word(to_string(status)), word(to_string(status_now)));
    status = status_now;
  }

  const Cluster& cluster_;
  const World& world_;
  const Layout& layout_;
  const ChangeLog& log_;
  std::vector<Status>& shown_;
  std::vector<Entry> entries_;
  std::map<std::pair<NodeId, UserId>, Cause> users_;
  std::vector<Change> changes_;
};

}  // namespace

std::vector<Change> changes_since(const Cluster& cluster, const ChangeLog& log, std::vector<Status>& shown) {
  return ChangeReader(cluster, log, shown).read();
}

std::vector<Status> statuses(const Cluster& cluster) {
  std::vector<Status> all;
  const std::uint32_t users = cluster.world().layout().counts().users;
  all.reserve(std::size_t{cluster.world().nodes()} * users);
  for (NodeId node = 0; node < cluster.world().nodes(); ++node) {
    for (UserId user = 0; user < users; ++user) {
      all.push_back(runs_plugins(cluster, node) ? status_of(cluster, node, user) : Status::absent);
    }
  }
  return all;
}

std::string_view to_string(Change::What what) {
  switch (what) {
    case Change::What::mount:
      return "mount";
    case Change::What::database:
      return "database";
    case Change::What::catalog:
      return "catalog";
    case Change::What::pin:
      return "pin";
    case Change::What::node:
      return "node";
    case Change::What::file:
      return "file";
    case Change::What::processes:
      return "processes";
  }
  return "";
}

}  // namespace replug::simulator
