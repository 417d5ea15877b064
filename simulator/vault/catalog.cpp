#include "simulator/vault/catalog.h"

#include <algorithm>

#include "simulator/medium/go_text.h"
#include "simulator/steps/register.h"
#include "simulator/vault/messages.h"
#include "simulator/vault/processes.h"

namespace replug::simulator {

namespace {

const Capabilities& can(const Cluster& cluster, NodeId node) {
  return cluster.world().capabilities(cluster.node(node).server);
}

bool has_arguments_twice(const Register& request) {
  return !request.args.empty() && request.command && request.command->view().find(' ') != std::string_view::npos;
}

bool has_image(const Register& request) { return request.oci_image && !request.oci_image->empty(); }

// The command line tool sends the plugin's name as its command where neither a command nor an image is given. A server
// that knows no images does not look at the image, so a request with only one has no command for it.
bool is_missing_command(const Capabilities& server, const Register& request) {
  if (request.command) return request.command->empty() && !(server.has_containers && has_image(request));
  return has_image(request) && !server.has_containers;
}

bool has_parent_reference(std::string_view text) { return text.find("..") != std::string_view::npos; }

// The checks that look at the request alone, in the server's order.
std::optional<Reply> check_request(const Cluster& cluster, NodeId node, const Register& request) {
  const Capabilities& server = can(cluster, node);
  if (request.name.empty()) return refused(400, Code::missing_plugin_name);
  if (server.has_plugin_versions && request.version && !request.version->empty()) {
    const VersionText& version = cluster.world().version(*request.version);
    if (!version.semver) return malformed_version(cluster, node, *request.version);
    if (version.builtin) return refused(400, {Code::builtin_version_reserved, version.canonical});
  }
  if (request.sha256.empty()) return refused(400, Code::missing_sha256);
  if (is_missing_command(server, request))
    return refused(400, server.has_containers ? Code::missing_command_or_image : Code::missing_command);
  if (has_arguments_twice(request)) return refused(400, Code::arguments_twice);
  if (!is_hex(request.sha256.view())) {
    if (!server.has_containers) return refused(400, Code::not_hex);
    return refused(400, {Code::not_hex_because, request.sha256});
  }
  return std::nullopt;
}

// The file has to lie in the plugin directory of the node that handles the request; its contents are not looked at.
std::optional<Reply> check_file(const Cluster& cluster, NodeId node, const Register& request) {
  const Text line = request.command.value_or(request.name);
  const std::string_view command = command_file(line.view());
  if (has_parent_reference(request.name.view()) || has_parent_reference(command)) return failed(Code::parent_reference);
  if (has_image(request)) return std::nullopt;
  const FileId file = cluster.world().file(cluster.world().texts().find(command));
  const std::size_t slash = command.find('/');
  if (cluster.file(node, file) == 0 ||
      (slash != std::string_view::npos && cluster.file(node, file) == assumed_binary)) {
    return failed({Code::command_not_found, line});
  }
  if (slash != std::string_view::npos) return failed(Code::command_elsewhere);
  return std::nullopt;
}

// An unknown type is found out by running the file as each kind in turn (reference, section 2.1).
std::optional<PluginType> type_by_running(const Cluster& cluster, NodeId node, const Register& request, Text name,
                                          Reply& refusal) {
  const World& world = cluster.world();
  const FileId file = world.file(world.texts().find(command_file(request.command.value_or(request.name).view())));
  const PluginId as_secret = world.plugin(PluginType::secret, name);
  const RecordId record = world.record_of(request, as_secret, world.entry(as_secret, Text{}));
  const Binary& binary = world.binary(has_image(request) ? BinaryId{0} : cluster.file(node, file));
  const PluginId as_database = world.plugin(PluginType::database, name);
  const bool is_database = binary.type.view() == "database";
  const RecordId run = is_database ? world.record_of(request, as_database, world.entry(as_database, Text{})) : record;
  if (const StartError error = start(cluster, node, run); error != StartError::none) {
    const Message why = start_failure(cluster, node, run, error);
    refusal = refused(
        500, error_list({{Code::not_loaded_as_v5, why}, {Code::not_loaded_as_v4, why}, {Code::not_dispensed, why}}));
    return std::nullopt;
  }
  const auto type = parse_plugin_type(binary.type.view());
  return type.value_or(PluginType::secret);
}

// The version under which the entry is stored: the one given, else the one that the binary reports when it is run.
std::optional<Text> version_to_store(const Cluster& cluster, NodeId node, const Register& request, PluginId plugin,
                                     Reply& refusal) {
  if (!can(cluster, node).has_plugin_versions) return Text{};
  const World& world = cluster.world();
  const Text given = request.version ? world.version(*request.version).canonical : Text{};
  if (has_image(request)) return given;  // what it reports is not known; a file of that name is another thing
  const RecordId record = world.record_of(request, plugin, world.entry(plugin, Text{}));
  if (start(cluster, node, record) != StartError::none) return given;
  const BinaryId file = cluster.file(node, world.record(record).file);
  const Text reported = file == 0 ? Text{} : world.binary(file).reports_version;
  if (reported.empty()) return given;
  if (!given.empty() && reported != given) {
    refusal = refused(400, {Code::mismatched_version, request.name, reported, given});
    return std::nullopt;
  }
  if (!world.version(reported).lax) {
    const bool lower = can(cluster, node).says_malformed_in_lower_case;
    refusal = failed({lower ? Code::malformed_reported_version_lower : Code::malformed_reported_version, reported});
    return std::nullopt;
  }
  return reported;
}

}  // namespace

Lookup lookup(const Cluster& cluster, NodeId node, PluginId plugin, Text version) {
  if (plugin == no_plugin) return {};
  const World& world = cluster.world();
  const EntryId id = world.entry(plugin, version);
  if (id != no_entry && cluster.entry(id).record != 0) {
    const StoredEntry& entry = cluster.entry(id);
    if (entry.type_as_word != 0 && !can(cluster, node).writes_types_as_words)
      return {Lookup::Found::unreadable, entry.record};
    return {Lookup::Found::external, entry.record};
  }
  const ServerId server = cluster.node(node).server;
  if (!world.is_builtin(server, plugin)) return {};
  if (version.empty()) return {Lookup::Found::builtin, 0};
  if (version != world.builtin_version(server, plugin) || is_shadowed(cluster, plugin)) return {};
  return {Lookup::Found::builtin, 0};
}

bool is_shadowed(const Cluster& cluster, PluginId plugin) {
  return plugin != no_plugin && cluster.entry(cluster.world().plugin(plugin).unversioned).record != 0;
}

bool is_registered(const Cluster& cluster, PluginId plugin) {
  if (plugin == no_plugin) return false;
  const auto has_record = [&](EntryId entry) { return cluster.entry(entry).record != 0; };
  return is_shadowed(cluster, plugin) || std::ranges::any_of(cluster.world().plugin(plugin).versions, has_record);
}

// Vault sorts what is registered from the highest down and leaves equivalent versions in the order of their storage
// keys, so of v1.0.0 and v1.0.0+ent it takes v1.0.0. It takes the version, not the key: what reports itself as `1.0.1`
// is asked for as v1.0.1.
std::optional<Text> highest_version(const Cluster& cluster, PluginId plugin) {
  if (plugin == no_plugin) return std::nullopt;
  const World& world = cluster.world();
  const std::vector<EntryId>& versions = world.plugin(plugin).versions;
  std::optional<Version> highest;
  std::optional<Text> chosen;
  for (auto entry = versions.rbegin(); entry != versions.rend(); ++entry) {
    if (cluster.entry(*entry).record == 0) continue;
    const Text text = world.entry(*entry).version;
    const auto version = parse_version(text.view(), Strictness::lax);
    if (!version || (highest && compare(*version, *highest) != 0)) break;
    highest = version;
    chosen = world.version(text).canonical;
  }
  return chosen;
}

bool can_list_catalog(const Cluster& cluster, NodeId node) {
  const World& world = cluster.world();
  if (can(cluster, node).writes_types_as_words || world.servers() == 1) return true;
  for (EntryId id = 0; id < world.entries(); ++id) {
    if (cluster.entry(id).record != 0 && cluster.entry(id).type_as_word != 0) return false;
  }
  for (PluginId id = 0; id < world.plugins(); ++id) {
    if (cluster.pin(id) != 0) return false;
  }
  return true;
}

Message not_found(Text name, Text version) {
  if (version.empty()) return {Code::not_in_catalog, name};
  return {Code::version_not_in_catalog, name, version};
}

Message not_found(const Cluster& cluster, PluginId plugin, Text version) {
  return not_found(cluster.world().plugin(plugin).name, version);
}

std::optional<Text> canonical_version(const Cluster& cluster, Text version) {
  const VersionText& parsed = cluster.world().version(version);
  if (!parsed.lax) return std::nullopt;
  return parsed.canonical;
}

Reply malformed_version(const Cluster& cluster, NodeId node, Text version) {
  const bool lower = can(cluster, node).says_malformed_in_lower_case;
  return refused(400, {lower ? Code::malformed_version_lower : Code::malformed_version, version});
}

Reply register_plugin(Cluster& cluster, NodeId node, const Register& request) {
  if (auto refusal = check_request(cluster, node, request)) return *refusal;
  if (auto refusal = check_file(cluster, node, request)) return *refusal;
  const World& world = cluster.world();
  Reply refusal;
  auto type = parse_plugin_type(request.type.view());
  Text name = request.name;
  if (!type) {
    name = world.texts().find(untyped_name(request));
    type = type_by_running(cluster, node, request, name, refusal);
    if (!type) return refusal;
  }
  const PluginId plugin = world.plugin(*type, name);
  const auto version = version_to_store(cluster, node, request, plugin, refusal);
  if (!version) return refusal;
  const EntryId id = world.entry(plugin, *version);
  cluster.edit_entry(id) = make_entry(world.record_of(request, plugin, id), can(cluster, node).writes_types_as_words);
  return succeeded(204);
}

Reply deregister_plugin(Cluster& cluster, NodeId node, Text type_text, Text name, std::optional<Text> version) {
  const World& world = cluster.world();
  Text wanted;
  if (can(cluster, node).has_plugin_versions && version && !version->empty()) {
    if (!world.version(*version).semver) return malformed_version(cluster, node, *version);
    wanted = world.version(*version).canonical;
    if (world.version(*version).builtin) return refused(400, {Code::builtin_not_deleted, wanted});
  }
  const auto type = parse_plugin_type(type_text.view());
  if (!type) return warned(200, {Code::deregistration_deprecated, type_text, name});
  const PluginId plugin = world.plugin(*type, name);
  const EntryId id = world.entry(plugin, wanted);
  if (id == no_entry) return succeeded(204);
  if (can(cluster, node).has_pins && !wanted.empty() && cluster.pin(plugin) == id + 1)
    return failed(Code::pinned_not_deleted);
  if (cluster.entry(id).record != 0) cluster.edit_entry(id) = {};
  return succeeded(204);
}

}  // namespace replug::simulator
