#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// Unseal a node.
/// https://developer.hashicorp.com/vault/api-docs/system/unseal
struct Unseal {
  static constexpr std::string_view action = "unseal";
  static constexpr Handling handling = Handling::named_node;
  static constexpr std::string_view sentence = "unseal a node";

  Text node;
  std::optional<Text> to;

  static constexpr auto fields() {
    return std::tuple{
        Field{"node", &Unseal::node, Need::required, Meaning::node, unwritten, "the node"},
        Field{"to", &Unseal::to, Need::optional, Meaning::successor, unwritten, "unused; accepted beside seal"},
    };
  }
};

void accesses(const Unseal& step, const Scope& scope, Accesses& out);
void declare(const Unseal& step, const Scope& scope, WorldBuilder& world);
Reply apply(const Unseal& step, const Scope& scope, Cluster& cluster);
std::string command_line(const Unseal& step, const Terminal& terminal);

}  // namespace replug::simulator
