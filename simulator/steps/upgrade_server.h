#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/medium/server.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// Another server version on a node, restarted.
/// https://developer.hashicorp.com/vault/docs/upgrading
struct UpgradeServer {
  static constexpr std::string_view action = "upgrade_server";
  static constexpr Handling handling = Handling::named_node;
  static constexpr std::string_view sentence = "another server version on a node, restarted";

  Text node;
  Text version;
  std::optional<Text> product;
  std::optional<Text> to;

  static constexpr auto fields() {
    return std::tuple{
        Field{"node", &UpgradeServer::node, Need::required, Meaning::node, unwritten, "the node"},
        Field{"version", &UpgradeServer::version, Need::required, Meaning::version, unwritten,
              "the server's new version"},
        Field{"product", &UpgradeServer::product, Need::optional, Meaning::product, unwritten,
              "vault or openbao; by default as before"},
        Field{"to", &UpgradeServer::to, Need::optional, Meaning::successor, unwritten,
              "the standby that takes over, if the node was active"},
    };
  }
};

/// The server that the step leads to, of the product that it names or else of `before`; nothing if its version is none
/// of a server.
std::optional<Server> server_after(const UpgradeServer& step, Product before);

void accesses(const UpgradeServer& step, const Scope& scope, Accesses& out);
void declare(const UpgradeServer& step, const Scope& scope, WorldBuilder& world);
Reply apply(const UpgradeServer& step, const Scope& scope, Cluster& cluster);
std::string command_line(const UpgradeServer& step, const Terminal& terminal);

}  // namespace replug::simulator
