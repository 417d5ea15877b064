#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// `vault secrets enable` or, for a path under auth/, `vault auth enable`.
/// https://developer.hashicorp.com/vault/api-docs/system/mounts
struct Enable {
  static constexpr std::string_view action = "enable";
  static constexpr Handling handling = Handling::write;
  static constexpr std::string_view sentence = "`vault secrets enable` or, for a path under auth/, `vault auth enable`";
  static constexpr Command typed_as{.words = "{group} enable"};

  Text path;
  Text plugin;
  std::optional<Text> plugin_version;
  std::vector<KeyValue> options;

  static constexpr auto fields() {
    return std::tuple{
        Field{"path", &Enable::path, Need::required, Meaning::path, flag("-path"), "where the plugin is mounted"},
        Field{"plugin", &Enable::plugin, Need::required, Meaning::plugin, positional, "the plugin's name"},
        Field{"plugin_version", &Enable::plugin_version, Need::optional, Meaning::version, flag("-plugin-version"),
              "the version; by default the unversioned entry, else the highest registered one, else the built-in"},
        Field{"options", &Enable::options, Need::optional, Meaning::settings, repeated_flag("-options"),
              "mount options, for example version: 2 for kv"},
    };
  }
};

void accesses(const Enable& step, const Scope& scope, Accesses& out);
void declare(const Enable& step, const Scope& scope, WorldBuilder& world);
Reply apply(const Enable& step, const Scope& scope, Cluster& cluster);
std::string command_line(const Enable& step, const Terminal& terminal);

}  // namespace replug::simulator
