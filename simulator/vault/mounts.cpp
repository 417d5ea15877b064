#include "simulator/vault/mounts.h"

#include <algorithm>
#include <array>

#include "simulator/vault/backend.h"
#include "simulator/vault/catalog.h"
#include "simulator/vault/database.h"
#include "simulator/vault/high_availability.h"
#include "simulator/vault/leases.h"
#include "simulator/vault/messages.h"
#include "simulator/vault/pins.h"
#include "simulator/vault/processes.h"
#include "simulator/vault/request.h"

namespace replug::simulator {

namespace {

const Capabilities& can(const Cluster& cluster, NodeId node) {
  return cluster.world().capabilities(cluster.node(node).server);
}

PluginType type_of(bool auth) { return auth ? PluginType::auth : PluginType::secret; }

bool exists(const Cluster& cluster, MountId mount) { return mount != no_mount && cluster.stored(mount).exists != 0; }

// The server's own mounts. Where they are nothing else can be mounted, tuned, moved or disabled.
struct Singleton {
  std::string_view path;
  std::string_view type;
  std::string_view type_in_namespace;
};
constexpr std::array<Singleton, 4> singletons = {{{"auth/token/", "token", "ns_token"},
                                                  {"cubbyhole/", "cubbyhole", "ns_cubbyhole"},
                                                  {"identity/", "identity", "ns_identity"},
                                                  {"sys/", "system", "ns_system"}}};

// Below these no secrets engine is mounted, and none is moved there.
bool is_protected(std::string_view path) {
  return std::ranges::any_of(std::array<std::string_view, 5>{"audit/", "auth/", "cubbyhole/", "identity/", "sys/"},
                             [&](std::string_view prefix) { return path.starts_with(prefix); });
}

bool is_singleton_type(std::string_view plugin) {
  if (plugin.starts_with("ns_")) plugin.remove_prefix(3);
  return std::ranges::find(singletons, plugin, &Singleton::type) != singletons.end();
}

// A version was asked for. Built-in versions are never stored, and what is compiled into the core has no other.
std::optional<Text> given_version(const Cluster& cluster, NodeId node, PluginId plugin, Text given, Reply& refusal) {
  const World& world = cluster.world();
  const Plugin& there = world.plugin(plugin);
  const auto canonical = canonical_version(cluster, given);
  if (!canonical) {
    refusal = malformed_version(cluster, node, given);
    return std::nullopt;
  }
  if (*canonical == world.builtin_version(cluster.node(node).server, plugin)) {
    if (!is_shadowed(cluster, plugin)) return can(cluster, node).erases_builtin_versions ? Text{} : *canonical;
    refusal = refused(400, {Code::overridden_version, to_string(there.type), there.name, *canonical});
    return std::nullopt;
  }
  return canonical;
}

// Which version an enable means: the pin; the one asked for; else the unversioned entry, else the highest registered
// one, which then stays the mount's version (reference, section 3).
std::optional<Text> version_to_enable(const Cluster& cluster, NodeId node, PluginId plugin, std::optional<Text> given,
                                      Reply& refusal) {
  if (!can(cluster, node).has_plugin_versions) return Text{};
  const Plugin& there = cluster.world().plugin(plugin);
  const bool asked = given && !given->empty();
  if (const auto pin = pinned_version(cluster, node, plugin)) {
    if (!asked) return pin;
    refusal = refused(400, {Code::pinned_at_enable, to_string(there.type), there.name, *pin});
    return std::nullopt;
  }
  Text version;
  if (asked) {
    const auto chosen = given_version(cluster, node, plugin, *given, refusal);
    if (!chosen) return std::nullopt;
    version = *chosen;
  } else if (!is_shadowed(cluster, plugin)) {
    if (!can_list_catalog(cluster, node)) {
      refusal = failed(Code::undecodable_entry);
      refusal.remarks.emplace_back(Code::unlisted_catalog_unverified);
      return std::nullopt;
    }
    version = highest_version(cluster, plugin).value_or(Text{});
  }
  if (!version.empty() && cluster.world().is_core(plugin) && !cluster.world().version(version).builtin) {
    const bool auth = there.type == PluginType::auth;
    refusal = refused(400, {Code::no_builtin_version, auth ? "auth" : "secrets", there.name});
    return std::nullopt;
  }
  return version;
}

// What the router knows at the beginning of a path or below it: the mount that is its beginning, else the first below
// it by path, else the namespace that it leads into. Nothing if the path is free.
std::optional<Message> found_by_router(const Cluster& cluster, Text name_space, MountId mount) {
  const World& world = cluster.world();
  const MountPath& wanted = world.mount(mount);
  Text below;
  for (const MountId other : world.overlapping(mount)) {
    if (!exists(cluster, other)) continue;
    const Text path = world.mount(other).path;
    if (wanted.path.view().starts_with(path.view())) return Message{Code::existing_mount, path};
    if (below.empty() || path.view() < below.view()) below = path;
  }
  const std::string_view first_own = singletons.front().path;
  if (world.namespace_exists(wanted.path) &&
      (below.empty() || first_own < below.view().substr(wanted.path.view().size())))
    return Message{Code::existing_mount, first_own, wanted.path};
  if (!below.empty()) return Message{Code::existing_mount, below};
  if (wanted.name_space == name_space) return std::nullopt;
  for (const Singleton& each : singletons) {
    if (wanted.local.view().starts_with(each.path)) return Message{Code::existing_mount, each.path, wanted.name_space};
  }
  return Message{Code::existing_mount, wanted.name_space};
}

// A path is taken if it is the beginning of a mount's, or a mount's is its beginning. The table of the request's
// namespace is looked through first, in its order, then the router, which knows the other namespaces too.
std::optional<Reply> path_conflict(const Cluster& cluster, NodeId node, Text name_space, MountId mount) {
  const World& world = cluster.world();
  const MountPath& wanted = world.mount(mount);
  MountId first = no_mount;
  for (const MountId other : world.overlapping(mount)) {
    if (world.mount(other).name_space != name_space || wanted.name_space != name_space || !exists(cluster, other))
      continue;
    if (first == no_mount || cluster.position(node, other) < cluster.position(node, first)) first = other;
  }
  if (first != no_mount) return refused(400, {Code::path_in_use, world.mount(first).shown});
  if (wanted.name_space == name_space && wanted.auth && wanted.shown.view().starts_with("token/"))
    return refused(400, Code::token_path_in_use);
  if (const auto there = found_by_router(cluster, name_space, mount)) return refused(400, *there);
  return std::nullopt;
}

// What is looked at before the path: the server's own mounts exist once, and nothing is mounted below them.
std::optional<Reply> unmountable(Text path, bool auth, Text plugin) {
  if (auth) return std::nullopt;
  if (is_protected(path.view())) return refused(400, {Code::protected_mount, path});
  if (!is_singleton_type(plugin.view())) return std::nullopt;
  return refused(400, {Code::unmountable_type, plugin});
}

// Secrets engines and auth methods shake hands alike, so the wrong kind is found only after its process has started,
// which then stays.
std::optional<Reply> wrong_kind(Cluster& cluster, NodeId node, MountId mount) {
  const World& world = cluster.world();
  const Object& object = cluster.object(node, mount);
  const bool auth = world.mount(mount).auth;
  if (!is_wrong_kind(cluster, node, mount)) return std::nullopt;
  const Text name = world.plugin(object.plugin).name;
  abandon(cluster, node, mount);
  return refused(400, {auth ? Code::secret_as_auth : Code::unknown_backend_type, name});
}

Object new_entry(PluginId plugin, Text version) {
  Object object{};
  object.plugin = plugin;
  object.version = version.id();
  object.backend = Backend::none;
  return object;
}

// A disable begins with the taint, which is written to the table: from then on requests are turned away.
void taint(Cluster& cluster, NodeId node, MountId mount) {
  cluster.edit_stored(mount).tainted = 1;
  cluster.edit_object(node, mount).tainted = 1;
  write_table(cluster, node, mount);
}

// The rollback that precedes the disabling of a secrets engine is a request to the plugin: a dead process is started
// for it.
std::optional<Reply> roll_back(Cluster& cluster, NodeId node, MountId mount) {
  const Object& object = cluster.object(node, mount);
  if (cluster.world().mount(mount).auth) return std::nullopt;
  if (object.backend == Backend::shell) {
    Reply reply = meet_shell(cluster, node, mount);
    if (reply.hangs) return reply;
    return std::nullopt;
  }
  if (object.backend != Backend::plugin || is_alive(cluster, node, mount)) return std::nullopt;
  const auto failure = respawn(cluster, node, mount);
  if (!failure || !can(cluster, node).rollback_failure_stops_disable) return std::nullopt;
  return refused(400, *failure);
}

// What a disable asks of the plugin before the data is wiped. Without a backend nobody is asked, and the leases are
// left behind.
std::optional<Reply> let_go(Cluster& cluster, NodeId node, MountId mount) {
  if (cluster.object(node, mount).backend == Backend::none) return std::nullopt;
  if (auto stopped = roll_back(cluster, node, mount)) return stopped;
  if (const auto error = revoke_leases(cluster, node, mount)) return refused(400, *error);
  return std::nullopt;
}

// The server's own mounts cannot be disabled; what is below them was never mounted.
std::optional<Reply> undisablable(Text path) {
  if (path.view() == "auth/token/") return refused(400, Code::token_not_disabled);
  if (std::ranges::find(singletons, path.view(), &Singleton::path) == singletons.end()) return std::nullopt;
  return refused(400, {Code::protected_unmount, path});
}

// What is looked at before the mounts themselves: each table keeps its mounts, and the server's own stay where they
// are.
std::optional<Reply> unmovable(const MountPath& from, const MountPath& to) {
  const std::string_view source = from.local.view();
  const std::string_view destination = to.local.view();
  if (from.auth) {
    if (!to.auth) return refused(400, {Code::auth_to_secrets, to.local});
    if (source.starts_with("auth/token")) return refused(400, {Code::protected_move, from.local});
    if (destination.starts_with("auth/token")) return refused(400, {Code::protected_auth_destination, to.local});
    return std::nullopt;
  }
  if (is_protected(source)) return refused(400, {Code::protected_move, from.local});
  if (is_protected(destination)) return refused(400, {Code::protected_destination, to.local});
  return std::nullopt;
}

Reply move_queued(const Cluster& cluster, NodeId node) {
  const bool openbao = cluster.world().server(cluster.node(node).server).product == Product::openbao;
  return warned(200, {Code::move_queued, openbao ? "OpenBao" : "Vault"});
}

// Which mount a tune means: the longest one that is the path's beginning.
MountId tuned_mount(const Cluster& cluster, NodeId node, Text name_space, Text path, Reply& refusal) {
  const std::string_view singleton = singleton_at(!name_space.empty(), path.view());
  if (!singleton.empty() && !singleton.ends_with("token")) {
    refusal = refused(400, {Code::protected_tune, path});
    return no_mount;
  }
  const MountId mount = mount_for(cluster, node, cluster.world().route(name_space, path));
  if (mount == no_mount) refusal = refused(400, {Code::no_mount_to_tune, path});
  return mount;
}

}  // namespace

bool is_wrong_kind(const Cluster& cluster, NodeId node, MountId mount) {
  const World& world = cluster.world();
  const Object& object = cluster.object(node, mount);
  if (object.backend != Backend::plugin && object.backend != Backend::shell) return false;
  const BinaryId file = cluster.file(node, world.record(object.record).file);
  const std::string_view type = file > assumed_binary ? world.binary(file).type.view() : std::string_view{};
  return type == (world.mount(mount).auth ? "secret" : "auth");
}

std::string_view singleton_at(bool in_namespace, std::string_view path) {
  for (const Singleton& each : singletons) {
    if (path.starts_with(each.path)) return in_namespace ? each.type_in_namespace : each.type;
  }
  return {};
}

Reply enable(Cluster& cluster, NodeId node, Text name_space, Text path, Text name, std::optional<Text> given) {
  const World& world = cluster.world();
  const MountId mount = world.mount(world.full_path(name_space, path));
  const PluginId plugin = world.plugin(type_of(world.mount(mount).auth), name);
  Reply refusal;
  const auto version = version_to_enable(cluster, node, plugin, given, refusal);
  if (!version) return refusal;
  if (auto refused_path = unmountable(path, world.mount(mount).auth, name)) return *refused_path;
  if (auto conflict = path_conflict(cluster, node, name_space, mount)) return *conflict;
  if (world.mount(mount).auth && is_singleton_type(name.view())) return refused(400, Code::token_not_instantiated);

  const Cause before = cluster.because(Cause::created);
  cluster.edit_object(node, mount) = new_entry(plugin, *version);
  if (const auto error = create_backend(cluster, node, mount)) {
    cluster.edit_object(node, mount) = Object{};
    cluster.because(before);
    return refused(400, *error);
  }
  if (auto refused_kind = wrong_kind(cluster, node, mount)) {
    cluster.because(before);
    return *refused_kind;
  }
  const Object& made = cluster.object(node, mount);
  cluster.edit_stored(mount) = {plugin, version->id(), made.running_version, made.running_sha256, 1, 0, 0, 0};
  cluster.append(node, mount, Cluster::Writes::storage_too);
  write_table(cluster, node, mount);
  follow_mount(cluster, node, mount);
  cluster.because(before);
  return succeeded(204);
}

Reply tune(Cluster& cluster, NodeId node, Text name_space, Text path, Text given) {
  const World& world = cluster.world();
  Reply refusal;
  const MountId mount = tuned_mount(cluster, node, name_space, path, refusal);
  if (mount == no_mount) return refusal;
  if (!can(cluster, node).has_plugin_versions) return succeeded(204);
  // The type goes by the path that was given: an auth method of another namespace is looked up as a secrets engine.
  const bool as_auth = path.view().starts_with("auth/");
  const Plugin& there = world.plugin(cluster.stored(mount).plugin);
  const PluginId plugin = world.plugin(type_of(as_auth), there.name);
  if (const auto pin = pinned_version(cluster, node, plugin))
    return refused(400, {Code::pinned_at_tune, to_string(type_of(as_auth)), there.name, *pin});
  const auto version = canonical_version(cluster, given);
  if (!version) return malformed_version(cluster, node, given);
  const Lookup found = lookup(cluster, node, plugin, *version);
  if (found.found == Lookup::Found::unreadable) return refused(400, Code::undecodable_entry);
  if (found.found == Lookup::Found::nothing) return refused(400, not_found(there.name, *version));
  cluster.edit_object(node, mount).version = version->id();
  const bool from_above = world.mount(mount).name_space != name_space;
  // From above an auth method is looked for in the table of the secrets engines: what was tuned is shown, and not
  // stored.
  if (!from_above || there.type == type_of(as_auth)) {
    cluster.edit_stored(mount).version = version->id();
    if (from_above && can(cluster, node).misplaces_tune_from_root && stores_one_by_one(cluster, node))
      cluster.edit_stored(mount).misplaced = 1;
  }
  write_table(cluster, node, mount);
  follow_mount(cluster, node, mount);
  return succeeded(204);
}

Reply disable(Cluster& cluster, NodeId node, Text name_space, Text path) {
  const World& world = cluster.world();
  if (auto refusal = undisablable(path)) return *refusal;
  const MountId mount = world.mount(world.full_path(name_space, path));
  if (!exists(cluster, mount)) return succeeded(204);
  if (world.mount(mount).name_space != name_space) return refused(400, Code::taint_failed);
  const Cause before = cluster.because(Cause::disabled);
  taint(cluster, node, mount);
  if (auto stopped = let_go(cluster, node, mount)) {
    cluster.because(before);
    return *stopped;
  }
  close_connections(cluster, node, mount);
  forget_connections(cluster, mount);
  close(cluster, node, mount);
  cluster.edit_object(node, mount) = Object{};
  cluster.edit_stored(mount) = {};
  cluster.remove(node, mount, Cluster::Writes::storage_too);
  write_table(cluster, node, mount);
  follow_mount(cluster, node, mount);
  cluster.because(before);
  return succeeded(204);
}

Reply move(Cluster& cluster, NodeId node, Text name_space, Text from_path, Text to_path) {
  const World& world = cluster.world();
  const MountId from = world.mount(world.full_path(name_space, from_path));
  const MountId to = world.mount(world.full_path(name_space, to_path));
  if (auto refusal = unmovable(world.mount(from), world.mount(to))) return *refusal;
  const MountId found = mount_for(cluster, node, world.route(name_space, from_path));
  if (found == no_mount) return refused(400, {Code::no_mount_to_move, from_path});
  for (const MountId other : world.overlapping(to)) {
    if (world.mount(other).name_space == world.mount(to).name_space && exists(cluster, other)) {
      return refused(400, {Code::destination_in_use, world.mount(other).path});
    }
  }
  // A path below a mount finds that mount here, and nothing later: what was queued comes to nothing.
  if (found != from) return move_queued(cluster, node);
  const Cause before = cluster.because(Cause::moved);
  // The leases of the old path are revoked first; what is in the way of that is told in the status of the move alone.
  if (revoke_leases(cluster, node, from)) {
    taint(cluster, node, from);
    cluster.because(before);
    Reply reply = move_queued(cluster, node);
    reply.remarks.emplace_back(Code::stopped_move_unverified);
    return reply;
  }
  cluster.edit_stored(to) = cluster.stored(from);
  cluster.edit_stored(from) = {};
  for (NodeId each = 0; each < world.nodes(); ++each) move_on_node(cluster, each, node, from, to);
  write_table(cluster, node, to);
  cluster.because(before);
  return move_queued(cluster, node);
}

}  // namespace replug::simulator
