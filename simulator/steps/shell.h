#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "simulator/medium/cluster.h"
#include "simulator/medium/server.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// How steps are written as commands for a shell. Every word that comes from a plan is quoted, so that a line can be
/// pasted.

/// A word of a command line: in single quotes unless it is harmless.
std::string shell_quoted(std::string_view word);
inline std::string shell_quoted(Text word) { return shell_quoted(word.view()); }
/// The command line tool of a product: `vault` or `bao`.
std::string_view tool_of(Product product);
/// `vault plugin register`, or `bao plugin register`, with the namespace where there is one.
std::string vault_command(const Terminal& terminal, std::string_view command);
/// `secrets` or `auth`, by the path.
std::string_view command_group(Text path);
/// The path as that group of commands takes it: without `auth/`.
std::string path_in_group(Text path);

/// The node that a step names.
std::optional<NodeId> node_named(const Cluster& cluster, std::optional<Text> name);

}  // namespace replug::simulator
