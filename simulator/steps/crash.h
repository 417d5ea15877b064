#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// The plugin process behind a mount or a connection dies.
struct Crash {
  static constexpr std::string_view action = "crash";
  static constexpr Handling handling = Handling::process;
  static constexpr std::string_view sentence = "the plugin process behind a mount or a connection dies";

  std::optional<Text> mount;
  std::optional<Text> database;

  static constexpr auto fields() {
    return std::tuple{
        Field{"mount", &Crash::mount, Need::optional, Meaning::path, unwritten, "the mount"},
        Field{"database", &Crash::database, Need::optional, Meaning::database, unwritten, "mount/connection"},
    };
  }
};

void accesses(const Crash& step, const Scope& scope, Accesses& out);
void declare(const Crash& step, const Scope& scope, WorldBuilder& world);
Reply apply(const Crash& step, const Scope& scope, Cluster& cluster);
std::string command_line(const Crash& step, const Terminal& terminal);

}  // namespace replug::simulator
