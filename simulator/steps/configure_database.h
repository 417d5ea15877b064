#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// `vault write database/config/:name`: store a connection and load its plugin at once.
/// https://developer.hashicorp.com/vault/api-docs/secret/databases
struct ConfigureDatabase {
  static constexpr std::string_view action = "configure_database";
  static constexpr Handling handling = Handling::write;
  static constexpr std::string_view sentence =
      "`vault write database/config/:name`: store a connection and load its plugin at once";
  static constexpr Command typed_as{.words = "write", .path = "{mount}config/{connection}"};

  Text mount;
  Text connection;
  std::optional<Text> plugin_name;
  std::optional<Text> plugin_version;
  std::vector<KeyValue> other;

  static constexpr auto fields() {
    return std::tuple{
        Field{"mount", &ConfigureDatabase::mount, Need::required, Meaning::path, in_path,
              "the database secrets engine"},
        Field{"connection", &ConfigureDatabase::connection, Need::required, Meaning::connection, in_path,
              "the name of the connection"},
        Field{"plugin_name", &ConfigureDatabase::plugin_name, Need::optional, Meaning::plugin, pair("plugin_name"),
              "the database plugin; kept when omitted"},
        Field{"plugin_version", &ConfigureDatabase::plugin_version, Need::optional, Meaning::version,
              pair("plugin_version"), "its version; kept when omitted, cleared by an empty string"},
        Field{"other", &ConfigureDatabase::other, Need::optional, Meaning::settings, pairs,
              "any other field of the connection's configuration"},
    };
  }
};

void accesses(const ConfigureDatabase& step, const Scope& scope, Accesses& out);
void declare(const ConfigureDatabase& step, const Scope& scope, WorldBuilder& world);
Reply apply(const ConfigureDatabase& step, const Scope& scope, Cluster& cluster);
std::string command_line(const ConfigureDatabase& step, const Terminal& terminal);

}  // namespace replug::simulator
