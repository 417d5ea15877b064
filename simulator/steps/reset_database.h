#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// `vault write -f database/reset/:name`: close a connection and load its plugin anew.
/// https://developer.hashicorp.com/vault/api-docs/secret/databases
struct ResetDatabase {
  static constexpr std::string_view action = "reset_database";
  static constexpr Handling handling = Handling::write;
  static constexpr std::string_view sentence =
      "`vault write -f database/reset/:name`: close a connection and load its plugin anew";
  static constexpr Command typed_as{.words = "write -f", .path = "{mount}reset/{connection}"};

  Text mount;
  Text connection;

  static constexpr auto fields() {
    return std::tuple{
        Field{"mount", &ResetDatabase::mount, Need::required, Meaning::path, in_path, "the database secrets engine"},
        Field{"connection", &ResetDatabase::connection, Need::required, Meaning::connection, in_path,
              "the name of the connection"},
    };
  }
};

void accesses(const ResetDatabase& step, const Scope& scope, Accesses& out);
void declare(const ResetDatabase& step, const Scope& scope, WorldBuilder& world);
Reply apply(const ResetDatabase& step, const Scope& scope, Cluster& cluster);
std::string command_line(const ResetDatabase& step, const Terminal& terminal);

}  // namespace replug::simulator
