#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulator/cluster_fixture.h"

namespace replug::simulator::test {

using Play = Run;  // inside a test `Run` is GoogleTest's

inline const std::vector<std::string> small = {
    "register: {type: secret, name: toy, version: v1.0.0, sha256: a0, command: toy-1.0.0}",
    "register: {type: secret, name: toy, version: v1.0.1, sha256: a1, command: toy-1.0.1}",
    "register: {type: secret, name: toy, version: v1.0.0, sha256: a2, command: toy-1.0.2}",
    "deregister: {type: secret, name: toy, version: v1.0.0}",
    "enable: {path: a/, plugin: toy}",
    "enable: {path: a/, plugin: toy, plugin_version: v1.0.0}",
    "enable: {path: b/, plugin: toy, plugin_version: v1.0.0}",
    "tune: {path: a/, plugin_version: v1.0.1}",
    "disable: {path: a/}",
    "reload: {plugin: toy}",
    "reload: {mounts: [b/]}",
    "reload: {mounts: [a/]}\n    at: node-1",
    "crash: {mount: a/}",
    "crash: {mount: a/}\n    at: node-1",
    "request: {path: a/x}",
    "request: {path: b/x}\n    at: node-1",
    "uninstall: {file: toy-1.0.0}\n    at: node-1",
    "install: {file: toy-1.0.0, sha256: a0, type: secret, multiplexed: true}",
    "pin: {type: secret, name: toy, version: v1.0.1}",
    "unpin: {type: secret, name: toy}",
    "restart: {node: node-0}",
    "restart: {node: node-1}",
    "seal: {node: node-1}",
    "unseal: {node: node-1}",
    "step_down: {}",
    "move: {from: a/, to: b/}",
};

inline const std::vector<std::string> beside = {
    "register: {type: secret, name: toy, sha256: a2, command: toy-1.0.2}",
    "register: {type: secret, name: toy, version: x, sha256: a0, command: toy-1.0.0}",
    "register: {type: auth, name: toyauth, version: v1.0.0, sha256: c0, command: toyauth-1.0.0}",
    "register: {type: database, name: toydb, version: v1.0.0, sha256: d0, command: toydb-1.0.0}",
    "register: {type: database, name: toydb, version: v1.0.1, sha256: d1, command: toydb-1.0.1}",
    "deregister: {type: database, name: toydb, version: v1.0.0}",
    "enable: {path: auth/c/, plugin: toyauth}",
    "enable: {path: database/, plugin: database}",
    "enable: {path: kv/, plugin: kv}",
    "enable: {path: a/, plugin: transit}",
    "tune: {path: [a/, b/], plugin_version: v1.0.0}",
    "disable: {path: b/}",
    "disable: {path: database/}",
    "reload: {mounts: [a/, b/, auth/c/, nowhere/]}",
    "reload: {plugin: toydb}",
    "reload: {plugin: toyauth}\n    at: each",
    "crash: {mount: b/}",
    "crash: {mount: auth/c/}",
    "crash: {database: database/x}",
    "request: {path: a/x}\n    at: each",
    "request: {path: auth/c/x}",
    "request: {database: database/x}",
    "request: {database: database/y}",
    "configure_database: {mount: database/, connection: x, plugin_name: toydb}",
    "configure_database: {mount: database/, connection: y, plugin_name: toydb, plugin_version: v1.0.0}",
    "configure_database: {mount: database/, connection: x, plugin_version: v1.0.1}",
    "configure_database: {mount: database/, connection: x, plugin_version: \"\"}",
    "reset_database: {mount: database/, connection: x}",
    "rotate_root: {mount: database/, connection: x}",
    "revoke_leases: {prefix: database/}",
    "revoke_leases: {prefix: database/creds/probe-x, force: true}",
    "reload_database: {mount: database/, plugin: toydb}",
    "uninstall: {file: toydb-1.0.0}",
    "uninstall: {file: toyauth-1.0.0}\n    at: node-1",
    "install: {file: toydb-1.0.0, sha256: d0, type: database, multiplexed: true}",
    "install: {file: toyauth-1.0.0, sha256: c0, type: auth, multiplexed: true}",
    "pin: {type: database, name: toydb, version: v1.0.1}",
    "unpin: {type: database, name: toydb}",
    "seal: {node: node-0}",
    "unseal: {node: node-0}",
    "backup: {}",
    "restore: {}",
    "move: {from: database/, to: other/}",
    "move: {from: b/, to: a/}",
};

inline std::vector<std::string> large() {
  std::vector<std::string> all = small;
  all.insert(all.end(), beside.begin(), beside.end());
  return all;
}

inline constexpr std::string_view servers[] = {"vault 1.11.0", "vault 1.12.1",  "vault 1.14.9",  "vault 1.15.1",
                                               "vault 2.0.0",  "openbao 2.0.0", "openbao 2.6.2", "vault 1.17.0+ent"};

inline std::string plan_of_steps(std::string_view server, const std::vector<std::string>& steps,
                                 bool multiplexed = true) {
  std::string list;
  for (const std::string& step : steps) list += "  - " + step + "\n";
  std::string nodes = "  nodes:\n    node-0: {role: active}\n    node-1: {role: standby}\n";
  if (server.ends_with("+ent"))
    nodes = "  nodes:\n    node-0: {role: active}\n    node-1: {role: performance_standby}\n";
  return plan_of({.server = std::string(server), .multiplexed = multiplexed, .cluster = nodes, .steps = list});
}

/// All steps of a plan, to be played in any order.
struct Stock {
  explicit Stock(const std::string& yaml) : plan(read(yaml)) {
    for (const auto& planned : plan.steps) steps.push_back(planned.step);
    world = World::make(plan.cluster, steps, {}, *plan.texts);
  }
  planner::Plan plan;
  std::vector<Step> steps;
  std::shared_ptr<const World> world;
};

inline std::vector<std::size_t> random_order(std::size_t steps, std::size_t length, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < length; ++i) order.push_back(random() % steps);
  return order;
}

}  // namespace replug::simulator::test
