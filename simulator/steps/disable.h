#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// `vault secrets disable` or `vault auth disable`: revokes the leases and wipes the data of the mount.
/// https://developer.hashicorp.com/vault/api-docs/system/mounts
struct Disable {
  static constexpr std::string_view action = "disable";
  static constexpr Handling handling = Handling::write;
  static constexpr std::string_view sentence =
      "`vault secrets disable` or `vault auth disable`: revokes the leases and wipes the data of the mount";
  static constexpr Command typed_as{.words = "{group} disable"};

  Text path;

  static constexpr auto fields() {
    return std::tuple{
        Field{"path", &Disable::path, Need::required, Meaning::path, positional, "the mount"},
    };
  }
};

void accesses(const Disable& step, const Scope& scope, Accesses& out);
void declare(const Disable& step, const Scope& scope, WorldBuilder& world);
Reply apply(const Disable& step, const Scope& scope, Cluster& cluster);
std::string command_line(const Disable& step, const Terminal& terminal);

}  // namespace replug::simulator
