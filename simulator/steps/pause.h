#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/expectation.h"
#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// Nothing happens; what is listed must hold here.
struct Check {
  static constexpr std::string_view action = "check";
  static constexpr Handling handling = Handling::nobody;
  static constexpr std::string_view sentence = "nothing happens; what is listed must hold here";

  std::vector<Expectation> expectations;

  static constexpr auto fields() {
    return std::tuple{
        Field{"", &Check::expectations, Need::required, Meaning::expectations, unwritten, "what must hold"},
    };
  }
};

/// A person says yes here.
struct Confirm {
  static constexpr std::string_view action = "confirm";
  static constexpr Handling handling = Handling::nobody;
  static constexpr std::string_view sentence = "a person says yes here";

  Text question;

  static constexpr auto fields() {
    return std::tuple{
        Field{"", &Confirm::question, Need::required, Meaning::text, unwritten, "what the person is asked"},
    };
  }
};

void accesses(const Check& step, const Scope& scope, Accesses& out);
void declare(const Check& step, const Scope& scope, WorldBuilder& world);
Reply apply(const Check& step, const Scope& scope, Cluster& cluster);
std::string command_line(const Check& step, const Terminal& terminal);

void accesses(const Confirm& step, const Scope& scope, Accesses& out);
void declare(const Confirm& step, const Scope& scope, WorldBuilder& world);
Reply apply(const Confirm& step, const Scope& scope, Cluster& cluster);
std::string command_line(const Confirm& step, const Terminal& terminal);

}  // namespace replug::simulator
