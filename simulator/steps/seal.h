#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// Seal a node.
/// https://developer.hashicorp.com/vault/api-docs/system/seal
struct Seal {
  static constexpr std::string_view action = "seal";
  static constexpr Handling handling = Handling::named_node;
  static constexpr std::string_view sentence = "seal a node";

  Text node;
  std::optional<Text> to;

  static constexpr auto fields() {
    return std::tuple{
        Field{"node", &Seal::node, Need::required, Meaning::node, unwritten, "the node"},
        Field{"to", &Seal::to, Need::optional, Meaning::successor, unwritten,
              "the standby that takes over, if the node was active"},
    };
  }
};

void accesses(const Seal& step, const Scope& scope, Accesses& out);
void declare(const Seal& step, const Scope& scope, WorldBuilder& world);
Reply apply(const Seal& step, const Scope& scope, Cluster& cluster);
std::string command_line(const Seal& step, const Terminal& terminal);

}  // namespace replug::simulator
