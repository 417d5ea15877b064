#include "simulator/vault/reload.h"

#include <algorithm>
#include <unordered_set>
#include <vector>

#include "simulator/steps/reload.h"
#include "simulator/vault/backend.h"
#include "simulator/vault/catalog.h"
#include "simulator/vault/database.h"
#include "simulator/vault/high_availability.h"
#include "simulator/vault/messages.h"
#include "simulator/vault/mounts.h"
#include "simulator/vault/processes.h"
#include "simulator/vault/request.h"

namespace replug::simulator {

namespace {

const Capabilities& can(const Cluster& cluster, NodeId node) {
  return cluster.world().capabilities(cluster.node(node).server);
}

struct Outcome {
  Message error;
  bool hangs = false;
  bool sha_changed = false;
};

// The old process ends, then the configured version is loaded; if that fails the old object stays, dead, and a mount
// without a backend stays without one (reference, section 6.4).
Outcome reload_mount(Cluster& cluster, NodeId node, MountId mount) {
  const Object& object = cluster.object(node, mount);
  Outcome outcome;
  if (object.hanging != 0) {
    outcome.hangs = true;
    return outcome;
  }
  const Cause before = cluster.because(Cause::reloaded);
  const bool had_none = object.backend == Backend::none;
  const TextId old_sha256 = object.running_sha256;
  close_connections(cluster, node, mount);
  if (object.backend == Backend::plugin) drop(cluster, node, mount);
  if (auto error = create_backend(cluster, node, mount)) {
    cluster.because(Cause::reload_failed);
    static_cast<void>(cluster.edit_object(node, mount));  // the reason is noted even where nothing else changed
    outcome.error = *error;
  } else {
    outcome.sha_changed = object.running_sha256 != old_sha256;
    if (had_none) cluster.edit_object(node, mount).read_only = 1;
    if (outcome.sha_changed && is_writer(cluster, node)) {
      write_table(cluster, node, mount);
      follow_mount(cluster, node, mount);
    }
  }
  cluster.because(before);
  return outcome;
}

// What a reload by name would reach on this node, in the order in which the server takes it: the mounts table, then the
// auth table. From 1.16 on the database engines are asked when their place in the mounts table comes.
std::vector<MountId> matching(const Cluster& cluster, NodeId node, Text name_space, const Reload& request) {
  const World& world = cluster.world();
  const Capabilities& server = can(cluster, node);
  // The endpoint by type is root's, and reaches all namespaces; inside of one there is only the older one, which knows
  // no type.
  const bool everywhere = server.has_reload_by_type && name_space.empty();
  std::optional<PluginType> type;
  if (everywhere && request.type) type = parse_plugin_type(request.type->view());
  std::vector<MountId> mounts;
  const auto take = [&](MountId mount) {
    if (cluster.object(node, mount).backend == Backend::absent) return;
    if (everywhere || world.mount(mount).name_space == name_space) mounts.push_back(mount);
  };
  for (const MountId mount : world.mounts_of_plugin(*request.plugin)) {
    const Object& object = cluster.object(node, mount);
    if (object.backend == Backend::absent || world.plugin(object.plugin).name != *request.plugin) continue;
    if (!type || world.plugin(object.plugin).type == *type) take(mount);
  }
  if (server.reload_reaches_databases && (!type || *type == PluginType::database)) {
    const std::unordered_set<MountId> known(mounts.begin(), mounts.end());
    for (const MountId mount : world.database_mounts()) {
      if (!known.contains(mount) && is_database_engine(cluster, cluster.object(node, mount).plugin)) take(mount);
    }
  }
  std::ranges::sort(mounts, [&](MountId left, MountId right) {
    const bool left_auth = world.mount(left).auth;
    const bool right_auth = world.mount(right).auth;
    return left_auth != right_auth ? right_auth : cluster.position(node, left) < cluster.position(node, right);
  });
  return mounts;
}

// OpenBao ≥ 2.6 looks at the name before anything is reloaded: singletons, names without an entry, plugins that cannot
// be reloaded.
std::optional<Reply> unreloadable(const Cluster& cluster, NodeId node, Text name) {
  if (!can(cluster, node).refuses_unreloadable_names) return std::nullopt;
  for (const std::string_view singleton :
       {"system", "identity", "cubbyhole", "token", "ns_system", "ns_identity", "ns_cubbyhole", "ns_token"}) {
    if (name.view() == singleton) return refused(400, {Code::singleton_not_reloaded, singleton});
  }
  const World& world = cluster.world();
  const auto is_known = [&](PluginType type) {
    const PluginId plugin = world.plugin(type, name);
    if (is_registered(cluster, plugin)) return true;
    return is_builtin(world.server(cluster.node(node).server), to_string(type), name.view());
  };
  if (is_known(PluginType::secret) || is_known(PluginType::auth)) return std::nullopt;
  return refused(400, {is_known(PluginType::database) ? Code::database_not_reloaded : Code::name_not_in_catalog, name});
}

bool is_singleton_name(Text name) {
  return name.view() == "system" || name.view() == "identity" || name.view() == "cubbyhole" || name.view() == "token";
}

// One entry of the table: the mount itself, or, of a database engine, its connections with that plugin.
Outcome reload_match(Cluster& cluster, NodeId node, MountId mount, Text name, std::size_t& count) {
  Outcome outcome;
  if (cluster.world().plugin(cluster.object(node, mount).plugin).name != name) {
    if (auto error = reset_connections_of(cluster, node, mount, name, count)) outcome.error = *error;
    return outcome;
  }
  outcome = reload_mount(cluster, node, mount);
  if (outcome.error.empty()) ++count;
  return outcome;
}

struct Gathered {
  std::vector<Message> errors;
  std::size_t count = 0;
  bool hangs = false;
  bool forwarded = false;  ///< a standby found that it must write, and passes the request on
};

Gathered reload_by_name(Cluster& cluster, NodeId node, Text name_space, const Reload& request) {
  Gathered all;
  for (const MountId mount : matching(cluster, node, name_space, request)) {
    const Outcome outcome = reload_match(cluster, node, mount, *request.plugin, all.count);
    all.hangs = all.hangs || outcome.hangs;
    all.forwarded = all.forwarded || (outcome.sha_changed && !is_writer(cluster, node));
    if (outcome.hangs || all.forwarded) return all;
    if (outcome.error.empty()) continue;
    if (!can(cluster, node).reload_tries_every_mount) {
      all.errors.push_back(outcome.error);
      return all;
    }
    all.errors.emplace_back(Code::mount_not_reloaded, cluster.world().mount(mount).local, outcome.error);
  }
  return all;
}

// Each item is tried; what goes wrong is gathered in the order given. A mount of another namespace is passed over
// without a word.
Gathered reload_by_mounts(Cluster& cluster, NodeId node, Text name_space, const Reload& request) {
  const World& world = cluster.world();
  Gathered all;
  for (const Text path : *request.mounts) {
    const Text given = world.texts().find(mount_meant(path.view()));
    const Route& route = world.route(name_space, given);
    const bool leads_deeper = route.within != given;  // into a namespace below the request's
    if (const std::string_view singleton = singleton_at(!name_space.empty(), route.within.view()); !singleton.empty()) {
      if (leads_deeper) continue;
      if (can(cluster, node).refuses_unreloadable_names) {
        all.errors.emplace_back(Code::mount_not_reloaded, given, Message{Code::singleton_not_reloaded, singleton});
      }
      continue;
    }
    const MountId there = mount_for(cluster, node, route);
    if (there == no_mount) {
      all.errors.emplace_back(Code::mount_not_fetched, given);
      continue;
    }
    if (world.mount(there).name_space != name_space) continue;
    const Outcome outcome = reload_mount(cluster, node, there);
    all.hangs = all.hangs || outcome.hangs;
    all.forwarded = all.forwarded || (outcome.sha_changed && !is_writer(cluster, node));
    if (!outcome.error.empty()) all.errors.emplace_back(Code::mount_not_reloaded, given, outcome.error);
  }
  return all;
}

Reply answer(const Cluster& cluster, NodeId node, const Reload& request, const Gathered& all) {
  const Capabilities& server = can(cluster, node);
  Reply reply;
  if (all.hangs) {
    reply.hangs = true;
    return reply;
  }
  const bool by_name = request.plugin.has_value();
  const int error_status = server.refuses_unreloadable_names ? 400 : 500;
  if (!all.errors.empty()) {
    return by_name && server.refuses_unreloadable_names ? refused(400, all.errors.front())
                                                        : refused(error_status, error_list(all.errors));
  }
  const bool global = request.scope && request.scope->view() == "global";
  reply = succeeded(global && server.answers_accepted_to_global ? 202 : 200);
  if (by_name && all.count == 0 && server.warns_of_reload_without_match && !is_singleton_name(*request.plugin)) {
    reply.message = global ? Code::nothing_reloaded_locally : Code::nothing_reloaded;
  }
  return reply;
}

// The checks that look at the request alone, in the server's order.
std::optional<Reply> malformed(const Capabilities& server, Text name_space, const Reload& request) {
  const bool has_plugin = request.plugin && !request.plugin->empty();
  const bool has_mounts = request.mounts && !request.mounts->empty();
  if (request.type && name_space.empty()) {
    const bool is_type = parse_plugin_type(request.type->view()) || request.type->view() == "unknown";
    if (!server.has_reload_by_type || !is_type) return failed(Code::unsupported_path, 404);
  }
  if (request.scope && !request.scope->empty() && request.scope->view() != "global" &&
      server.answers_accepted_to_global) {
    return refused(400, Code::scope_not_global);
  }
  if (has_plugin && has_mounts) return refused(400, Code::plugin_and_mounts);
  if (!has_plugin && !has_mounts) return refused(400, Code::plugin_or_mounts);
  return std::nullopt;
}

Reply reload_here(Cluster& cluster, NodeId node, Text name_space, const Reload& request) {
  if (request.plugin) {
    if (auto refusal = unreloadable(cluster, node, *request.plugin)) return *refusal;
  }
  const Gathered all = request.plugin ? reload_by_name(cluster, node, name_space, request)
                                      : reload_by_mounts(cluster, node, name_space, request);
  // A standby that serves reads cannot write the table; it passes the request on after its own backend has been
  // replaced already.
  const NodeId active = active_node(cluster, cluster.world().replica_of(node));
  if (all.forwarded && active != no_node && active != node) return reload_here(cluster, active, name_space, request);
  return answer(cluster, node, request, all);
}

}  // namespace

std::string_view mount_meant(std::string_view path) {
  constexpr std::string_view system = "sys/";
  return path.starts_with("sys/auth/") ? path.substr(system.size()) : path;
}

Reply reload(Cluster& cluster, NodeId node, Text name_space, const Reload& request) {
  const Capabilities& server = can(cluster, node);
  if (auto refusal = malformed(server, name_space, request)) return *refusal;
  Reply reply = reload_here(cluster, node, name_space, request);
  if (!request.scope || !server.has_global_reload) return reply;
  for (NodeId other = 0; other < cluster.world().nodes(); ++other) {
    if (other != node && runs_plugins(cluster, other)) reload_here(cluster, other, name_space, request);
  }
  reply.remarks.emplace_back(Code::global_reload_unverified);
  return reply;
}

}  // namespace replug::simulator
