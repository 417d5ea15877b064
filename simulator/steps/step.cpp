#include "simulator/steps/step.h"

namespace replug::simulator {

std::string_view action_name(const Action& action) {
  return std::visit([](const auto& step) { return std::remove_cvref_t<decltype(step)>::action; }, action);
}

std::string command_line(const Step& step, Product product) {
  const Scope scope{step.name_space, no_node, product == Product::openbao ? "bao" : "vault"};
  return std::visit([&](const auto& action) { return command_line(action, scope); }, step.action);
}

}  // namespace replug::simulator
