#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace replug::simulator {

enum class Product : std::uint8_t { vault, openbao };

/// A server release: product, version as the server prints it, Vault Enterprise or not.
struct Server {
  Product product = Product::vault;
  std::uint16_t major = 0, minor = 0, patch = 0;
  bool enterprise = false;
  std::string text;  ///< as written, without a leading v: `1.17.0-beta1`, `1.16.3+ent`

  friend bool operator==(const Server&, const Server&) = default;
};

/// Parses `1.16.3`, `v1.16.3+ent`, `1.17.0-beta1`; nothing if it is no version of a server.
std::optional<Server> parse_server(Product product, std::string_view version);
/// `Vault 1.16.3`, `Vault Enterprise 1.16.3`, `OpenBao 2.6.2`.
std::string to_string(const Server& server);

/// What a server release does, by name. The only place where versions of servers are compared is `capabilities_of`;
/// every member is explained, with the releases that have it, in `capability_table()`.
struct Capabilities {
  // the catalog and pins
  bool has_plugin_versions = false;
  bool has_containers = false;
  bool has_pins = false;
  bool writes_types_as_words = false;
  // mounts
  bool erases_builtin_versions = false;
  bool keeps_running_report_on_failure = false;
  bool rollback_failure_stops_disable = false;
  bool stores_mounts_one_by_one = false;
  bool misplaces_tune_from_root = false;
  bool has_namespaces = false;
  // reload
  bool has_reload_by_type = false;
  bool reload_reaches_databases = false;
  bool warns_of_reload_without_match = false;
  bool refuses_unreloadable_names = false;
  bool reload_tries_every_mount = false;
  bool has_global_reload = false;
  bool answers_accepted_to_global = false;
  bool hangs_on_unreachable_plugin = false;
  // databases
  bool reports_running_connections = false;
  // high availability
  bool skips_broken_auth_at_unseal = false;
  bool standbys_serve_reads = false;
  bool followers_learn_versions = false;
  bool has_replication = false;
  // wording
  bool says_malformed_in_lower_case = false;
  bool says_incompatible_in_lower_case = false;
  bool explains_failed_handshake = false;

  friend bool operator==(const Capabilities&, const Capabilities&) = default;
};

Capabilities capabilities_of(const Server& server);

/// One row of the table of capabilities: for people, and checked by a test against `capabilities_of`.
struct Capability {
  std::string_view name;
  bool Capabilities::*member;
  std::string_view sentence;
  std::string_view vault;  ///< the releases that have it, in words
  std::string_view openbao;
  std::string_view source;  ///< recorded, or where it is documented
};
std::span<const Capability> capability_table();

/// The newest release of the product whose behaviour is known; newer ones are simulated as this one.
std::string_view newest_known(Product product);
bool is_newer_than_known(const Server& server);
/// The oldest release that can be simulated.
bool is_too_old(const Server& server);

/// The version a built-in plugin reports on that server: `v1.14.9+builtin.vault`; nothing where it is not known.
/// Servers derive it from the name alone, and compare with it what an operator asks for, so names that no server brings
/// with it have one too: `is_builtin` says which there are.
std::optional<std::string> builtin_version(const Server& server, std::string_view type, std::string_view name);
/// Whether that server's catalog offers the plugin without anybody registering it.
bool is_builtin(const Server& server, std::string_view type, std::string_view name);
/// Whether any release of either product brings the plugin with it.
bool is_ever_builtin(std::string_view type, std::string_view name);
/// Compiled into the server's core: always that code runs, whatever the catalog says (kv, database, token, …).
bool is_core(std::string_view type, std::string_view name);

}  // namespace replug::simulator
