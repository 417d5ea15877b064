#include "simulator/steps/step.h"

namespace replug::simulator {

std::string_view action_name(const Action& action) {
  return std::visit([](const auto& step) { return std::remove_cvref_t<decltype(step)>::action; }, action);
}

std::string command_line(const Step& step, const Server& server) {
  const Terminal terminal{server, step.name_space};
  return std::visit([&](const auto& action) { return command_line(action, terminal); }, step.action);
}

}  // namespace replug::simulator
