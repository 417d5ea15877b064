#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// `vault plugin reload`: end the plugin's process and load the configured version, on the node that gets the request.
/// https://developer.hashicorp.com/vault/api-docs/system/plugins-reload
struct Reload {
  static constexpr std::string_view action = "reload";
  static constexpr Handling handling = Handling::local;
  static constexpr std::string_view sentence =
      "`vault plugin reload`: end the plugin's process and load the configured version, on the node that gets the "
      "request";
  static constexpr Command typed_as{.words = "plugin reload"};

  std::optional<Text> plugin;
  std::optional<std::vector<Text>> mounts;
  std::optional<Text> type;
  std::optional<Text> scope;

  static constexpr auto fields() {
    return std::tuple{
        Field{"plugin", &Reload::plugin, Need::optional, Meaning::plugin, flag("-plugin"),
              "every mount of the plugin of this name"},
        Field{"mounts", &Reload::mounts, Need::optional, Meaning::path, flag("-mounts"), "these mounts only"},
        Field{"type", &Reload::type, Need::optional, Meaning::type, flag("-type"),
              "only plugins of this type (Vault 1.16 and later)"},
        Field{"scope", &Reload::scope, Need::optional, Meaning::text, flag("-scope"),
              "global: every node of every replicated cluster (Vault Enterprise)"},
    };
  }
};

void accesses(const Reload& step, const Scope& scope, Accesses& out);
void declare(const Reload& step, const Scope& scope, WorldBuilder& world);
Reply apply(const Reload& step, const Scope& scope, Cluster& cluster);
std::string command_line(const Reload& step, const Terminal& terminal);

}  // namespace replug::simulator
