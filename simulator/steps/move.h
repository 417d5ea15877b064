#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// `vault secrets move` or `vault auth move`: another path for a mount, with its data.
/// https://developer.hashicorp.com/vault/api-docs/system/remount
struct Move {
  static constexpr std::string_view action = "move";
  static constexpr Handling handling = Handling::write;
  static constexpr std::string_view sentence =
      "`vault secrets move` or `vault auth move`: another path for a mount, with its data";
  static constexpr Command typed_as{.words = "{group} move"};

  Text from;
  Text to;

  static constexpr auto fields() {
    return std::tuple{
        Field{"from", &Move::from, Need::required, Meaning::path, positional, "the mount"},
        Field{"to", &Move::to, Need::required, Meaning::path, positional, "its new path"},
    };
  }
};

void accesses(const Move& step, const Scope& scope, Accesses& out);
void declare(const Move& step, const Scope& scope, WorldBuilder& world);
Reply apply(const Move& step, const Scope& scope, Cluster& cluster);
std::string command_line(const Move& step, const Terminal& terminal);

}  // namespace replug::simulator
