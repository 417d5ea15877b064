#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// Delete `sys/plugins/pins/:type/:name`.
/// https://developer.hashicorp.com/vault/api-docs/system/plugins-pins
struct Unpin {
  static constexpr std::string_view action = "unpin";
  static constexpr Handling handling = Handling::write;
  static constexpr std::string_view sentence = "delete `sys/plugins/pins/:type/:name`";
  static constexpr Command typed_as{.words = "delete", .path = "sys/plugins/pins/{type}/{name}"};

  Text type;
  Text name;

  static constexpr auto fields() {
    return std::tuple{
        Field{"type", &Unpin::type, Need::required, Meaning::type, in_path, "auth, database or secret"},
        Field{"name", &Unpin::name, Need::required, Meaning::plugin, in_path, "the plugin's name in the catalog"},
    };
  }
};

void accesses(const Unpin& step, const Scope& scope, Accesses& out);
void declare(const Unpin& step, const Scope& scope, WorldBuilder& world);
Reply apply(const Unpin& step, const Scope& scope, Cluster& cluster);
std::string command_line(const Unpin& step, const Terminal& terminal);

}  // namespace replug::simulator
