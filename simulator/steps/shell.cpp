#include "simulator/steps/shell.h"

#include <algorithm>

#include <fmt/format.h>

namespace replug::simulator {

std::string shell_quoted(std::string_view word) {
  constexpr std::string_view harmless = "-_./:@%+=,";
  const auto is_harmless = [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           harmless.find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::ranges::all_of(word, is_harmless)) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string_view tool_of(Product product) { return product == Product::openbao ? "bao" : "vault"; }

std::string vault_command(const Terminal& terminal, std::string_view command) {
  const std::string_view program = tool_of(terminal.server.product);
  if (terminal.name_space.empty()) return fmt::format("{} {}", program, command);
  return fmt::format("{} {} -namespace={}", program, command, shell_quoted(terminal.name_space));
}

std::string_view command_group(Text path) { return path.view().starts_with("auth/") ? "auth" : "secrets"; }

std::string path_in_group(Text path) {
  return std::string(path.view().starts_with("auth/") ? path.view().substr(5) : path.view());
}

std::optional<NodeId> node_named(const Cluster& cluster, std::optional<Text> name) {
  if (!name) return std::nullopt;
  const NodeId node = cluster.world().node(*name);
  return node == no_node ? std::nullopt : std::optional(node);
}

}  // namespace replug::simulator
