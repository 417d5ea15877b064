#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// Stop and start the server on a node, unsealed afterwards.
struct Restart {
  static constexpr std::string_view action = "restart";
  static constexpr Handling handling = Handling::named_node;
  static constexpr std::string_view sentence = "stop and start the server on a node, unsealed afterwards";

  Text node;
  std::optional<Text> to;

  static constexpr auto fields() {
    return std::tuple{
        Field{"node", &Restart::node, Need::required, Meaning::node, unwritten, "the node"},
        Field{"to", &Restart::to, Need::optional, Meaning::successor, unwritten,
              "the standby that takes over, if the node was active; by default the first in the order of `nodes`"},
    };
  }
};

void accesses(const Restart& step, const Scope& scope, Accesses& out);
void declare(const Restart& step, const Scope& scope, WorldBuilder& world);
Reply apply(const Restart& step, const Scope& scope, Cluster& cluster);
std::string command_line(const Restart& step, const Terminal& terminal);

}  // namespace replug::simulator
