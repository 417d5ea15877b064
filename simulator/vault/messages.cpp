#include "simulator/vault/messages.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "simulator/medium/ensure.h"
#include "simulator/medium/go_text.h"
#include "simulator/medium/server.h"
#include "simulator/medium/world.h"

namespace replug::simulator {

namespace {

using enum Kind;

// The texts are the servers' own, letter by letter, as they were recorded or stand in their sources. Sections are those
// of the reference.
constexpr auto table = std::to_array<MessageRow>({
    {Code::none, error, ""},

    // A list of errors, as hashicorp/go-multierror prints one. Vault sends a bare Go error as a list of one.
    {Code::errors_occurred, error, "{list}"},

    // Any request. The node is sealed, or nobody leads and no other node is there to answer.
    {Code::sealed, error, "Vault is sealed"},
    // A standby passes a request on to the active node, and there is none.
    {Code::no_active_node, error, "local node not active but active cluster node not found"},
    // A secondary for disaster recovery answers nothing but what makes it a primary (section 12).
    {Code::dr_secondary, error, "path disabled in replication DR secondary mode"},
    // The namespace of the request is not there.
    {Code::namespace_not_found, error, "namespace not found"},
    // The server, or the backend behind the mount, has no such endpoint.
    {Code::unsupported_path, error, "unsupported path"},
    {Code::no_leader_unverified, unverified,
     "what a standby answers while no node is active: from the source, never seen on a server"},
    {Code::dr_secondary_unverified, unverified, "what a DR secondary answers: from reports of its users, not recorded"},

    // The catalog (section 2). What a request to register lacks.
    {Code::missing_plugin_name, error, "missing plugin name"},
    // A pin needs a version (section 9).
    {Code::missing_plugin_version, error, "missing plugin version"},
    {Code::missing_sha256, error, "missing SHA-256 value"},
    // Servers that know no container images want a command.
    {Code::missing_command, error, "missing command value"},
    {Code::missing_command_or_image, error, "must provide at least one of command or oci_image"},
    // Arguments stand behind the command's first space or in `args`, not both.
    {Code::arguments_twice, error, "must not specify args in command and args field"},
    // The sha256 is no hexadecimal number; servers that know container images say where.
    {Code::not_hex, error, "Could not decode SHA-256 value from Hex"},
    {Code::not_hex_because, error, "Could not decode SHA256 value from Hex {0}: {0:hex}"},
    // A version that is none. The capital letter is go-version's, and newer ones of it write a small one.
    {Code::malformed_version, error, "version {0:q} is not a valid semantic version: Malformed version: {0}"},
    {Code::malformed_version_lower, error, "version {0:q} is not a valid semantic version: malformed version: {0}"},
    // The same of what a plugin says of itself when it is run to learn its version.
    {Code::malformed_reported_version, error,
     "plugin self-reported version {0:q} is not a valid semantic version: Malformed version: {0}"},
    {Code::malformed_reported_version_lower, error,
     "plugin self-reported version {0:q} is not a valid semantic version: malformed version: {0}"},
    // The plugin says that it is another version than the one it is registered under.
    {Code::mismatched_version, error,
     "plugin version mismatch: {0} reported version ({1}) did not match requested version ({2})"},
    // Versions with `+builtin` are the server's own.
    {Code::builtin_version_reserved, error,
     "version {0:q} is not allowed because 'builtin' is a reserved metadata identifier"},
    // The name or the command leads out of the plugin directory.
    {Code::parent_reference, error, "path cannot contain parent references"},
    // The file has to lie in the plugin directory of the node that handles the request. The path is looked at as far as
    // its first part.
    {Code::command_not_found, error,
     "error while validating the command path: lstat <plugin_directory>/{0:head}: no such file or directory"},
    // The command is a file in a folder of the plugin directory.
    {Code::command_elsewhere, error, "cannot execute files outside of configured plugin directory"},
    // An unknown type is found out by running the file as each kind in turn (section 2.1).
    {Code::not_loaded_as_v5, error, "failed to load plugin as database v5: {why}"},
    {Code::not_loaded_as_v4, error, "failed to load plugin as database v4: {why}"},
    {Code::not_dispensed, error, "failed to dispense v4 backend plugin: {why}"},
    // The catalog has no entry of that name without a version, and the server no built-in.
    {Code::not_in_catalog, error, "plugin not found in the catalog: {0}"},
    // It has none of that name and version.
    {Code::version_not_in_catalog, error, "plugin not found in the catalog: {0}, version={1}"},
    // It has none of that name, of whatever version: what OpenBao answers to a reload by name (section 6).
    {Code::name_not_in_catalog, error, "plugin not found in the catalog: {0:q}"},
    // An entry was written by a Vault that spells types as words, and this server cannot read it (section 11.2).
    {Code::undecodable_entry, error,
     "failed to decode plugin entry: json: cannot unmarshal string into Go struct field PluginRunner.type of type "
     "consts.PluginType"},
    // Built-in plugins are no entries, and stay.
    {Code::builtin_not_deleted, error, "version {0:q} cannot be deleted"},
    // The version is pinned; the pin has to go first (section 9).
    {Code::pinned_not_deleted, error, "cannot delete a pinned version"},
    // A type that the catalog does not know: nothing is done.
    {Code::deregistration_deprecated, warning,
     "Deprecated API endpoint, cannot deregister plugin from catalog for \"{0:e}/{1:e}\""},

    // Pins (section 9). The server's own versions cannot be pinned.
    {Code::builtin_not_pinned, error, "cannot pin a builtin plugin: {0:q}"},
    // Only what is registered under that version can be pinned.
    {Code::pinned_not_in_catalog, error,
     "plugin not found in the catalog; {0} plugin {1:q} version {2} does not exist"},

    // Processes (sections 0 and 5). Whose file is not in the plugin directory of the node that starts it.
    {Code::file_missing, error, "error verifying checksum: open <plugin_directory>/{0}: no such file or directory"},
    // The file's sha256 is not the one that was registered.
    {Code::checksums_differ, error, "checksums did not match"},
    // The process ended before the handshake. Newer servers go on about permissions, architecture and type of the file,
    // over several lines that differ from host to host.
    {Code::plugin_not_started, error, "<the plugin did not start>"},
    {Code::plugin_not_recognized, error,
     "Unrecognized remote plugin message: \n\nThis usually means that the plugin is either invalid or simply\nneeds to "
     "be recompiled to support the latest protocol."},
    // The shared process of this entry is dead, and the list of its users is not forgotten yet (section 5.5).
    {Code::connection_refused, error,
     "rpc error: code = Unavailable desc = connection error: desc = \"transport: error while dialing: dial unix "
     "<socket>: connect: connection refused\""},
    // A backend that was made while its process could not be reached (section 5.7).
    {Code::not_handshaken, error,
     "rpc error: code = Unavailable desc = connection error: desc = \"transport: authentication handshake failed: tls: "
     "first record does not look like a TLS handshake\""},
    // Neither the present protocol nor the old one brought a backend up (section 0).
    {Code::invalid_backend_version, error, "invalid backend version: {why}"},

    // Mounts (sections 3, 4 and 10). While a version is pinned no other can be asked for.
    {Code::pinned_at_enable, error,
     "cannot specify plugin_version for {word} plugin {0:q}, as it is pinned to version {1}"},
    // The built-in's version was asked for, but an unversioned entry of its name stands before it.
    {Code::overridden_version, error,
     "{word} plugin {0:q}, version {1} not found, as it is overridden by an unversioned plugin of the same name. Omit "
     "`plugin_version` to use the unversioned plugin"},
    // What is compiled into the server's core has no other version.
    {Code::no_builtin_version, error, "cannot select non-builtin version of {word} plugin {0}"},
    {Code::unlisted_catalog_unverified, unverified,
     "what enable without a version answers while the catalog cannot be listed"},
    // The path is the beginning of a mount's, or a mount's is its beginning; first by the table of the request's
    // namespace, then by the router, which knows the other namespaces and the server's own mounts too.
    {Code::path_in_use, error, "path is already in use at {0}"},
    {Code::token_path_in_use, error, "path is already in use at token/"},
    {Code::existing_mount, error, "existing mount at {0}{word}"},
    // Nothing is mounted at or below the server's own mounts.
    {Code::protected_mount, error, "cannot mount {0:q}"},
    // The server's own mounts exist once.
    {Code::unmountable_type, error, "mount type of {0:q} is not mountable"},
    // Secrets engines and auth methods shake hands alike; the wrong kind is found only after its process has started.
    {Code::secret_as_auth, error, "cannot mount {0:q} of type \"secret\" as an auth backend"},
    {Code::unknown_backend_type, error, "unknown backend type: {0:q}"},
    {Code::token_not_instantiated, error, "token credential backend cannot be instantiated"},
    {Code::token_not_disabled, error, "token credential backend cannot be disabled"},
    // The server's own mounts cannot be disabled.
    {Code::protected_unmount, error, "cannot unmount {0:q}"},
    // What is to be disabled is the mount of another namespace.
    {Code::taint_failed, error, "failed to taint entry in mounts table"},
    // Each table keeps its mounts, and the server's own stay where they are.
    {Code::auth_to_secrets, error, "cannot remount auth mount to non-auth mount {0:q}"},
    {Code::protected_move, error, "cannot remount {0:q}"},
    {Code::protected_auth_destination, error, "cannot remount to destination {0:q}"},
    {Code::protected_destination, error, "cannot remount to destination {0}"},
    {Code::no_mount_to_move, error, "no matching mount at {0:q}"},
    {Code::destination_in_use, error, "path already in use at {0:q}"},
    // The answer to every move that is not refused: it is carried out later.
    {Code::move_queued, warning,
     "Mount move has been queued. Progress will be reported in {word}'s server log, tagged with the returned "
     "migration_id"},
    {Code::protected_tune, error, "cannot tune {0:q}"},
    {Code::no_mount_to_tune, error, "tune of path {0:q} failed: no mount entry found"},
    {Code::pinned_at_tune, error,
     "plugin_version cannot be set for {word} plugin {0:q} as a pinned version {1} is in effect"},

    // Reloads (section 6). What is wrong with the request alone.
    {Code::scope_not_global, error, "reload scope must be omitted or 'global'"},
    {Code::plugin_and_mounts, error, "plugin and mounts cannot be set at the same time"},
    {Code::plugin_or_mounts, error, "plugin or mounts must be provided"},
    // The server's own mounts are not reloaded.
    {Code::singleton_not_reloaded, error, "singleton plugin cannot be reloaded: {word:q}"},
    // Under this name there are only database plugins.
    {Code::database_not_reloaded, error,
     "plugin {0:q} cannot be reloaded, only plugins of type auth and secret can be reloaded"},
    // One mount of several; what goes wrong is gathered in the order in which they are tried.
    {Code::mount_not_reloaded, error, "cannot reload plugin on {0:q}: {why}"},
    // Nothing is mounted there.
    {Code::mount_not_fetched, error, "cannot fetch mount entry on {0:q}"},
    // Nothing uses that name.
    {Code::nothing_reloaded, warning, "no plugins were reloaded"},
    {Code::nothing_reloaded_locally, warning,
     "no plugins were reloaded locally (but they may be reloaded on other nodes)"},
    {Code::global_reload_unverified, unverified,
     "how `scope=global` reaches the other nodes of Vault Enterprise: from its documentation, never seen on a server"},

    // Requests to mounts (section 5). Nothing is mounted there.
    {Code::no_route, error, "no handler for route {0:q}. route entry not found."},
    // The mount's plugin could not be loaded when the node was unsealed.
    {Code::no_backend, error, "no handler for route {0:q}. route entry found, but backend is nil."},
    // The mount began to be disabled, and what came next failed.
    {Code::tainted, error, "no handler for route \"{0:e}{word}{1:e}\". route entry is tainted."},
    {Code::tainted_in_namespace, error,
     "no handler for route \"{0:e}{word}{1:e}\" on namespace {2:q}. route entry or namespace is tainted."},
    {Code::own_mounts_not_modelled, not_modelled,
     "what the server's own mounts sys/, identity/, cubbyhole/ and auth/token/ answer"},

    // The database secrets engine (section 8). No engine is mounted there.
    {Code::no_route_to_engine, error, "no handler for route \"{0:e}{word}{1:e}\". route entry not found."},
    // A new connection has to say which plugin it uses.
    {Code::empty_plugin_name, error, "empty plugin name"},
    {Code::pinned_at_configuration, error, "cannot specify plugin_version for plugin {0:q} as it is pinned (v{1})"},
    // Neither the present protocol nor the old one brought the plugin up.
    {Code::invalid_database_version, error, "invalid database version: {why}"},
    // What the old protocol's look at the plugin says while the shared process is dead. The capital letter is
    // go-plugin's, and newer ones of it write a small one.
    {Code::incompatible_protocol, error,
     "Incompatible API version with plugin. Plugin version: 5, Client versions: [3 4]"},
    {Code::incompatible_protocol_lower, error,
     "incompatible API version with plugin. Plugin version: 5, Client versions: [3 4]"},
    // A configuration is written only if its plugin can be loaded.
    {Code::database_not_created, error, "error creating database object: {why}"},
    {Code::connection_not_found, error, "failed to find entry for connection with name: {0:q}"},
    // The connection has no instance, and none could be made.
    {Code::instance_not_created, error, "unable to create database instance: {why}"},
    // Connections are reloaded one after the other, until one fails.
    {Code::connection_not_reloaded, error, "failed to reload connection {0:q}: {why}"},
    {Code::reloaded_so_far, error, "successfully reloaded {count} connection(s): {names}; {last}"},
    {Code::connection_name, error, "{0}"},
    {Code::no_connections, warning, "no connections were found with plugin_name {0:q}"},
    // The connection has no role.
    {Code::unknown_role, error, "unknown role: probe-{0}"},
    // The connection's process is dead. The failing request is not repeated; the next one makes a new instance.
    {Code::plugin_shutdown, error, "plugin shutdown"},
    {Code::unlisted_catalog_for_connection_unverified, unverified,
     "what a new connection without a version is answered while the catalog cannot be listed"},

    // Leases (section 10). A disable revokes them one after the other, until one fails. The id of a lease is its path
    // and a random part, which stands as `<lease>`; the path of a lease that no database engine handed out is not
    // known.
    {Code::credentials_not_revoked, error,
     "failed to revoke \"{0:e}creds/probe-{1:e}/<lease>\" ({first} / {second}): failed to revoke entry: resp: "
     "(*logical.Response)(nil) err: {why}"},
    {Code::lease_not_revoked, error,
     "failed to revoke \"{0:e}<lease>\" ({first} / {second}): failed to revoke entry: resp: (*logical.Response)(nil) "
     "err: {why}"},
    {Code::queued_revocation_unverified, unverified,
     "what becomes of a queued revocation that fails: it is tried again up to six times, and then the lease is left as "
     "irrevocable; the forecast takes it to stay"},
    {Code::leases_below_not_modelled, not_modelled, "which leases of {0} lie below that prefix"},
    {Code::stopped_move_unverified, unverified,
     "a move that cannot revoke the leases of the old path: it was seen to fail and to leave the mount where it was; "
     "the "
     "forecast takes the mount to stay tainted, as after a disable"},

    // Servers and snapshots (sections 7 and 11).
    {Code::seal_on_standby_unverified, unverified,
     "a standby refuses `operator seal` (500, \"vault cannot seal when in standby mode; please restart instead\"); the "
     "forecast takes it to be sealed by a restart without an unseal"},
    {Code::snapshot_not_modelled, not_modelled, "what is in the snapshot {0}: no step before has taken it"},
    {Code::server_not_modelled, not_modelled, "a server of version {0}"},
    {Code::newer_vault_unverified, unverified, "{0:vault} is newer than what is known; it is simulated as {word}"},
    {Code::newer_openbao_unverified, unverified, "{0:openbao} is newer than what is known; it is simulated as {word}"},
    {Code::versions_unknown_unverified, unverified,
     "what a server without plugin versions makes of versioned entries and mounts: never seen on a server"},
});

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].code) != i) return false;
  }
  return true;
}
static_assert(is_in_order() && table.back().code == Code::versions_unknown_unverified,
              "a row for each code, in their order");

const MessageRow& row_of(const Message& message) {
  const auto number = static_cast<std::size_t>(message.code);
  ENSURE(number < table.size());
  return table[number];
}

// The first part of the file's path in a command.
std::string_view head(std::string_view command) {
  const std::string_view file = command_file(command);
  return file.substr(0, file.find('/'));
}

std::string server_name(Product product, std::string_view version) {
  const auto server = parse_server(product, version);
  ENSURE(server.has_value());
  return to_string(*server);
}

std::string escaped(std::string_view text) {
  const std::string quoted = go_quoted(text);
  return quoted.substr(1, quoted.size() - 2);
}

// What a format makes of a text.
std::string made_of(std::string_view text, std::string_view how) {
  if (how.empty()) return std::string(text);
  if (how == "q") return go_quoted(text);
  if (how == "e") return escaped(text);
  if (how == "hex") return hex_error(text);
  if (how == "head") return std::string(head(text));
  if (how == "vault") return server_name(Product::vault, text);
  ENSURE(how == "openbao");
  return server_name(Product::openbao, text);
}

/// A text that a format takes, as it is.
struct Piece {
  std::string_view text;
};

}  // namespace

}  // namespace replug::simulator

template <>
struct fmt::formatter<replug::simulator::Piece> {
  std::string_view how;

  auto parse(fmt::format_parse_context& format) {
    const auto* const end = std::find(format.begin(), format.end(), '}');
    how = {format.begin(), static_cast<std::size_t>(end - format.begin())};
    return end;
  }
  auto format(const replug::simulator::Piece& piece, fmt::format_context& out) const {
    return fmt::format_to(out.out(), "{}", replug::simulator::made_of(piece.text, how));
  }
};

namespace replug::simulator {

namespace {

std::string go_list(const std::vector<std::string>& errors) {
  std::string text = fmt::format("{} error{} occurred:\n", errors.size(), errors.size() == 1 ? "" : "s");
  for (const std::string& error : errors) text += fmt::format("\t* {}\n", error);
  return text + "\n";
}

std::string bare_text(const Message& message) {
  std::vector<std::string> inner;
  for (const Message& each : message.inner) inner.push_back(text_of(each));
  const std::size_t before_last = inner.empty() ? 0 : inner.size() - 1;
  const auto piece = [&](std::size_t number) { return Piece{message.texts[number].view()}; };
  return fmt::format(
      fmt::runtime(row_of(message).format), piece(0), piece(1), piece(2), fmt::arg("word", Piece{message.word}),
      fmt::arg("why", inner.empty() ? std::string() : inner.front()),
      fmt::arg("last", inner.empty() ? std::string() : inner.back()), fmt::arg("list", go_list(inner)),
      fmt::arg("count", before_last), fmt::arg("first", message.numbers[0]), fmt::arg("second", message.numbers[1]),
      fmt::arg("names", fmt::join(inner.begin(), inner.end() - (inner.empty() ? 0 : 1), ", ")));
}

std::vector<std::string> remarks_of(const Reply& reply, Kind kind) {
  std::vector<std::string> texts;
  for (const Message& remark : reply.remarks) {
    if (row_of(remark).kind == kind) texts.push_back(text_of(remark));
  }
  return texts;
}

std::vector<std::string> message_of(const Reply& reply, Kind kind) {
  if (reply.message.empty() || row_of(reply.message).kind != kind) return {};
  return {text_of(reply.message)};
}

}  // namespace

std::span<const MessageRow> message_table() { return table; }

std::string text_of(const Message& message) {
  std::string text = bare_text(message);
  return message.listed ? go_list({text}) : text;
}

Message error_list(std::vector<Message> errors) {
  if (errors.size() != 1 || errors.front().listed) return {Code::errors_occurred, std::move(errors)};
  errors.front().listed = true;
  return std::move(errors.front());
}

std::vector<std::string> errors_of(const Reply& reply) { return message_of(reply, error); }

std::vector<std::string> warnings_of(const Reply& reply) { return message_of(reply, warning); }

std::vector<std::string> not_modelled_in(const Reply& reply) { return remarks_of(reply, not_modelled); }

std::vector<std::string> unverified_in(const Reply& reply) { return remarks_of(reply, unverified); }

bool says(const Reply& reply, std::string_view part) {
  const std::vector<std::string> errors = errors_of(reply);
  return std::ranges::any_of(errors, [&](const std::string& text) { return text.find(part) != std::string::npos; });
}

}  // namespace replug::simulator
