#include "simulator/medium/server.h"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "simulator/medium/version.h"

namespace replug::simulator {

namespace {

/// A release of a server: major, minor, patch. Prereleases count as their release: they have its features.
using Release = std::array<std::uint16_t, 3>;

constexpr Release never{std::numeric_limits<std::uint16_t>::max(), 0, 0};

constexpr Release oldest_vault{1, 11, 0};
constexpr Release oldest_openbao{2, 0, 0};
/// Releases are known by their line: 2.0.5 as 2.0.0.
constexpr Release first_unknown_vault{2, 1, 0};
constexpr Release first_unknown_openbao{2, 8, 0};
constexpr std::string_view newest_vault = "2.0";
constexpr std::string_view newest_openbao = "2.7";

Release release_of(const Server& server) { return {server.major, server.minor, server.patch}; }

/// At or after `first`, before `end`.
constexpr bool is_within(Release release, Release first, Release end) { return first <= release && release < end; }

}  // namespace

std::optional<Server> parse_server(Product product, std::string_view version) {
  const auto parsed = parse_version(version, Strictness::semver);
  if (!parsed) return {};
  if (version.starts_with('v')) version.remove_prefix(1);
  // A server prints three segments without leading zeros; where parsing padded or trimmed any, it is no server's
  // version.
  const auto fits = [](std::uint64_t segment) { return segment <= std::numeric_limits<std::uint16_t>::max(); };
  if (parsed->segments.size() != 3 || !std::all_of(parsed->segments.begin(), parsed->segments.end(), fits) ||
      std::string_view(parsed->canonical()).substr(1) != version) {
    return {};
  }
  const bool enterprise = parsed->metadata == "ent" || parsed->metadata.starts_with("ent.");
  if (enterprise && product != Product::vault) return {};
  const auto segment = [&](std::size_t index) { return static_cast<std::uint16_t>(parsed->segments[index]); };
  return Server{.product = product,
                .major = segment(0),
                .minor = segment(1),
                .patch = segment(2),
                .enterprise = enterprise,
                .text = std::string(version)};
}

std::string to_string(const Server& server) {
  if (server.product == Product::openbao) return fmt::format("OpenBao {}", server.text);
  if (!server.enterprise) return fmt::format("Vault {}", server.text);
  return fmt::format("Vault Enterprise {}", std::string_view(server.text).substr(0, server.text.find('+')));
}

namespace {

void set_vault_capabilities(Capabilities& can, const Server& server) {
  const Release release = release_of(server);
  const auto since = [release](Release first) { return release >= first; };
  can.has_plugin_versions = since({1, 12, 0});
  can.erases_builtin_versions = since({1, 12, 2});
  can.skips_broken_auth_at_unseal = since({1, 12, 3});
  can.explains_failed_handshake = since({1, 13, 0});
  can.has_containers = since({1, 15, 0});
  can.hangs_on_unreachable_plugin = !since({1, 15, 0});
  can.has_pins = since({1, 16, 0});
  can.writes_types_as_words = since({1, 16, 0});
  can.keeps_running_report_on_failure = since({1, 16, 0});
  can.has_reload_by_type = since({1, 16, 0});
  can.reload_reaches_databases = since({1, 16, 0});
  can.warns_of_reload_without_match = since({1, 16, 0});
  can.reports_running_connections = since({1, 16, 0});
  can.reload_tries_every_mount = since({2, 0, 0});
  // The repair went into three lines at once.
  can.rollback_failure_stops_disable = release < Release{1, 12, 10} || is_within(release, {1, 13, 0}, {1, 13, 6}) ||
                                       is_within(release, {1, 14, 0}, {1, 14, 2});
  can.answers_accepted_to_global = true;
  can.has_namespaces = server.enterprise;
  can.has_global_reload = server.enterprise;
  can.followers_learn_versions = server.enterprise;
  can.has_replication = server.enterprise;
}

/// OpenBao is Vault 1.14 gone its own way.
void set_openbao_capabilities(Capabilities& can, const Server& server) {
  const auto since = [release = release_of(server)](Release first) { return release >= first; };
  can.has_plugin_versions = true;
  can.erases_builtin_versions = true;
  can.skips_broken_auth_at_unseal = true;
  can.explains_failed_handshake = true;
  can.hangs_on_unreachable_plugin = true;
  can.stores_mounts_one_by_one = since({2, 1, 0});
  can.has_namespaces = since({2, 3, 0});
  can.standbys_serve_reads = since({2, 5, 0});
  can.says_malformed_in_lower_case = since({2, 5, 0});
  can.says_incompatible_in_lower_case = since({2, 5, 0});
  can.refuses_unreloadable_names = since({2, 6, 0});
  can.misplaces_tune_from_root = since({2, 6, 0});
}

constexpr auto capabilities = std::to_array<Capability>({
    // the catalog and pins
    {"has_plugin_versions", &Capabilities::has_plugin_versions,
     "Plugins have versions: the catalog keeps several of a name, a mount or connection is configured to one of them, "
     "and reports tell which one runs.",
     "1.12.0 and later", "all", "Vault PR 16688, 17167, 17277; recorded on 1.12.1"},
    {"has_containers", &Capabilities::has_containers,
     "A plugin can be registered as a container image, and what is said of a missing command or of a sha256 that is no "
     "hexadecimal number is worded for it.",
     "1.15 and later", "none", "the words recorded on 1.14.9 and 1.17.0-beta1; reference, sections 2.2 and 2.7"},
    {"has_pins", &Capabilities::has_pins,
     "A pin chooses one version of a plugin for the whole cluster, whatever mounts and connections are configured to.",
     "1.16 and later", "none", "Vault PR 24960, 25105; recorded on 1.17.0-beta1"},
    {"writes_types_as_words", &Capabilities::writes_types_as_words,
     "A catalog entry is stored with its type as a word, which older servers and OpenBao cannot read.",
     "1.16 and later (first release not verified)", "none", "recorded on 1.17.0-beta1, not on 1.15.1"},
    // mounts
    {"erases_builtin_versions", &Capabilities::erases_builtin_versions,
     "The version of a built-in is not kept as what a mount is configured to: it is blanked, at the latest when the "
     "mount table is loaded.",
     "1.12.2 and later", "all", "Vault PR 18051"},
    {"keeps_running_report_on_failure", &Capabilities::keeps_running_report_on_failure,
     "When a mount cannot be loaded, its running version and sha256 are reported as before; elsewhere the sha256 is "
     "emptied.",
     "1.16 and later", "none", "recorded on 1.17.0-beta1; not on 1.14.9, OpenBao 2.6.2"},
    {"rollback_failure_stops_disable", &Capabilities::rollback_failure_stops_disable,
     "Disabling a secrets engine whose plugin cannot be started fails and leaves the mount tainted.",
     "before 1.12.10, 1.13.0 to 1.13.5, 1.14.0 and 1.14.1", "none", "Vault PR 22235; recorded on 1.12.1"},
    {"stores_mounts_one_by_one", &Capabilities::stores_mounts_one_by_one,
     "On raft and postgresql each mount is stored by itself, so that writing one leaves what is stored of the others.",
     "none", "2.1 and later", "reference, sections 4.1 and 11.1"},
    {"misplaces_tune_from_root", &Capabilities::misplaces_tune_from_root,
     "On raft, tuning a namespace's mount from the root namespace stores it among root's mounts, and the node cannot "
     "become active again.",
     "none", "2.6 and later (first release not verified)", "recorded on OpenBao 2.6.2, not on 2.5.5"},
    {"has_namespaces", &Capabilities::has_namespaces,
     "Mounts can live in namespaces, which share the catalog and the plugin processes.", "Enterprise", "2.3 and later",
     "OpenBao 2.3 release notes; recorded on OpenBao 2.5.5 and 2.6.2; Vault Enterprise from its documentation"},
    // reload
    {"has_reload_by_type", &Capabilities::has_reload_by_type,
     "There is an endpoint that reloads the plugin of a type and name in all namespaces.", "1.16 and later", "none",
     "Vault PR 24878"},
    {"reload_reaches_databases", &Capabilities::reload_reaches_databases,
     "Reloading by plugin name reaches database connections, and a database engine can reload those of one plugin.",
     "1.16 and later", "none", "Vault PR 24472, 24512; recorded on 1.17.0-beta1, not on 1.14.9 and OpenBao 2.6.2"},
    {"warns_of_reload_without_match", &Capabilities::warns_of_reload_without_match,
     "A reload by a name that nothing uses is answered with a warning.", "1.16 and later", "none",
     "Vault PR 24512; recorded on 1.17.0-beta1"},
    {"refuses_unreloadable_names", &Capabilities::refuses_unreloadable_names,
     "A reload by a name that the catalog does not have, or has only for databases, is refused, and so is one of a "
     "singleton.",
     "none", "2.6 and later", "OpenBao PR 2398; recorded on OpenBao 2.6.2"},
    {"reload_tries_every_mount", &Capabilities::reload_tries_every_mount,
     "A reload by name goes on after a mount that failed; elsewhere the first failure ends it.",
     "2.0 and later (1.20 not verified)", "none", "Vault PR 30329, 30711, not in 1.21.4; reference, section 6.5"},
    {"has_global_reload", &Capabilities::has_global_reload,
     "A reload with scope global reaches all nodes of all clusters, and its outcome can be asked for.", "Enterprise",
     "none", "Vault's documentation; reference, section 6.1"},
    {"answers_accepted_to_global", &Capabilities::answers_accepted_to_global,
     "A reload with scope global is answered with 202 instead of 200.", "all", "none",
     "recorded on 1.12.1, 1.14.9, 1.17.0-beta1; not on OpenBao 2.0.0 and 2.6.2"},
    {"hangs_on_unreachable_plugin", &Capabilities::hangs_on_unreachable_plugin,
     "A request to a mount whose plugin could not be reached while it was loaded is never answered; elsewhere it "
     "fails.",
     "before 1.15", "all", "Vault PR 22914; recorded, reference, section 5.7"},
    // databases
    {"reports_running_connections", &Capabilities::reports_running_connections,
     "Reading a connection's configuration tells the version that runs, and starts the plugin in order to know it.",
     "1.16 and later", "none", "recorded on 1.17.0-beta1"},
    // high availability
    {"skips_broken_auth_at_unseal", &Capabilities::skips_broken_auth_at_unseal,
     "An auth method whose plugin cannot be loaded at unseal is left without a backend; elsewhere the node stays "
     "sealed.",
     "1.12.3 and later", "all", "Vault PR 18189; recorded on 1.14.9, not on 1.12.1"},
    {"standbys_serve_reads", &Capabilities::standbys_serve_reads,
     "Every standby runs plugins of its own and answers reads with them.", "none", "2.5 and later",
     "OpenBao 2.5 release notes; recorded on OpenBao 2.5.5 and 2.6.2"},
    {"followers_learn_versions", &Capabilities::followers_learn_versions,
     "A node that runs plugins beside the active one learns to which version a mount is tuned, and loads it when it is "
     "reloaded; elsewhere it keeps the old version until it loads the whole table anew.",
     "Enterprise", "none", "Vault's documentation of scope=global; OpenBao recorded on 2.6.2"},
    {"has_replication", &Capabilities::has_replication,
     "Clusters can be replicated, and performance standbys and secondaries run plugins of their own.", "Enterprise",
     "none", "Vault's documentation; reference, section 12"},
    // wording
    {"says_malformed_in_lower_case", &Capabilities::says_malformed_in_lower_case,
     "What is no version is called malformed with a small m: go-version 1.8 and later.",
     "none (2.0 not verified; 1.21.4 is built with go-version 1.7.0)", "2.5 and later", "recorded on OpenBao 2.6.2"},
    {"says_incompatible_in_lower_case", &Capabilities::says_incompatible_in_lower_case,
     "A plugin of another protocol is called incompatible with a small i: go-plugin 1.7 and later.",
     "none (2.0 not verified; 1.21.4 is built with go-plugin 1.6.3)", "2.5 and later", "recorded on OpenBao 2.6.2"},
    {"explains_failed_handshake", &Capabilities::explains_failed_handshake,
     "A plugin that ended before the handshake is explained at length, with its file's permissions and architecture: "
     "go-plugin 1.4.7 and later.",
     "1.13 and later", "all", "recorded on 1.14.9, 1.17.0-beta1, OpenBao 2.0.0 and 2.6.2; not on 1.12.1"},
});
static_assert(sizeof(Capabilities) == capabilities.size(), "a capability is missing in the table");

}  // namespace

Capabilities capabilities_of(const Server& server) {
  Capabilities can;
  if (server.product == Product::vault) {
    set_vault_capabilities(can, server);
  } else {
    set_openbao_capabilities(can, server);
  }
  return can;
}

std::span<const Capability> capability_table() { return capabilities; }

std::string_view newest_known(Product product) { return product == Product::vault ? newest_vault : newest_openbao; }

bool is_newer_than_known(const Server& server) {
  return release_of(server) >= (server.product == Product::vault ? first_unknown_vault : first_unknown_openbao);
}

bool is_too_old(const Server& server) {
  return release_of(server) < (server.product == Product::vault ? oldest_vault : oldest_openbao);
}

namespace {

/// Where a built-in's code lives, and with that which version it reports.
enum class Home : std::uint8_t {
  server,      ///< in the server's tree: the server's version
  module,      ///< in a Go module named after type and name: that module's version
  enterprise,  ///< only in Vault Enterprise, whose sources are not public
};

struct Builtin {
  std::string_view type;
  std::string_view name;
  Home home = Home::server;
  Release first = {};
  Release end = never;  ///< the first release without it
};

// The names are those of helper/builtinplugins/registry.go (and registry_full.go, read at 1.21.4) of hashicorp/vault.
// What was removed keeps a stub there that refuses to be mounted: for us it is gone. What came and went, by the
// changelog: app-id and the standalone database engines (PR 18039), centrify (PR 27130), Redis and ElastiCache, secret
// ldap (PR 17152), secret kubernetes (1.11). Enterprise: the changelog and the documentation.
constexpr auto vault_builtins = std::to_array<Builtin>({
    {"auth", "alicloud", Home::module},
    {"auth", "app-id", Home::server, {}, {1, 13, 0}},
    {"auth", "approle"},
    {"auth", "aws"},
    {"auth", "azure", Home::module},
    {"auth", "centrify", Home::module, {}, {1, 17, 0}},
    {"auth", "cert"},
    {"auth", "cf", Home::module},
    {"auth", "gcp", Home::module},
    {"auth", "github"},
    {"auth", "jwt", Home::module},
    {"auth", "kerberos", Home::module},
    {"auth", "kubernetes", Home::module},
    {"auth", "ldap"},
    {"auth", "oci", Home::module},
    // Second names of jwt and cf. No module is named so: they report the server's version.
    {"auth", "oidc"},
    {"auth", "okta"},
    {"auth", "pcf"},
    {"auth", "radius"},
    {"auth", "saml", Home::enterprise, {1, 15, 0}},
    {"auth", "scep", Home::enterprise, {1, 20, 0}},
    {"auth", "spiffe", Home::enterprise, {1, 21, 0}},
    {"auth", "userpass"},
    {"database", "cassandra-database-plugin"},
    {"database", "couchbase-database-plugin", Home::module},
    {"database", "elasticsearch-database-plugin", Home::module},
    {"database", "hana-database-plugin"},
    {"database", "influxdb-database-plugin"},
    {"database", "mongodb-database-plugin"},
    {"database", "mongodbatlas-database-plugin", Home::module},
    {"database", "mssql-database-plugin"},
    {"database", "mysql-aurora-database-plugin"},
    {"database", "mysql-database-plugin"},
    {"database", "mysql-legacy-database-plugin"},
    {"database", "mysql-rds-database-plugin"},
    {"database", "postgresql-database-plugin"},
    {"database", "redis-database-plugin", Home::module, {1, 12, 0}},
    {"database", "redis-elasticache-database-plugin", Home::module, {1, 12, 0}},
    {"database", "redshift-database-plugin"},
    {"database", "snowflake-database-plugin", Home::module},
    {"secret", "ad", Home::module},
    {"secret", "alicloud", Home::module},
    {"secret", "aws"},
    {"secret", "azure", Home::module},
    {"secret", "cassandra", Home::server, {}, {1, 13, 0}},
    {"secret", "consul"},
    {"secret", "gcp", Home::module},
    {"secret", "gcpkms", Home::module},
    {"secret", "keymgmt", Home::enterprise},
    {"secret", "kmip", Home::enterprise},
    {"secret", "kubernetes", Home::module},
    {"secret", "kv", Home::module},
    // The second name of openldap, with the server's version like oidc above.
    {"secret", "ldap", Home::server, {1, 12, 0}},
    {"secret", "mongodb", Home::server, {}, {1, 13, 0}},
    {"secret", "mongodbatlas", Home::module},
    {"secret", "mssql", Home::server, {}, {1, 13, 0}},
    {"secret", "mysql", Home::server, {}, {1, 13, 0}},
    {"secret", "nomad"},
    {"secret", "openldap", Home::module},
    {"secret", "pki"},
    {"secret", "postgresql", Home::server, {}, {1, 13, 0}},
    {"secret", "rabbitmq"},
    {"secret", "ssh"},
    {"secret", "terraform", Home::module},
    {"secret", "totp"},
    {"secret", "transform", Home::enterprise},
    {"secret", "transit"},
});

// helper/builtinplugins/registry.go of openbao/openbao (from 2.6 on below internal/). Valkey, with its second name
// redis: 2.3 release notes. What left the binary in 2.7: PR 3882; openldap is the same engine as ldap.
constexpr auto openbao_builtins = std::to_array<Builtin>({
    {"auth", "approle"},
    {"auth", "cert"},
    {"auth", "jwt"},
    {"auth", "kerberos", Home::server, {}, {2, 7, 0}},
    {"auth", "kubernetes"},
    {"auth", "ldap", Home::server, {}, {2, 7, 0}},
    {"auth", "oidc"},
    {"auth", "radius", Home::server, {}, {2, 7, 0}},
    {"auth", "userpass"},
    {"database", "cassandra-database-plugin"},
    {"database", "influxdb-database-plugin"},
    {"database", "mysql-aurora-database-plugin"},
    {"database", "mysql-database-plugin"},
    {"database", "mysql-legacy-database-plugin"},
    {"database", "mysql-rds-database-plugin"},
    {"database", "postgresql-database-plugin"},
    {"database", "redis-database-plugin", Home::server, {2, 3, 0}},
    {"database", "valkey-database-plugin", Home::server, {2, 3, 0}},
    {"secret", "kubernetes"},
    {"secret", "kv"},
    {"secret", "ldap", Home::server, {}, {2, 7, 0}},
    {"secret", "openldap", Home::server, {}, {2, 7, 0}},
    {"secret", "pki"},
    {"secret", "rabbitmq"},
    {"secret", "ssh"},
    {"secret", "totp"},
    {"secret", "transit"},
});

std::span<const Builtin> builtins_of(Product product) {
  if (product == Product::vault) return vault_builtins;
  return openbao_builtins;
}

/// The module of a database plugin is named without this.
std::string_view without_database_suffix(std::string_view name) {
  constexpr std::string_view suffix = "-database-plugin";
  if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  return name;
}

bool has_builtin(const Server& server, const Builtin& builtin) {
  return is_within(release_of(server), builtin.first, builtin.end) &&
         (builtin.home != Home::enterprise || server.enterprise);
}

/// The releases of Vault, from `first` to `last`, that are built with one version of the kv module.
struct KvModule {
  Release first, last;
  std::string_view prerelease;
  std::string_view version;
};

// Only what is known: 1.12.1, 1.14.9 and 1.17.0-beta1 were recorded; from 1.15 on Vault's changelog tells the version
// each line begins with, and of no other in a patch release (1.15.1 was recorded, too, and 1.21.4's go.mod was read).
constexpr auto kv_modules = std::to_array<KvModule>({
    {{1, 12, 1}, {1, 12, 1}, "", "v0.13.3"},
    {{1, 14, 9}, {1, 14, 9}, "", "v0.15.0"},
    {{1, 15, 0}, {1, 15, 6}, "", "v0.16.1"},
    {{1, 16, 0}, {1, 16, 3}, "", "v0.17.0"},
    {{1, 17, 0}, {1, 17, 0}, "beta1", "v0.17.0"},
    {{1, 17, 0}, {1, 17, 6}, "", "v0.19.0"},
    {{1, 18, 0}, {1, 18, 5}, "", "v0.20.0"},
    {{1, 19, 0}, {1, 19, 5}, "", "v0.21.0"},
    {{1, 20, 0}, {1, 20, 4}, "", "v0.24.0"},
    {{1, 21, 0}, {1, 21, 4}, "", "v0.25.0"},
});

/// What a plugin with a module of its own reports.
std::optional<std::string> module_version(const Server& server, const Builtin& builtin) {
  // Enterprise is built from a list of modules that is not public (its azure engine has been another one since 1.21.1).
  if (server.enterprise || builtin.type != "secret" || builtin.name != "kv") return {};
  const auto parsed = parse_version(server.text, Strictness::semver);
  const std::string_view prerelease = parsed ? std::string_view(parsed->prerelease) : std::string_view();
  const Release release = release_of(server);
  for (const KvModule& module : kv_modules) {
    if (module.first <= release && release <= module.last && module.prerelease == prerelease) {
      return fmt::format("{}+builtin", module.version);
    }
  }
  return {};
}

}  // namespace

std::optional<std::string> builtin_version(const Server& server, std::string_view type, std::string_view name) {
  if (!capabilities_of(server).has_plugin_versions) return {};
  if (server.product == Product::openbao) {
    return fmt::format("v{}.{}.{}+builtin.bao", server.major, server.minor, server.patch);
  }
  for (const Builtin& builtin : vault_builtins) {
    if (builtin.home != Home::server && builtin.type == type && has_builtin(server, builtin) &&
        without_database_suffix(builtin.name) == (type == "database" ? without_database_suffix(name) : name)) {
      return module_version(server, builtin);
    }
  }
  return fmt::format("v{}.{}.{}+builtin.vault", server.major, server.minor, server.patch);
}

bool is_builtin(const Server& server, std::string_view type, std::string_view name) {
  const auto builtins = builtins_of(server.product);
  return std::any_of(builtins.begin(), builtins.end(), [&](const Builtin& builtin) {
    return builtin.type == type && builtin.name == name && has_builtin(server, builtin);
  });
}

bool is_ever_builtin(std::string_view type, std::string_view name) {
  return std::ranges::any_of(std::array{Product::vault, Product::openbao}, [&](Product product) {
    return std::ranges::any_of(builtins_of(product),
                               [&](const Builtin& builtin) { return builtin.type == type && builtin.name == name; });
  });
}

bool is_core(std::string_view type, std::string_view name) {
  // vault/core.go and command/commands.go of hashicorp/vault. generic is an old name of kv; ns_* are the namespaces'
  // own.
  constexpr auto secrets =
      std::to_array<std::string_view>({"cubbyhole", "database", "generic", "identity", "kv", "ns_cubbyhole",
                                       "ns_identity", "ns_system", "plugin", "system"});
  constexpr auto auths = std::to_array<std::string_view>({"ns_token", "plugin", "token"});
  const auto contains = [name](const auto& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  return (type == "secret" && contains(secrets)) || (type == "auth" && contains(auths));
}

}  // namespace replug::simulator
