#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// Put a binary into the plugin directory of the nodes in `at`, by default of every node.
struct Install {
  static constexpr std::string_view action = "install";
  static constexpr Handling handling = Handling::files;
  static constexpr std::string_view sentence =
      "put a binary into the plugin directory of the nodes in `at`, by default of every node";

  Text file;
  Text sha256;
  std::optional<Text> type;
  std::optional<Text> reports_version;
  std::optional<bool> multiplexed;
  std::optional<bool> starts;

  static constexpr auto fields() {
    return std::tuple{
        Field{"file", &Install::file, Need::required, Meaning::file, unwritten,
              "the name the file gets in the plugin directory"},
        Field{"sha256", &Install::sha256, Need::required, Meaning::sha256, unwritten, "the sha256 of the binary"},
        Field{"type", &Install::type, Need::optional, Meaning::type, unwritten,
              "what kind of plugin the binary is; by default whatever it is registered as"},
        Field{"reports_version", &Install::reports_version, Need::optional, Meaning::version, unwritten,
              "the version the binary says of itself; by default none"},
        Field{"multiplexed", &Install::multiplexed, Need::optional, Meaning::flag, unwritten,
              "whether one process serves several mounts; by default false"},
        Field{"starts", &Install::starts, Need::optional, Meaning::flag, unwritten,
              "false: it cannot be executed (architecture, execute bit, library)"},
    };
  }
};

void accesses(const Install& step, const Scope& scope, Accesses& out);
void declare(const Install& step, const Scope& scope, WorldBuilder& world);
Reply apply(const Install& step, const Scope& scope, Cluster& cluster);
std::string command_line(const Install& step, const Terminal& terminal);

}  // namespace replug::simulator
