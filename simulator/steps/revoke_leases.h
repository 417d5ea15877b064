#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// `vault lease revoke -prefix`: takes back what was handed out below a path.
/// https://developer.hashicorp.com/vault/docs/commands/lease/revoke
struct RevokeLeases {
  static constexpr std::string_view action = "revoke_leases";
  static constexpr Handling handling = Handling::write;
  static constexpr std::string_view sentence =
      "`vault lease revoke -prefix`: takes back what was handed out below a path";
  static constexpr Command typed_as{.words = "lease revoke -prefix"};

  Text prefix;
  std::optional<bool> force;

  static constexpr auto fields() {
    return std::tuple{
        Field{"prefix", &RevokeLeases::prefix, Need::required, Meaning::path, positional,
              "the path that the leases begin with: a mount, or `database/creds/my-role`"},
        Field{"force", &RevokeLeases::force, Need::optional, Meaning::flag, unwritten,
              "true if the leases are to be forgotten even if their plugin cannot be reached"},
    };
  }
};

void accesses(const RevokeLeases& step, const Scope& scope, Accesses& out);
void declare(const RevokeLeases& step, const Scope& scope, WorldBuilder& world);
Reply apply(const RevokeLeases& step, const Scope& scope, Cluster& cluster);
std::string command_line(const RevokeLeases& step, const Terminal& terminal);

}  // namespace replug::simulator
