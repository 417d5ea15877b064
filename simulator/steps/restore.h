#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// Take storage back from a snapshot; files and processes are not in it.
/// https://developer.hashicorp.com/vault/api-docs/system/storage/raft
struct Restore {
  static constexpr std::string_view action = "restore";
  static constexpr Handling handling = Handling::write;
  static constexpr std::string_view sentence = "take storage back from a snapshot; files and processes are not in it";

  std::optional<Text> name;

  static constexpr auto fields() {
    return std::tuple{
        Field{"name", &Restore::name, Need::optional, Meaning::snapshot, unwritten,
              "the snapshot's name; by default that of the last unnamed backup"},
    };
  }
};

void accesses(const Restore& step, const Scope& scope, Accesses& out);
void declare(const Restore& step, const Scope& scope, WorldBuilder& world);
Reply apply(const Restore& step, const Scope& scope, Cluster& cluster);
std::string command_line(const Restore& step, const Terminal& terminal);

}  // namespace replug::simulator
