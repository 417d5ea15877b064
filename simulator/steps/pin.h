#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// Write `sys/plugins/pins/:type/:name`: one version for every mount of the plugin (Vault 1.16 and later).
/// https://developer.hashicorp.com/vault/api-docs/system/plugins-pins
struct Pin {
  static constexpr std::string_view action = "pin";
  static constexpr Handling handling = Handling::write;
  static constexpr std::string_view sentence =
      "write `sys/plugins/pins/:type/:name`: one version for every mount of the plugin (Vault 1.16 and later)";
  static constexpr Command typed_as{.words = "write", .path = "sys/plugins/pins/{type}/{name}"};

  Text type;
  Text name;
  std::optional<Text> version;

  static constexpr auto fields() {
    return std::tuple{
        Field{"type", &Pin::type, Need::required, Meaning::type, in_path, "auth, database or secret"},
        Field{"name", &Pin::name, Need::required, Meaning::plugin, in_path, "the plugin's name in the catalog"},
        Field{"version", &Pin::version, Need::optional, Meaning::version, pair("version"), "the version to pin"},
    };
  }
};

void accesses(const Pin& step, const Scope& scope, Accesses& out);
void declare(const Pin& step, const Scope& scope, WorldBuilder& world);
Reply apply(const Pin& step, const Scope& scope, Cluster& cluster);
std::string command_line(const Pin& step, const Terminal& terminal);

}  // namespace replug::simulator
