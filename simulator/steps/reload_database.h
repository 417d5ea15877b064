#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// `vault write -f database/reload/:plugin`: reset every connection of a plugin (Vault 1.16 and later).
/// https://developer.hashicorp.com/vault/api-docs/secret/databases
struct ReloadDatabase {
  static constexpr std::string_view action = "reload_database";
  static constexpr Handling handling = Handling::write;
  static constexpr std::string_view sentence =
      "`vault write -f database/reload/:plugin`: reset every connection of a plugin (Vault 1.16 and later)";
  static constexpr Command typed_as{.words = "write -f", .path = "{mount}reload/{plugin}"};

  Text mount;
  Text plugin;

  static constexpr auto fields() {
    return std::tuple{
        Field{"mount", &ReloadDatabase::mount, Need::required, Meaning::path, in_path, "the database secrets engine"},
        Field{"plugin", &ReloadDatabase::plugin, Need::required, Meaning::plugin, in_path, "the database plugin"},
    };
  }
};

void accesses(const ReloadDatabase& step, const Scope& scope, Accesses& out);
void declare(const ReloadDatabase& step, const Scope& scope, WorldBuilder& world);
Reply apply(const ReloadDatabase& step, const Scope& scope, Cluster& cluster);
std::string command_line(const ReloadDatabase& step, const Terminal& terminal);

}  // namespace replug::simulator
