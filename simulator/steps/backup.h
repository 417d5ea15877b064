#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// Take a storage snapshot.
/// https://developer.hashicorp.com/vault/api-docs/system/storage/raft
struct Backup {
  static constexpr std::string_view action = "backup";
  static constexpr Handling handling = Handling::write;
  static constexpr std::string_view sentence = "take a storage snapshot";

  std::optional<Text> name;

  static constexpr auto fields() {
    return std::tuple{
        Field{"name", &Backup::name, Need::optional, Meaning::snapshot, unwritten, "a name for it, for `restore`"},
    };
  }
};

void accesses(const Backup& step, const Scope& scope, Accesses& out);
void declare(const Backup& step, const Scope& scope, WorldBuilder& world);
Reply apply(const Backup& step, const Scope& scope, Cluster& cluster);
std::string command_line(const Backup& step, const Terminal& terminal);

}  // namespace replug::simulator
