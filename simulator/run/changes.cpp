#include "simulator/run/changes.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "simulator/vault/processes.h"

namespace replug::simulator {

namespace {

// The old contents of one cell.
struct Old {
  std::size_t offset;
  std::size_t size;
  const std::byte* bytes;
  Cause cause;
};

Status status_of(const Cluster& cluster, NodeId node, UserId user) {
  const std::uint32_t mounts = cluster.world().mounts();
  if (!runs_plugins(cluster, node)) return Status::absent;
  if (user < mounts) return view_mount(cluster, node, user).status;
  if (cluster.connection(user - mounts).exists == 0) return Status::absent;
  return view_connection(cluster, node, user - mounts).status;
}

class ChangeReader {
 public:
  ChangeReader(const Cluster& cluster, const ChangeLog& log, std::vector<Status>& shown)
      : cluster_(cluster), world_(cluster.world()), layout_(world_.layout()), shown_(shown) {
    for (const ChangeLog::Entry& entry : log.entries())
      olds_.push_back({entry.offset, entry.size, log.old_bytes(entry), entry.cause});
    std::ranges::stable_sort(olds_, {}, &Old::offset);
    keep_first_contents_and_last_cause();
  }

  std::vector<Change> read() {
    for (const Old& old : olds_) {
      if (old.offset < layout_.storage) {
        read_storage(old);
      } else if (old.offset >= layout_.node_memory) {
        note_memory(old);
      } else {
        read_node(old);
      }
    }
    note_hanging_on();
    for (const auto& [place, user] : users_) read_user(place.first, place.second, user);
    return std::move(changes_);
  }

 private:
  struct OldUser {
    const Old* object = nullptr;
    Cause cause = Cause::written;
  };

  void keep_first_contents_and_last_cause() {
    std::vector<Old> kept;
    for (const Old& old : olds_) {
      if (!kept.empty() && kept.back().offset == old.offset && kept.back().size == old.size) {
        kept.back().cause = old.cause;
      } else if (kept.empty() ||
                 old.offset >=
                     kept.back().offset + kept.back().size) {  // else a cell of what was kept as a whole before
        kept.push_back(old);
      }
    }
    olds_ = std::move(kept);
  }

  static Value value_if(bool there, Text text) { return there ? Value(text) : Value{}; }

  static Value unless_empty(Text text) { return value_if(!text.empty(), text); }

  void add(Change::What what, Text subject, CellField field, NodeId node, Value from, Value to, Cause cause) {
    if (from != to) changes_.push_back({what, subject, field, node, from, to, cause});
  }

  template <class T>
  static T cell(const std::byte* bytes) {
    T value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
  }

  Value word(std::string_view text) const { return Value(world_.texts().find(text)); }

  // One array of the storage: calls `tell(index, old cell, new cell)` for each cell of it that lies in the range.
  template <class T, class Tell>
  void each_cell(const Old& old, std::size_t begin, std::size_t count, Tell&& tell) {
    const std::size_t end = begin + count * sizeof(T);
    const std::size_t from = std::max(old.offset, begin);
    const std::size_t to = std::min(old.offset + old.size, end);
    for (std::size_t at = from; at + sizeof(T) <= to; at += sizeof(T)) {
      tell((at - begin) / sizeof(T), cell<T>(old.bytes + (at - old.offset)), cell<T>(cluster_.state().bytes() + at));
    }
  }

  void read_storage(const Old& old) {
    each_cell<StoredEntry>(old, layout_.catalog, layout_.entries, [&](std::size_t i, StoredEntry was, StoredEntry is) {
      tell_entry(static_cast<EntryId>(i), was, is, old.cause);
    });
    each_cell<EntryId>(old, layout_.pins, layout_.plugins, [&](std::size_t i, EntryId was, EntryId is) {
      const auto version = [&](EntryId entry) {
        return value_if(entry != 0, entry == 0 ? Text{} : world_.entry(entry - 1).version);
      };
      add(Change::What::pin, world_.plugin_label(static_cast<PluginId>(i)), CellField::version, no_node, version(was),
          version(is), old.cause);
    });
    each_cell<StoredMount>(old, layout_.stored_mounts, layout_.mounts,
                           [&](std::size_t i, StoredMount was, StoredMount is) {
                             tell_mount(static_cast<MountId>(i), was, is, old.cause);
                           });
    each_cell<StoredConnection>(old, layout_.stored_connections, layout_.connections,
                                [&](std::size_t i, StoredConnection was, StoredConnection is) {
                                  const Text label = world_.connection(static_cast<ConnectionId>(i)).label;
                                  add(Change::What::database, label, CellField::plugin_name, no_node,
                                      value_if(was.exists != 0, world_.text(was.plugin)),
                                      value_if(is.exists != 0, world_.text(is.plugin)), old.cause);
                                  add(Change::What::database, label, CellField::plugin_version, no_node,
                                      value_if(was.exists != 0, world_.text(was.version)),
                                      value_if(is.exists != 0, world_.text(is.version)), old.cause);
                                });
  }

  void tell_entry(EntryId id, StoredEntry was, StoredEntry is, Cause cause) {
    const Text label = world_.entry_label(id);
    const Record& before = world_.record(was.record);
    const Record& after = world_.record(is.record);
    if ((was.record == 0) != (is.record == 0)) {
      add(Change::What::catalog, label, CellField::registered, no_node, word(was.record == 0 ? "false" : "true"),
          word(is.record == 0 ? "false" : "true"), cause);
    }
    add(Change::What::catalog, label, CellField::sha256, no_node, value_if(was.record != 0, before.sha256),
        value_if(is.record != 0, after.sha256), cause);
    add(Change::What::catalog, label, CellField::command, no_node, value_if(was.record != 0, before.command),
        value_if(is.record != 0, after.command), cause);
    add(Change::What::catalog, label, CellField::args, no_node, unless_empty(before.arguments),
        unless_empty(after.arguments), cause);
    add(Change::What::catalog, label, CellField::env, no_node, unless_empty(before.environment),
        unless_empty(after.environment), cause);
    add(Change::What::catalog, label, CellField::oci_image, no_node, unless_empty(before.oci_image),
        unless_empty(after.oci_image), cause);
  }

  void tell_mount(MountId id, const StoredMount& was, const StoredMount& is, Cause cause) {
    const Text path = world_.mount(id).path;
    const auto type = [&](const StoredMount& mount) {
      return mount.exists == 0 ? Value{} : Value(world_.plugin(mount.plugin).name);
    };
    const auto version = [&](const StoredMount& mount) {
      return value_if(mount.exists != 0, world_.text(mount.version));
    };
    add(Change::What::mount, path, CellField::type, no_node, type(was), type(is), cause);
    add(Change::What::mount, path, CellField::plugin_version, no_node, version(was), version(is), cause);
    if (was.tainted != is.tainted) {
      add(Change::What::mount, path, CellField::tainted, no_node, word(was.tainted != 0 ? "true" : "false"),
          word(is.tainted != 0 ? "true" : "false"), cause);
    }
  }

  void read_node(const Old& old) {
    each_cell<NodeState>(old, layout_.node_states, layout_.nodes, [&](std::size_t i, NodeState was, NodeState is) {
      const auto id = static_cast<NodeId>(i);
      const Text name = world_.node_name(id);
      const auto role = [&](const NodeState& node) {
        constexpr std::string_view names[] = {"active", "standby", "performance_standby"};
        return word(names[node.role]);
      };
      const auto server = [&](const NodeState& node) { return word(to_string(world_.server(node.server))); };
      add(Change::What::node, name, CellField::role, id, role(was), role(is), old.cause);
      add(Change::What::node, name, CellField::sealed, id, word(was.sealed != 0 ? "true" : "false"),
          word(is.sealed != 0 ? "true" : "false"), old.cause);
      add(Change::What::node, name, CellField::server_version, id, server(was), server(is), old.cause);
    });
  }

  // A node's memory: files are told at once, users after all of it is known, because what they run hangs on shared
  // processes too.
  void note_memory(const Old& old) {
    const std::size_t within = old.offset - layout_.node_memory;
    const auto node = static_cast<NodeId>(within / layout_.node_stride);
    const std::size_t at = within % layout_.node_stride;
    if (at < layout_.processes) {
      users_[{node, static_cast<UserId>(at / sizeof(Object))}] = {&old, old.cause};
    } else if (at < layout_.directory) {
      const auto record = static_cast<RecordId>((at - layout_.processes) / sizeof(Process));
      for (UserId user = cluster_.first_user(node, record); user != no_user; user = cluster_.next_user(node, user)) {
        users_.try_emplace({node, user}, OldUser{nullptr, old.cause});
      }
    } else {
      const auto file = static_cast<FileId>((at - layout_.directory) / sizeof(BinaryId));
      const auto sha256 = [&](BinaryId binary) { return value_if(binary != 0, world_.binary(binary).sha256); };
      add(Change::What::file, world_.file_name(file), CellField::sha256, node, sha256(cell<BinaryId>(old.bytes)),
          sha256(cluster_.file(node, file)), old.cause);
    }
  }

  // What stands of a user that was not written hangs on more than its own cell: whether a process that is gone can be
  // started again on its catalog entry, pin, file and a dead shared process; whether anything runs at all on the node's
  // role. Only users are looked at that hang on what was written: a look at every mount at every step would be
  // quadratic.
  void note_hanging_on() {
    for (const Old& old : olds_) {
      if (old.offset < layout_.storage) {
        note_hanging_on_storage(old);
      } else if (old.offset >= layout_.node_memory) {
        note_hanging_on_memory(old);
      } else if (old.offset >= layout_.node_states) {
        const auto node = static_cast<NodeId>((old.offset - layout_.node_states) / sizeof(NodeState));
        for (UserId user = 0; user < layout_.users; ++user)
          users_.try_emplace({node, user}, OldUser{nullptr, old.cause});
      }
    }
  }

  void note_hanging_on_storage(const Old& old) {
    each_cell<StoredEntry>(old, layout_.catalog, layout_.entries, [&](std::size_t i, StoredEntry was, StoredEntry is) {
      if (was.record != is.record) note_gone(world_.entry(static_cast<EntryId>(i)), old.cause);
    });
    each_cell<EntryId>(old, layout_.pins, layout_.plugins, [&](std::size_t i, EntryId was, EntryId is) {
      if (was != is) note_gone_connections(static_cast<PluginId>(i), old.cause);
    });
    each_cell<StoredConnection>(old, layout_.stored_connections, layout_.connections,
                                [&](std::size_t i, const StoredConnection&, const StoredConnection&) {
                                  note_user(layout_.mounts + static_cast<UserId>(i), old.cause);
                                });
  }

  void note_hanging_on_memory(const Old& old) {
    const std::size_t within = old.offset - layout_.node_memory;
    const auto node = static_cast<NodeId>(within / layout_.node_stride);
    const std::size_t at = within % layout_.node_stride;
    if (at < layout_.processes) return;
    if (at >= layout_.directory) {
      for (UserId user = 0; user < layout_.users; ++user) note_if_gone(node, user, old.cause);
      return;
    }
    // A list of users whose process is dead keeps others from attaching; whether there is one is all that counts.
    const auto record = static_cast<RecordId>((at - layout_.processes) / sizeof(Process));
    const auto blocks = [](const Process& one) {
      return one.multiplexed != 0 && one.alive == 0 && one.users + one.strangers != 0;
    };
    if (blocks(cell<Process>(old.bytes)) != blocks(cluster_.process(node, record)))
      note_gone(world_.entry(world_.record(record).entry), old.cause);
  }

  void note_if_gone(NodeId node, UserId user, Cause cause) {
    const Status status = shown_[node * layout_.users + user];
    if (status == Status::running || (status == Status::absent && user < world_.mounts())) return;
    users_.try_emplace({node, user}, OldUser{nullptr, cause});
  }

  void note_user(UserId user, Cause cause) {
    for (NodeId node = 0; node < layout_.nodes; ++node) note_if_gone(node, user, cause);
  }

  // Those whose process is gone and would be started again from that entry. (A mount asks for the version it was made
  // with; a connection for its stored version or the pin, so each of that plugin is looked at.)
  void note_gone(const CatalogKey& entry, Cause cause) {
    if (world_.plugin(entry.plugin).type == PluginType::database) return note_gone_connections(entry.plugin, cause);
    for (const MountId mount : world_.mounts_of_plugin(world_.plugin(entry.plugin).name)) {
      for (NodeId node = 0; node < layout_.nodes; ++node) {
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

  const Old* old_at(std::size_t offset) const {
    const auto found = std::ranges::lower_bound(olds_, offset, {}, &Old::offset);
    return found != olds_.end() && found->offset == offset ? &*found : nullptr;
  }

  NodeState old_node(NodeId node) const {
    const Old* old = old_at(layout_.node_states + node * sizeof(NodeState));
    return old != nullptr ? cell<NodeState>(old->bytes) : cluster_.node(node);
  }

  Process old_process(NodeId node, RecordId record) const {
    const Old* old =
        old_at(layout_.node_memory + node * layout_.node_stride + layout_.processes + record * sizeof(Process));
    return old != nullptr ? cell<Process>(old->bytes) : cluster_.process(node, record);
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

  void read_user(NodeId node, UserId user, const OldUser& old) {
    const Object& is = cluster_.object(node, user);
    const Object was = old.object != nullptr ? cell<Object>(old.object->bytes) : is;
    const bool is_mount = user < world_.mounts();
    const Text subject = is_mount ? world_.mount(user).path : world_.connection(user - world_.mounts()).label;
    const auto what = is_mount ? Change::What::mount : Change::What::database;
    const auto tell = [&](CellField field, Value from, Value to) {
      add(what, subject, field, node, from, to, old.cause);
    };
    const auto text = [&](const Object& object, TextId id) {
      return value_if(object.backend != Backend::absent, world_.text(id));
    };
    const NodeState before = old_node(node);
    const NodeState& now = cluster_.node(node);
    // What the writing node is configured to is told of storage; other nodes may lag behind it.
    const bool writer = is_active(before) && is_active(now) && world_.replica_of(node) == 0;
    if (is_mount && !writer) tell(CellField::plugin_version, text(was, was.version), text(is, is.version));
    if (is_mount || world_.capabilities(now.server).reports_running_connections) {
      tell(CellField::running_plugin_version, text(was, was.running_version), text(is, is.running_version));
    }
    if (is_mount) tell(CellField::running_sha256, text(was, was.running_sha256), text(is, is.running_sha256));
    const Actual ran = actual(was, old_process(node, was.record), before, is_mount);
    const Actual runs = actual(is, cluster_.process(node, is.record), now, is_mount);
    tell(CellField::actual_version, ran.version, runs.version);
    tell(CellField::actual_sha256, ran.sha256, runs.sha256);
    Status& status = shown_[node * layout_.users + user];
    const Status status_now = status_of(cluster_, node, user);
    tell(CellField::status, word(to_string(status)), word(to_string(status_now)));
    status = status_now;
  }

  const Cluster& cluster_;
  const World& world_;
  const Layout& layout_;
  std::vector<Status>& shown_;
  std::vector<Old> olds_;
  std::map<std::pair<NodeId, UserId>, OldUser> users_;
  std::vector<Change> changes_;
};

}  // namespace

std::vector<Change> changes_since(const Cluster& cluster, const ChangeLog& log, std::vector<Status>& shown) {
  return ChangeReader(cluster, log, shown).read();
}

std::vector<ConnectionId> touched_connections(const Cluster& cluster, const ChangeLog& log) {
  const Layout& layout = cluster.world().layout();
  std::vector<ConnectionId> touched;
  for (const ChangeLog::Entry& entry : log.entries()) {
    if (entry.offset < layout.storage) {
      const std::size_t begin = std::max(entry.offset, layout.stored_connections);
      for (std::size_t at = begin; at < std::min(entry.offset + entry.size, layout.storage);
           at += sizeof(StoredConnection)) {
        const auto id = static_cast<ConnectionId>((at - layout.stored_connections) / sizeof(StoredConnection));
        if (id < layout.connections) touched.push_back(id);
      }
    } else if (entry.offset >= layout.node_memory) {
      const std::size_t at = (entry.offset - layout.node_memory) % layout.node_stride;
      const auto user = static_cast<UserId>(at / sizeof(Object));
      if (at < layout.processes && user >= layout.mounts) touched.push_back(user - layout.mounts);
    }
  }
  return touched;
}

bool writes_beside_connections(const Cluster& cluster, const ChangeLog& log) {
  const Layout& layout = cluster.world().layout();
  return std::ranges::any_of(log.entries(), [&](const ChangeLog::Entry& entry) {
    if (entry.offset < layout.stored_mounts) return true;                                 // catalog, pins
    if (entry.offset < layout.node_states) return false;                                  // mounts, connections
    if (entry.offset < layout.node_memory) return true;                                   // roles, seals, servers
    return (entry.offset - layout.node_memory) % layout.node_stride >= layout.processes;  // processes, files
  });
}

std::vector<Status> statuses(const Cluster& cluster) {
  std::vector<Status> all;
  const std::uint32_t users = cluster.world().layout().users;
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
