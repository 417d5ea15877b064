#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/medium/world.h"
#include "simulator/run/forecast.h"

namespace replug::report {

/// Changes as a person would tell them: what a step did to one mount on one node is one phrase, and mounts and nodes to
/// which the same happened share a line.
struct ChangeLine {
  simulator::Change::What what;
  simulator::Cause cause;
  std::vector<simulator::Text> subjects;
  std::vector<simulator::NodeId> nodes;  ///< none: in storage
  std::string text;                      ///< `my-secret/ on vault-0: running v1.0.0 -> v1.0.1`; printable
  std::string_view why;                  ///< in Vault's terms; empty where the text says it all
};
std::vector<ChangeLine> change_lines(const simulator::World& world, std::span<const simulator::Change> changes);

/// The value of a change. The args and env of a catalog entry, which the simulator keeps as one text, are told with
/// spaces between.
std::string change_value(simulator::Text value);

}  // namespace replug::report
