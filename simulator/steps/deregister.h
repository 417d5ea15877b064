#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// `vault plugin deregister`: remove an entry of the plugin catalog; nothing checks that it is unused.
/// https://developer.hashicorp.com/vault/api-docs/system/plugins-catalog
struct Deregister {
  static constexpr std::string_view action = "deregister";
  static constexpr Handling handling = Handling::write;
  static constexpr std::string_view sentence =
      "`vault plugin deregister`: remove an entry of the plugin catalog; nothing checks that it is unused";
  static constexpr Command typed_as{.words = "plugin deregister"};

  Text type;
  Text name;
  std::optional<Text> version;

  static constexpr auto fields() {
    return std::tuple{
        Field{"type", &Deregister::type, Need::required, Meaning::type, positional, "auth, database or secret"},
        Field{"name", &Deregister::name, Need::required, Meaning::plugin, positional,
              "the plugin's name in the catalog"},
        Field{"version", &Deregister::version, Need::optional, Meaning::version, flag("-version"),
              "the version; without it only the unversioned entry goes"},
    };
  }
};

void accesses(const Deregister& step, const Scope& scope, Accesses& out);
void declare(const Deregister& step, const Scope& scope, WorldBuilder& world);
Reply apply(const Deregister& step, const Scope& scope, Cluster& cluster);
std::string command_line(const Deregister& step, const Terminal& terminal);

}  // namespace replug::simulator
