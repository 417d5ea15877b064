#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// `vault write -f database/rotate-root/:name`: changes the password that a connection logs in with, and makes it anew.
/// https://developer.hashicorp.com/vault/api-docs/secret/databases
struct RotateRoot {
  static constexpr std::string_view action = "rotate_root";
  static constexpr Handling handling = Handling::write;
  static constexpr std::string_view sentence =
      "`vault write -f database/rotate-root/:name`: changes the password that a connection logs in with, and makes it "
      "anew";
  static constexpr Command typed_as{.words = "write -f", .path = "{mount}rotate-root/{connection}"};

  Text mount;
  Text connection;

  static constexpr auto fields() {
    return std::tuple{
        Field{"mount", &RotateRoot::mount, Need::required, Meaning::path, in_path, "the database secrets engine"},
        Field{"connection", &RotateRoot::connection, Need::required, Meaning::connection, in_path,
              "the name of the connection"},
    };
  }
};

void accesses(const RotateRoot& step, const Scope& scope, Accesses& out);
void declare(const RotateRoot& step, const Scope& scope, WorldBuilder& world);
Reply apply(const RotateRoot& step, const Scope& scope, Cluster& cluster);
std::string command_line(const RotateRoot& step, const Terminal& terminal);

}  // namespace replug::simulator
