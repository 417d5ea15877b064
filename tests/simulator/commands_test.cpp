// Steps as the commands an operator types, with the tool that comes with the server.

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "simulator/steps/kinds.h"
#include "simulator/steps/subjects.h"
#include "tests/simulator/cluster_fixture.h"

namespace replug::simulator::test {
namespace {

constexpr std::string_view nodes = "  nodes: {a: {role: active}, b: {role: standby}}\n";

/// The command of one step on a cluster with that server.
std::string command_of(std::string_view server, std::string_view step) {
  const planner::Plan plan = read(fmt::format(
      "replug: 1\ncluster:\n  server: {}\n{}  namespaces: [team-a]\nsteps:\n  - {}\n", server, nodes, step));
  return command_line(plan.steps.front().step, plan.cluster.server);
}

constexpr std::string_view vault_1_17 = "{product: vault, version: 1.17.0+ent}";
constexpr std::string_view vault_1_15 = "{product: vault, version: 1.15.1+ent}";
constexpr std::string_view openbao = "{product: openbao, version: 2.6.2}";

struct Typed {
  std::string_view step;
  std::string_view command;
};

TEST(Commands, ArePutTogetherFromTheFields) {
  const std::vector<Typed> all = {
      {"register: {type: secret, name: toy, sha256: aa, version: v1, command: toy-1, args: [a, 'b c'], env: [A=1], "
       "oci_image: i, runtime: r}",
       "vault plugin register -sha256=aa -version=v1 -command=toy-1 -args=a -args='b c' -env=A=1 -oci_image=i "
       "-runtime=r secret toy"},
      {"deregister: {type: auth, name: toy}", "vault plugin deregister auth toy"},
      {"deregister: {type: auth, name: toy, version: ''}", "vault plugin deregister -version='' auth toy"},
      {"enable: {path: my/, plugin: toy, plugin_version: v1, options: {version: '2', a: b c}}",
       "vault secrets enable -path=my/ -plugin-version=v1 -options=version=2 -options=a='b c' toy"},
      {"enable: {path: auth/my/, plugin: toy}", "vault auth enable -path=my/ toy"},
      {"tune: {path: my/, plugin_version: v1}", "vault secrets tune -plugin-version=v1 my/"},
      {"tune: {path: [my/, auth/your/], plugin_version: v1}",
       "vault secrets tune -plugin-version=v1 my/ && vault auth tune -plugin-version=v1 your/"},
      {"disable: {path: auth/my/}", "vault auth disable my/"},
      {"move: {from: auth/my/, to: auth/your/}", "vault auth move my/ your/"},
      {"move: {from: my/, to: auth/your/}", "vault secrets move my/ auth/your/"},
      {"pin: {type: secret, name: toy, version: v1}", "vault write sys/plugins/pins/secret/toy version=v1"},
      {"pin: {type: secret, name: toy}", "vault write sys/plugins/pins/secret/toy version=''"},
      {"unpin: {type: secret, name: toy}", "vault delete sys/plugins/pins/secret/toy"},
      {"configure_database: {mount: db/, connection: main, plugin_name: toydb, plugin_version: v1, username: u, "
       "password: p}",
       "vault write db/config/main plugin_name=toydb plugin_version=v1 username=u password=…"},
      {"reset_database: {mount: db/, connection: main}", "vault write -f db/reset/main"},
      {"rotate_root: {mount: db/, connection: main}", "vault write -f db/rotate-root/main"},
      {"revoke_leases: {prefix: db/creds/x}", "vault lease revoke -prefix db/creds/x/"},
      {"revoke_leases: {prefix: db, force: true}", "vault lease revoke -force -prefix db/"},
      {"reload_database: {mount: db/, plugin: toydb}", "vault write -f db/reload/toydb"},
      {"request: {path: my/creds/x}", "vault read my/creds/x"},
      {"request: {database: db/main}", "vault read db/creds/ROLE"},
      {"reload: {plugin: toy, type: secret, scope: global}",
       "vault plugin reload -plugin=toy -type=secret -scope=global"},
      {"step_down: {to: b}", "vault operator step-down"},
      {"backup: {name: before}", "vault operator raft snapshot save before.snap"},
      {"restart: {node: b}", "(restart the server)  # on b"},
      {"seal: {node: b}", "vault operator seal  # on b"},
      {"check: [{mount: my/, serving: true}]", "(check 1 expectation)"},
      {"confirm: go on?", "(a person confirms: go on?)"},
      {"deregister: {type: auth, name: toy}\n    namespace: team-a",
       "vault plugin deregister -namespace=team-a/ auth toy"},
      {"unpin: {type: auth, name: toy}\n    namespace: team-a",
       "vault delete -namespace=team-a/ sys/plugins/pins/auth/toy"},
  };
  for (const Typed& one : all) EXPECT_EQ(command_of(vault_1_17, one.step), one.command) << one.step;
}

TEST(Commands, AreThoseOfTheProduct) {
  EXPECT_EQ(command_of(openbao, "disable: {path: my/}"), "bao secrets disable my/");
  EXPECT_EQ(command_of(openbao, "seal: {node: a}"), "bao operator seal  # on a");
  EXPECT_EQ(command_of(openbao, "request: {database: db/main}"), "bao read db/creds/ROLE");
  EXPECT_EQ(command_of(openbao, "backup: {}"), "bao operator raft snapshot save backup.snap");
}

// A login is a write.
TEST(Commands, LogIn) {
  EXPECT_EQ(command_of(vault_1_17, "request: {path: auth/my/login}"), "vault write auth/my/login");
  EXPECT_EQ(command_of(openbao, "request: {path: auth/my/login}"), "bao write auth/my/login");
}

// Seen on Vault 1.17.0-beta1 (404) and OpenBao 2.6.2: `vault plugin reload -mounts=my/` in the root namespace.
TEST(Commands, ReloadMountsWhereTheToolCannot) {
  const std::string_view reload = "reload: {mounts: [a/, b/]}";
  EXPECT_EQ(command_of(vault_1_17, reload), "vault write sys/plugins/reload/backend mounts=a/,b/");
  EXPECT_EQ(command_of(vault_1_17, "reload: {mounts: [a/], type: secret, scope: global}"),
            "vault write sys/plugins/reload/backend mounts=a/ scope=global");
  EXPECT_EQ(command_of(vault_1_15, reload), "vault plugin reload -mounts=a/,b/");
  EXPECT_EQ(command_of(openbao, reload), "bao plugin reload -mounts=a/,b/");
  EXPECT_EQ(command_of(vault_1_17, "reload: {mounts: [a/]}\n    namespace: team-a"),
            "vault plugin reload -namespace=team-a/ -mounts=a/");
}

TEST(Commands, OfAStepAreThoseOfTheServerThatGetsIt) {
  const Played played(
      "replug: 1\ncluster:\n  server: {product: vault, version: 1.14.9}\n  nodes: {a: {role: active}, b: {role: "
      "standby}}\n"
      "steps:\n"
      "  - step_down: {to: b}\n"
      "  - upgrade_server: {node: a, version: 2.6.2, product: openbao}\n"
      "  - step_down: {to: a}\n"
      "  - unpin: {type: secret, name: toy}\n"
      "  - check: []\n");
  std::vector<std::string> servers;
  for (std::size_t step = 0; step < played.plan().steps.size(); ++step)
    servers.push_back(to_string(played.world()->server(played.forecast(step).server)));
  EXPECT_EQ(joined(servers, ", "), "Vault 1.14.9, Vault 1.14.9, Vault 1.14.9, OpenBao 2.6.2, Vault 1.14.9");
}

TEST(Subjects, AreWhatTheFieldsMean) {
  const planner::Plan plan = read(
      "replug: 1\ncluster:\n  server: {product: vault, version: 1.17.0}\n  nodes: {a: {role: active}, b: {role: "
      "standby}}\n"
      "steps:\n"
      "  - seal: {node: a, to: b}\n"
      "  - tune: {path: [x/, y/], plugin_version: v1}\n"
      "  - configure_database: {mount: db/, connection: main, plugin_name: toydb}\n"
      "  - check: [{mount: my/, serving: true}]\n");
  const auto texts = [&](std::size_t step, Meaning meaning) {
    std::vector<std::string> all;
    for (const Text text : named(plan.steps[step].step.action, meaning)) all.push_back(text.str());
    return joined(all, " ");
  };
  EXPECT_EQ(texts(0, Meaning::node), "a");
  EXPECT_EQ(texts(0, Meaning::successor), "b");
  EXPECT_EQ(texts(1, Meaning::path), "x/ y/");
  EXPECT_EQ(texts(1, Meaning::version), "v1");
  EXPECT_EQ(texts(2, Meaning::plugin), "toydb");
  EXPECT_EQ(texts(2, Meaning::connection), "main");
  EXPECT_EQ(first_named(plan.steps[2].step.action, Meaning::file), std::nullopt);
  EXPECT_EQ(listed_expectations(plan.steps[3].step.action).size(), 1U);
  EXPECT_TRUE(listed_expectations(plan.steps[0].step.action).empty());
}

}  // namespace
}  // namespace replug::simulator::test
