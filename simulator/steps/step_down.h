#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// `vault operator step-down`: the active node gives up and a standby takes over.
/// https://developer.hashicorp.com/vault/api-docs/system/step-down
struct StepDown {
  static constexpr std::string_view action = "step_down";
  static constexpr Handling handling = Handling::itself;
  static constexpr std::string_view sentence =
      "`vault operator step-down`: the active node gives up and a standby takes over";
  static constexpr Command typed_as{.words = "operator step-down"};

  std::optional<Text> to;

  static constexpr auto fields() {
    return std::tuple{
        Field{"to", &StepDown::to, Need::optional, Meaning::successor, unwritten,
              "the standby that takes over; by default the first in the order of `nodes`"},
    };
  }
};

void accesses(const StepDown& step, const Scope& scope, Accesses& out);
void declare(const StepDown& step, const Scope& scope, WorldBuilder& world);
Reply apply(const StepDown& step, const Scope& scope, Cluster& cluster);
std::string command_line(const StepDown& step, const Terminal& terminal);

}  // namespace replug::simulator
