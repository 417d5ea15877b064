#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// One ordinary request, as an application sends it; the reply says which version answered.
struct Request {
  static constexpr std::string_view action = "request";
  static constexpr Handling handling = Handling::read;
  static constexpr std::string_view sentence =
      "one ordinary request, as an application sends it; the reply says which version answered";
  static constexpr Command typed_as{.words = "read"};

  std::optional<Text> path;
  std::optional<Text> database;

  static constexpr auto fields() {
    return std::tuple{
        Field{"path", &Request::path, Need::optional, Meaning::api_path, positional, "an API path below a mount"},
        Field{"database", &Request::database, Need::optional, Meaning::database, unwritten,
              "mount/connection: credentials of a database"},
    };
  }
};

void accesses(const Request& step, const Scope& scope, Accesses& out);
void declare(const Request& step, const Scope& scope, WorldBuilder& world);
Reply apply(const Request& step, const Scope& scope, Cluster& cluster);
std::string command_line(const Request& step, const Terminal& terminal);

}  // namespace replug::simulator
