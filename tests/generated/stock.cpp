#include "tests/generated/stock.h"

#include <algorithm>

#include <fmt/format.h>

#include "simulator/medium/server.h"
#include "tests/generated/generator.h"

namespace replug::generated {
namespace {

using Words = std::span<const std::string_view>;

// Both sides of every change that simulator/medium/server.cpp tells of, and releases that are newer than what is known.
constexpr auto releases = std::to_array<std::string_view>({
    "vault 1.11.0",     "vault 1.12.0",       "vault 1.12.1",     "vault 1.12.2",     "vault 1.12.3",
    "vault 1.12.10",    "vault 1.13.0",       "vault 1.13.6",     "vault 1.14.0",     "vault 1.14.2",
    "vault 1.14.9",     "vault 1.15.0",       "vault 1.15.1",     "vault 1.16.0",     "vault 1.16.3",
    "vault 1.17.0",     "vault 1.17.0-beta1", "vault 1.18.2",     "vault 1.19.5",     "vault 1.20.4",
    "vault 1.21.4",     "vault 2.0.0",        "vault 2.1.0",      "vault 1.11.0+ent", "vault 1.12.1+ent",
    "vault 1.14.9+ent", "vault 1.15.0+ent",   "vault 1.16.3+ent", "vault 1.17.0+ent", "vault 1.21.4+ent",
    "vault 2.0.0+ent",  "openbao 2.0.0",      "openbao 2.1.0",    "openbao 2.2.0",    "openbao 2.3.0",
    "openbao 2.4.1",    "openbao 2.5.0",      "openbao 2.5.5",    "openbao 2.6.0",    "openbao 2.6.2",
    "openbao 2.7.0",    "openbao 2.8.0",
});

constexpr auto all_builds = std::to_array<Build>({
    {"secret", "toy", "v1.0.0", '0'},
    {"secret", "toy", "v1.0.1", '1'},
    {"secret", "toy", "v2.0.0-rc1", '2'},
    {"auth", "toyauth", "v1.0.0", '3'},
    {"auth", "toyauth", "v1.0.1", '4'},
    {"auth", "toyauth", "v1.1.0", '5'},
    {"database", "toydb", "v1.0.0", '6'},
    {"database", "toydb", "v1.0.1", '7'},
    {"database", "toydb", "v3.0.0", '8'},
});

constexpr auto names = std::to_array<std::string_view>({"toy", "toyauth", "toydb"});
constexpr auto other_names = std::to_array<std::string_view>({
    "kv",
    "transit",
    "database",
    "userpass",
    "approle",
    "postgresql-database-plugin",
    "mysql-database-plugin",
    "system",
    "identity",
    "cubbyhole",
    "token",
    "ns_system",
    "plugin",
    "nothing",
    "a/b",
    "..",
    "TOY",
});
constexpr auto types = std::to_array<std::string_view>({"secret", "auth", "database"});
constexpr auto odd_versions = std::to_array<std::string_view>({
    "1.0.0",
    "1.0",
    "v1",
    "v1.0.0+ent",
    "v1.0.0+other",
    "v1.0.0-alpha",
    "v1.0.0-alpha.beta",
    "v1.0.0-alpha.1",
    "v1.0.0.0",
    "v1.0.0-1",
    "v1.0.0-01",
    "v1.0.0rc1",
    "x",
    "latest",
    "v1.0.0+builtin",
    "v1.14.9+builtin.vault",
    "v0.15.0+builtin",
    "v2.6.2+builtin.bao",
    "v99999999999999999999.0.0",
    " v1.0.0",
    "v1.0.0-",
});
constexpr auto odd_sha256 = std::to_array<std::string_view>({"a0", "5b6d", "no hexadecimal", "A0B1", "abc"});
constexpr auto odd_files = std::to_array<std::string_view>(
    {"toy", "toyauth", "toydb", "missing", "sub/toy", "../toy", "toy-v1.0.0 -v", "with space"});
constexpr auto secret_paths =
    std::to_array<std::string_view>({"a/", "b/", "a/b/", "a/b/c/", "toy/", "database/", "other"});
constexpr auto auth_paths = std::to_array<std::string_view>({"c/", "d/", "c/d/", "toyauth"});
constexpr auto odd_paths = std::to_array<std::string_view>({"sys/", "sys/auth/c/", "identity/", "cubbyhole/", "auth/",
                                                            "auth/token/", "nowhere/", "/a/", "a//", "data/", "toy*/"});
constexpr auto database_paths = std::to_array<std::string_view>({"database/", "db2/", "a/db/"});
constexpr auto connections = std::to_array<std::string_view>({"x", "y", "my-db"});
constexpr auto namespaces = std::to_array<std::string_view>({"team-a/", "team-a/sub/", "team-b/"});
constexpr auto texts = std::to_array<std::string_view>({
    "a note",
    "",
    "true",
    "1.10",
    "null",
    "~",
    "# no comment",
    "replug: allow step-refused: no comment",
    "two\nlines",
    "\"quoted\" and 'quoted'",
    "- item",
    "{brace",
    "\x1b[31mred",
    "::error::text",
    "gr\xc3\xbc\xc3\x9f\x65",
    "\xe6\x97\xa5\xe6\x9c\xac",
    "a\xcc\x81",
    "\xe2\x80\xae"
    "backwards",
    "tab\there",
    "&anchor",
    "*alias",
    "!tag",
    "%x",
    "$(id)",
    "plugin not found in the catalog",
    "checksums did not match",
});

}  // namespace

std::string Build::file() const { return fmt::format("{}-{}", name, version); }

std::string Build::sha256() const { return std::string(64, digit); }

std::span<const Build> builds() { return all_builds; }

std::span<const std::string_view> server_releases() { return releases; }

void Stock::choose_server() {
  const std::string_view release = random_.pick(releases);
  const auto space = release.find(' ');
  product_ = release.substr(0, space);
  version_ = release.substr(space + 1);
}

bool Stock::has_namespaces() const {
  const auto product = product_ == "vault" ? simulator::Product::vault : simulator::Product::openbao;
  return simulator::capabilities_of(*simulator::parse_server(product, version_)).has_namespaces;
}

std::string Stock::release_of(std::string_view product) {
  std::string_view release = random_.pick(releases);
  while (!release.starts_with(product)) release = random_.pick(releases);
  return std::string(release.substr(release.find(' ') + 1));
}

const Build& Stock::build() { return random_.pick_item(std::span<const Build>(all_builds)); }

const Build& Stock::build_of(std::string_view type) {
  const Build* found = &build();
  while (found->type != type) found = &build();
  return *found;
}

std::string Stock::plugin_name() { return std::string(random_.pick(random_.percent(85) ? Words(names) : other_names)); }

std::string Stock::plugin_type() { return std::string(random_.pick(types)); }

std::string Stock::plugin_version() { return random_.percent(85) ? std::string(build().version) : odd_version(); }

std::string Stock::odd_version() { return std::string(random_.pick(odd_versions)); }

std::string Stock::sha256() {
  if (random_.percent(5)) return std::string(random_.pick(odd_sha256));
  return random_.percent(5) ? std::string(64, 'A') : build().sha256();
}

std::string Stock::file() { return random_.percent(85) ? build().file() : std::string(random_.pick(odd_files)); }

std::string Stock::local_path(bool auth) {
  return auth ? fmt::format("auth/{}", random_.pick(auth_paths)) : std::string(random_.pick(secret_paths));
}

std::string Stock::mount_path() {
  if (random_.percent(4)) return std::string(random_.pick(odd_paths));
  const std::string within = random_.percent(6) ? std::string(random_.pick(namespaces)) : "";
  return within + local_path(random_.percent(30));
}

std::string Stock::database_mount() { return std::string(random_.pick(database_paths)); }

std::string Stock::connection_name() { return std::string(random_.pick(connections)); }

std::string Stock::connection_path() {
  const std::string mount = database_mount();
  return mount + connection_name();
}

std::string Stock::node() { return nodes[random_.below(nodes.size())]; }

std::string Stock::name_space() { return std::string(random_.pick(namespaces)); }

std::string Stock::text() { return std::string(random_.pick(texts)); }

}  // namespace replug::generated
