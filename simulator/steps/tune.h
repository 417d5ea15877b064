#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// `vault secrets tune` or `vault auth tune`: configure the version that the next reload or unseal loads.
/// https://developer.hashicorp.com/vault/api-docs/system/mounts
struct Tune {
  static constexpr std::string_view action = "tune";
  static constexpr Handling handling = Handling::write;
  static constexpr std::string_view sentence =
      "`vault secrets tune` or `vault auth tune`: configure the version that the next reload or unseal loads";
  static constexpr Command typed_as{.words = "{group} tune"};

  std::vector<Text> path;
  Text plugin_version;

  static constexpr auto fields() {
    return std::tuple{
        Field{"path", &Tune::path, Need::required, Meaning::path, positional, "the mount, or a list of mounts"},
        Field{"plugin_version", &Tune::plugin_version, Need::required, Meaning::version, flag("-plugin-version"),
              "the version to configure"},
    };
  }
};

void accesses(const Tune& step, const Scope& scope, Accesses& out);
void declare(const Tune& step, const Scope& scope, WorldBuilder& world);
Reply apply(const Tune& step, const Scope& scope, Cluster& cluster);
std::string command_line(const Tune& step, const Terminal& terminal);

}  // namespace replug::simulator
