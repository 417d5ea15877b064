#include "simulator/medium/server.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace replug::simulator {
namespace {

Server server(Product product, std::string_view version) {
  const auto parsed = parse_server(product, version);
  if (!parsed) ADD_FAILURE() << version << " is no version of a server";
  return parsed.value_or(Server{});
}

Server vault(std::string_view version) { return server(Product::vault, version); }
Server openbao(std::string_view version) { return server(Product::openbao, version); }

TEST(Server, AVersionIsReadAsTheServerPrintsIt) {
  struct Case {
    std::string_view version;
    std::uint16_t major, minor, patch;
    bool enterprise;
    std::string_view text;
  };
  const Case cases[] = {
      {"1.16.3", 1, 16, 3, false, "1.16.3"},
      {"v1.16.3", 1, 16, 3, false, "1.16.3"},
      {"1.16.3+ent", 1, 16, 3, true, "1.16.3+ent"},
      {"v1.16.3+ent.hsm.fips1402", 1, 16, 3, true, "1.16.3+ent.hsm.fips1402"},
      {"1.17.0-beta1", 1, 17, 0, false, "1.17.0-beta1"},
      {"1.12.0-rc1+ent", 1, 12, 0, true, "1.12.0-rc1+ent"},
      {"1.15.0+entirely", 1, 15, 0, false, "1.15.0+entirely"},
  };
  for (const Case& expected : cases) {
    const Server read = vault(expected.version);
    EXPECT_EQ(read.product, Product::vault);
    EXPECT_EQ(read.major, expected.major) << expected.version;
    EXPECT_EQ(read.minor, expected.minor) << expected.version;
    EXPECT_EQ(read.patch, expected.patch) << expected.version;
    EXPECT_EQ(read.enterprise, expected.enterprise) << expected.version;
    EXPECT_EQ(read.text, expected.text);
  }
  EXPECT_EQ(vault("v1.16.3"), vault("1.16.3"));
}

TEST(Server, WhatNoServerPrintsIsNoVersionOfOne) {
  for (const std::string_view text : {"", "1", "1.16", "1.16.3.0", "01.16.3", "1.16.03", "vv1.16.3", "1.16.x", "latest",
                                      "1.16.3 ", "1.65536.0", "1.16.99999999999999999999", "1.16.3+"}) {
    EXPECT_EQ(parse_server(Product::vault, text), std::nullopt) << text;
    EXPECT_EQ(parse_server(Product::openbao, text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_server(Product::openbao, "2.3.0+ent"), std::nullopt) << "there is no OpenBao Enterprise";
}

TEST(Server, IsNamedAsPeopleNameIt) {
  EXPECT_EQ(to_string(vault("v1.16.3")), "Vault 1.16.3");
  EXPECT_EQ(to_string(vault("1.17.0-beta1")), "Vault 1.17.0-beta1");
  EXPECT_EQ(to_string(vault("1.16.3+ent")), "Vault Enterprise 1.16.3");
  EXPECT_EQ(to_string(openbao("2.6.2")), "OpenBao 2.6.2");
}

/// The first release of a line that has a capability; or those around each change.
struct Boundaries {
  std::string_view name;
  bool Capabilities::*member;
  std::vector<std::string_view> vault_with, vault_without;
  std::vector<std::string_view> openbao_with, openbao_without;
};

/// The oldest, the newest and every recorded release.
const std::vector<std::string_view> all_vaults = {"1.11.0",       "1.12.1", "1.14.9",     "1.15.1",
                                                  "1.17.0-beta1", "2.0.0",  "1.11.0+ent", "2.0.0+ent"};
const std::vector<std::string_view> all_openbaos = {"2.0.0", "2.5.5", "2.6.2", "2.7.0"};
const std::vector<std::string_view> since_1_16 = {"1.16.0",       "1.16.0-rc1", "1.16.3+ent",
                                                  "1.17.0-beta1", "1.21.4",     "2.0.0"};
const std::vector<std::string_view> before_1_16 = {"1.11.0", "1.12.1", "1.14.9", "1.15.1", "1.15.16+ent"};
const std::vector<std::string_view> enterprises = {"1.11.0+ent", "1.16.3+ent.hsm", "2.0.0+ent"};
const std::vector<std::string_view> communities = {"1.11.0", "1.16.3", "2.0.0"};

const Boundaries table[] = {
    {"has_plugin_versions",
     &Capabilities::has_plugin_versions,
     {"1.12.0", "1.12.0-rc1", "2.0.0"},
     {"1.11.0", "1.11.12"},
     all_openbaos,
     {}},
    {"has_containers",
     &Capabilities::has_containers,
     {"1.15.0", "1.15.0-rc1", "1.15.1", "2.0.0"},
     {"1.11.0", "1.14.13"},
     {},
     all_openbaos},
    {"has_pins", &Capabilities::has_pins, since_1_16, before_1_16, {}, all_openbaos},
    {"writes_types_as_words", &Capabilities::writes_types_as_words, since_1_16, before_1_16, {}, all_openbaos},
    {"erases_builtin_versions",
     &Capabilities::erases_builtin_versions,
     {"1.12.2", "1.13.0"},
     {"1.11.0", "1.12.0", "1.12.1"},
     all_openbaos,
     {}},
    {"keeps_running_report_on_failure",
     &Capabilities::keeps_running_report_on_failure,
     since_1_16,
     before_1_16,
     {},
     all_openbaos},
    {"rollback_failure_stops_disable",
     &Capabilities::rollback_failure_stops_disable,
     {"1.11.0", "1.12.1", "1.12.9", "1.13.0", "1.13.5", "1.14.0", "1.14.1"},
     {"1.12.10", "1.12.11", "1.13.6", "1.13.13", "1.14.2", "1.14.9", "1.15.0", "2.0.0"},
     {},
     all_openbaos},
    {"stores_mounts_one_by_one",
     &Capabilities::stores_mounts_one_by_one,
     {},
     all_vaults,
     {"2.1.0", "2.6.2"},
     {"2.0.0", "2.0.3"}},
    {"misplaces_tune_from_root",
     &Capabilities::misplaces_tune_from_root,
     {},
     all_vaults,
     {"2.6.0", "2.6.2", "2.7.0"},
     {"2.0.0", "2.5.5"}},
    {"has_namespaces", &Capabilities::has_namespaces, enterprises, communities, {"2.3.0", "2.6.2"}, {"2.0.0", "2.2.2"}},
    {"has_reload_by_type", &Capabilities::has_reload_by_type, since_1_16, before_1_16, {}, all_openbaos},
    {"reload_reaches_databases", &Capabilities::reload_reaches_databases, since_1_16, before_1_16, {}, all_openbaos},
    {"warns_of_reload_without_match",
     &Capabilities::warns_of_reload_without_match,
     since_1_16,
     before_1_16,
     {},
     all_openbaos},
    {"refuses_unreloadable_names",
     &Capabilities::refuses_unreloadable_names,
     {},
     all_vaults,
     {"2.6.0", "2.6.2", "2.7.0"},
     {"2.0.0", "2.5.5"}},
    {"reload_tries_every_mount",
     &Capabilities::reload_tries_every_mount,
     {"2.0.0", "2.0.0-rc1"},
     {"1.11.0", "1.17.0", "1.21.4"},
     {},
     all_openbaos},
    {"has_global_reload", &Capabilities::has_global_reload, enterprises, communities, {}, all_openbaos},
    {"answers_accepted_to_global", &Capabilities::answers_accepted_to_global, all_vaults, {}, {}, all_openbaos},
    {"hangs_on_unreachable_plugin",
     &Capabilities::hangs_on_unreachable_plugin,
     {"1.11.0", "1.12.1", "1.14.13"},
     {"1.15.0", "1.15.1", "2.0.0"},
     all_openbaos,
     {}},
    {"reports_running_connections",
     &Capabilities::reports_running_connections,
     since_1_16,
     before_1_16,
     {},
     all_openbaos},
    {"skips_broken_auth_at_unseal",
     &Capabilities::skips_broken_auth_at_unseal,
     {"1.12.3", "1.13.0", "2.0.0"},
     {"1.11.0", "1.12.0", "1.12.2"},
     all_openbaos,
     {}},
    {"standbys_serve_reads",
     &Capabilities::standbys_serve_reads,
     {},
     all_vaults,
     {"2.5.0", "2.6.2"},
     {"2.0.0", "2.4.4"}},
    {"followers_learn_versions", &Capabilities::followers_learn_versions, enterprises, communities, {}, all_openbaos},
    {"has_replication", &Capabilities::has_replication, enterprises, communities, {}, all_openbaos},
    {"says_malformed_in_lower_case",
     &Capabilities::says_malformed_in_lower_case,
     {},
     all_vaults,
     {"2.5.0", "2.6.2"},
     {"2.0.0", "2.4.4"}},
    {"says_incompatible_in_lower_case",
     &Capabilities::says_incompatible_in_lower_case,
     {},
     all_vaults,
     {"2.5.0", "2.6.2"},
     {"2.0.0", "2.4.4"}},
    {"explains_failed_handshake",
     &Capabilities::explains_failed_handshake,
     {"1.13.0", "1.14.9", "1.17.0-beta1"},
     {"1.11.0", "1.12.1", "1.12.11"},
     all_openbaos,
     {}},
};

void expect_capability(const Boundaries& row, Product product, const std::vector<std::string_view>& versions,
                       bool has) {
  for (const std::string_view version : versions) {
    const Server tested = server(product, version);
    EXPECT_EQ(capabilities_of(tested).*row.member, has) << row.name << " of " << to_string(tested);
  }
}

TEST(Capabilities, EachBeginsAndEndsAtTheReleasesTheTableSays) {
  ASSERT_EQ(capability_table().size(), std::size(table));
  for (std::size_t index = 0; index < std::size(table); ++index) {
    const Boundaries& row = table[index];
    EXPECT_EQ(capability_table()[index].name, row.name);
    EXPECT_EQ(capability_table()[index].member, row.member) << row.name;
    expect_capability(row, Product::vault, row.vault_with, true);
    expect_capability(row, Product::vault, row.vault_without, false);
    expect_capability(row, Product::openbao, row.openbao_with, true);
    expect_capability(row, Product::openbao, row.openbao_without, false);
  }
}

TEST(Capabilities, EachIsExplainedWithItsReleasesAndASource) {
  std::set<std::string_view> names;
  for (const Capability& row : capability_table()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name << " is there twice";
    EXPECT_TRUE(row.sentence.ends_with('.')) << row.name;
    EXPECT_FALSE(row.vault.empty()) << row.name;
    EXPECT_FALSE(row.openbao.empty()) << row.name;
    EXPECT_FALSE(row.source.empty()) << row.name;
  }
}

TEST(Capabilities, WordsForAllAndNoneAgreeWithTheReleases) {
  const auto expect_words = [](std::string_view words, const Boundaries& row, const std::vector<std::string_view>& with,
                               const std::vector<std::string_view>& without) {
    EXPECT_EQ(words == "all", without.empty()) << row.name;
    EXPECT_EQ(words.starts_with("none"), with.empty()) << row.name;
    // "1.16 and later", "2.3 and later": the first release that has it is named.
    if (words.find("and later") != std::string_view::npos) {
      const std::string_view first = words.substr(0, words.find(' '));
      EXPECT_TRUE(std::any_of(with.begin(), with.end(), [&](std::string_view version) {
        return version.starts_with(first);
      })) << row.name;
    }
  };
  for (std::size_t index = 0; index < std::size(table); ++index) {
    expect_words(capability_table()[index].vault, table[index], table[index].vault_with, table[index].vault_without);
    expect_words(capability_table()[index].openbao, table[index], table[index].openbao_with,
                 table[index].openbao_without);
  }
}

TEST(Server, OlderThanVault111OrOpenBao20CannotBeSimulated) {
  EXPECT_TRUE(is_too_old(vault("1.10.11")));
  EXPECT_FALSE(is_too_old(vault("1.11.0")));
  EXPECT_FALSE(is_too_old(vault("1.11.0-rc1")));
  EXPECT_TRUE(is_too_old(openbao("1.14.9")));
  EXPECT_FALSE(is_too_old(openbao("2.0.0-beta20240618")));
}

TEST(Server, NewerThanVault20OrOpenBao27IsNotKnown) {
  EXPECT_EQ(newest_known(Product::vault), "2.0");
  EXPECT_EQ(newest_known(Product::openbao), "2.7");
  EXPECT_FALSE(is_newer_than_known(vault("1.21.4")));
  EXPECT_FALSE(is_newer_than_known(vault("2.0.7+ent")));
  EXPECT_TRUE(is_newer_than_known(vault("2.1.0")));
  EXPECT_FALSE(is_newer_than_known(openbao("2.7.3")));
  EXPECT_TRUE(is_newer_than_known(openbao("2.8.0")));
  EXPECT_EQ(capabilities_of(vault("2.9.1")), capabilities_of(vault("2.0.0"))) << "it is simulated as the newest known";
  EXPECT_EQ(capabilities_of(openbao("3.0.0")), capabilities_of(openbao("2.7.0")));
}

struct BuiltinVersion {
  Product product;
  std::string_view server, type, name, version;
};

constexpr BuiltinVersion builtin_versions[] = {
    // recorded
    {Product::vault, "1.12.1", "secret", "transit", "v1.12.1+builtin.vault"},
    {Product::vault, "1.14.9", "secret", "database", "v1.14.9+builtin.vault"},
    {Product::vault, "1.17.0-beta1", "secret", "transit", "v1.17.0+builtin.vault"},
    {Product::vault, "1.12.1", "secret", "kv", "v0.13.3+builtin"},
    {Product::vault, "1.14.9", "secret", "kv", "v0.15.0+builtin"},
    {Product::vault, "1.15.1", "secret", "kv", "v0.16.1+builtin"},
    {Product::vault, "1.17.0-beta1", "secret", "kv", "v0.17.0+builtin"},
    {Product::openbao, "2.0.0", "secret", "kv", "v2.0.0+builtin.bao"},
    {Product::openbao, "2.6.2", "secret", "transit", "v2.6.2+builtin.bao"},
    // the changelog, go.mod
    {Product::vault, "1.17.0", "secret", "kv", "v0.19.0+builtin"},
    {Product::vault, "1.21.4", "secret", "kv", "v0.25.0+builtin"},
    // second names are no modules
    {Product::vault, "1.16.3", "auth", "oidc", "v1.16.3+builtin.vault"},
    {Product::vault, "1.16.3", "auth", "pcf", "v1.16.3+builtin.vault"},
    {Product::vault, "1.16.3", "secret", "ldap", "v1.16.3+builtin.vault"},
    // Enterprise says the same of what lies in the server's tree
    {Product::vault, "1.16.3+ent", "auth", "approle", "v1.16.3+builtin.vault"},
    {Product::vault, "1.16.3", "database", "postgresql-database-plugin", "v1.16.3+builtin.vault"},
    {Product::openbao, "2.5.0", "database", "valkey-database-plugin", "v2.5.0+builtin.bao"},
    // derived from the name alone
    {Product::vault, "1.16.3", "secret", "my-secret-plugin", "v1.16.3+builtin.vault"},
    {Product::vault, "1.16.3", "auth", "saml", "v1.16.3+builtin.vault"},
    {Product::vault, "1.17.0", "auth", "centrify", "v1.17.0+builtin.vault"},
};

TEST(Builtins, ReportTheServersVersionOrThatOfTheirModule) {
  for (const BuiltinVersion& expected : builtin_versions) {
    const Server tested = server(expected.product, expected.server);
    EXPECT_EQ(builtin_version(tested, expected.type, expected.name), expected.version)
        << expected.name << " on " << to_string(tested);
  }
}

TEST(Builtins, ReportNothingWhereItIsNotKnown) {
  EXPECT_EQ(builtin_version(vault("1.11.0"), "secret", "transit"), std::nullopt) << "no versions yet";
  EXPECT_EQ(builtin_version(vault("1.13.0"), "secret", "kv"), std::nullopt);
  EXPECT_EQ(builtin_version(vault("1.17.0-rc1"), "secret", "kv"), std::nullopt) << "neither the beta nor the release";
  EXPECT_EQ(builtin_version(vault("1.16.0+ent"), "secret", "kv"), std::nullopt);
  EXPECT_EQ(builtin_version(vault("1.15.1"), "auth", "jwt"), std::nullopt);
  EXPECT_EQ(builtin_version(vault("1.15.1"), "database", "redis-database-plugin"), std::nullopt);
  EXPECT_EQ(builtin_version(vault("1.15.1"), "database", "redis"), std::nullopt) << "the same module";
  EXPECT_EQ(builtin_version(vault("1.15.1+ent"), "auth", "saml"), std::nullopt);
}

struct Presence {
  std::string_view type, name;
  Product product;
  std::string_view with, without;  ///< releases; may be empty
};

constexpr Presence presences[] = {
    {"auth", "app-id", Product::vault, "1.12.11", "1.13.0"},
    {"secret", "mysql", Product::vault, "1.12.0", "1.13.0"},
    {"secret", "postgresql", Product::vault, "1.11.0", "1.14.9"},
    {"auth", "centrify", Product::vault, "1.16.3", "1.17.0"},
    {"secret", "ldap", Product::vault, "1.12.0", "1.11.12"},
    {"database", "redis-database-plugin", Product::vault, "1.12.0", "1.11.0"},
    {"secret", "kubernetes", Product::vault, "1.11.0", ""},
    {"secret", "ad", Product::vault, "2.0.0", ""},
    {"secret", "transform", Product::vault, "1.16.3+ent", "1.16.3"},
    {"auth", "saml", Product::vault, "1.15.0+ent", "1.14.9+ent"},
    {"auth", "ldap", Product::vault, "2.0.0", ""},
    {"secret", "aws", Product::vault, "1.14.9", ""},
    {"secret", "aws", Product::openbao, "", "2.0.0"},
    {"auth", "github", Product::openbao, "", "2.0.0"},
    {"database", "mongodb-database-plugin", Product::openbao, "", "2.6.2"},
    {"database", "valkey-database-plugin", Product::openbao, "2.3.1", "2.2.0"},
    {"auth", "kerberos", Product::openbao, "2.6.2", "2.7.0"},
    {"auth", "ldap", Product::openbao, "2.6.2", "2.7.0"},
    {"auth", "radius", Product::openbao, "2.6.2", "2.7.0"},
    {"secret", "ldap", Product::openbao, "2.6.2", "2.7.0"},
    {"secret", "transit", Product::openbao, "2.7.0", ""},
    {"secret", "kv", Product::openbao, "2.0.0", ""},
};

void expect_presence(const Presence& row, std::string_view version, bool present) {
  if (version.empty()) return;
  const Server tested = server(row.product, version);
  EXPECT_EQ(is_builtin(tested, row.type, row.name), present) << row.name << " on " << to_string(tested);
}

TEST(Builtins, ComeAndGoWithReleases) {
  for (const Presence& row : presences) {
    expect_presence(row, row.with, true);
    expect_presence(row, row.without, false);
  }
}

TEST(Builtins, AreTypedAndDatabaseIsNoneOfTheCatalogs) {
  const Server server = vault("1.16.3");
  EXPECT_TRUE(is_builtin(server, "auth", "aws"));
  EXPECT_TRUE(is_builtin(server, "secret", "aws"));
  EXPECT_FALSE(is_builtin(server, "auth", "transit"));
  EXPECT_FALSE(is_builtin(server, "database", "kv"));
  EXPECT_FALSE(is_builtin(server, "secrets", "transit")) << "the type is called secret";
  EXPECT_FALSE(is_builtin(server, "secret", "database")) << "recorded: not in the catalog";
  EXPECT_FALSE(is_builtin(server, "secret", "my-secret-plugin"));
}

TEST(Builtins, OfTheCoreRunWhateverTheCatalogSays) {
  for (const std::string_view name : {"kv", "generic", "database", "plugin", "system", "identity", "cubbyhole",
                                      "ns_system", "ns_identity", "ns_cubbyhole"}) {
    EXPECT_TRUE(is_core("secret", name)) << name;
  }
  EXPECT_TRUE(is_core("auth", "token"));
  EXPECT_TRUE(is_core("auth", "ns_token"));
  EXPECT_FALSE(is_core("secret", "token"));
  EXPECT_FALSE(is_core("auth", "kv"));
  EXPECT_FALSE(is_core("database", "kv"));
  EXPECT_FALSE(is_core("secret", "transit"));
}

}  // namespace
}  // namespace replug::simulator
