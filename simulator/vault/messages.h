#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/medium/reply.h"

namespace replug::simulator {

/// Every text that a server can answer with, and what the simulator says about its own answers. What each means, and
/// its text, is in the table in messages.cpp.
enum class Code : std::uint8_t {
  none,
  // Go
  errors_occurred,
  // any request
  sealed,
  no_active_node,
  dr_secondary,
  namespace_not_found,
  unsupported_path,
  no_leader_unverified,
  dr_secondary_unverified,
  // the catalog
  missing_plugin_name,
  missing_plugin_version,
  missing_sha256,
  missing_command,
  missing_command_or_image,
  arguments_twice,
  not_hex,
  not_hex_because,
  malformed_version,
  malformed_version_lower,
  malformed_reported_version,
  malformed_reported_version_lower,
  mismatched_version,
  builtin_version_reserved,
  parent_reference,
  command_not_found,
  command_elsewhere,
  not_loaded_as_v5,
  not_loaded_as_v4,
  not_dispensed,
  not_in_catalog,
  version_not_in_catalog,
  name_not_in_catalog,
  undecodable_entry,
  builtin_not_deleted,
  pinned_not_deleted,
  deregistration_deprecated,
  // pins
  builtin_not_pinned,
  pinned_not_in_catalog,
  // processes
  file_missing,
  checksums_differ,
  plugin_not_started,
  plugin_not_recognized,
  connection_refused,
  not_handshaken,
  invalid_backend_version,
  // mounts
  pinned_at_enable,
  overridden_version,
  no_builtin_version,
  unlisted_catalog_unverified,
  path_in_use,
  token_path_in_use,
  existing_mount,
  protected_mount,
  unmountable_type,
  secret_as_auth,
  unknown_backend_type,
  token_not_instantiated,
  token_not_disabled,
  protected_unmount,
  taint_failed,
  auth_to_secrets,
  protected_move,
  protected_auth_destination,
  protected_destination,
  no_mount_to_move,
  destination_in_use,
  move_queued,
  protected_tune,
  no_mount_to_tune,
  pinned_at_tune,
  // reloads
  scope_not_global,
  plugin_and_mounts,
  plugin_or_mounts,
  singleton_not_reloaded,
  database_not_reloaded,
  mount_not_reloaded,
  mount_not_fetched,
  nothing_reloaded,
  nothing_reloaded_locally,
  global_reload_unverified,
  // requests to mounts
  no_route,
  no_backend,
  tainted,
  tainted_in_namespace,
  own_mounts_not_modelled,
  // databases
  no_route_to_engine,
  empty_plugin_name,
  pinned_at_configuration,
  invalid_database_version,
  incompatible_protocol,
  incompatible_protocol_lower,
  database_not_created,
  connection_not_found,
  instance_not_created,
  connection_not_reloaded,
  reloaded_so_far,
  connection_name,
  no_connections,
  unknown_role,
  plugin_shutdown,
  unlisted_catalog_for_connection_unverified,
  // leases
  credentials_not_revoked,
  lease_not_revoked,
  queued_revocation_unverified,
  leases_below_not_modelled,
  stopped_move_unverified,
  // servers, snapshots
  seal_on_standby_unverified,
  snapshot_not_modelled,
  server_not_modelled,
  newer_vault_unverified,
  newer_openbao_unverified,
  versions_unknown_unverified,
};

/// Who says it, and as what.
enum class Kind : std::uint8_t {
  error,         ///< the server, as one of its `errors` or as a part of one
  warning,       ///< the server, as one of its `warnings`
  not_modelled,  ///< the simulator: what it does not know
  unverified,    ///< the simulator: what is documented but was never seen on a server
};

/// One row of the table of messages.
struct MessageRow {
  Code code;
  Kind kind;
  /// The text. What it takes from the message: `{0}` to `{2}` its texts, `{word}`, `{why}` the first inner message,
  /// `{last}` the last, `{list}` all as Go's list of errors, `{names}` and `{count}` all but the last, `{first}` and
  /// `{second}` its numbers. Behind a colon stands what is made of a text: `q` quotes it as Go does, `e` escapes
  /// without the quotes.
  std::string_view format;
};
/// In the order of the codes.
std::span<const MessageRow> message_table();

/// The text, as the server sends it.
std::string text_of(const Message& message);
/// A list of errors, as Vault's `multierror` makes one.
Message error_list(std::vector<Message> errors);

std::vector<std::string> errors_of(const Reply& reply);        ///< as the server sends them
std::vector<std::string> warnings_of(const Reply& reply);      ///< as the server sends them
std::vector<std::string> not_modelled_in(const Reply& reply);  ///< what of the answer the simulator does not know
std::vector<std::string> unverified_in(const Reply& reply);    ///< what of it is documented but was never seen
/// Whether an error contains this part; every reply that has no error does not.
bool says(const Reply& reply, std::string_view part);

}  // namespace replug::simulator
