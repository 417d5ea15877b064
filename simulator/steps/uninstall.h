#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// Remove a file from the plugin directory of the nodes in `at`, by default of every node.
struct Uninstall {
  static constexpr std::string_view action = "uninstall";
  static constexpr Handling handling = Handling::files;
  static constexpr std::string_view sentence =
      "remove a file from the plugin directory of the nodes in `at`, by default of every node";

  Text file;

  static constexpr auto fields() {
    return std::tuple{
        Field{"file", &Uninstall::file, Need::required, Meaning::file, unwritten,
              "the name of the file in the plugin directory"},
    };
  }
};

void accesses(const Uninstall& step, const Scope& scope, Accesses& out);
void declare(const Uninstall& step, const Scope& scope, WorldBuilder& world);
Reply apply(const Uninstall& step, const Scope& scope, Cluster& cluster);
std::string command_line(const Uninstall& step, const Terminal& terminal);

}  // namespace replug::simulator
