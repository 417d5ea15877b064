#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/field.h"
#include "simulator/steps/step_parts.h"

namespace replug::simulator {

/// `vault plugin register`: write an entry of the plugin catalog, or replace it whole.
/// https://developer.hashicorp.com/vault/api-docs/system/plugins-catalog
struct Register {
  static constexpr std::string_view action = "register";
  static constexpr Handling handling = Handling::write;
  static constexpr std::string_view sentence =
      "`vault plugin register`: write an entry of the plugin catalog, or replace it whole";
  static constexpr Command typed_as{.words = "plugin register"};

  Text type;
  Text name;
  Text sha256;
  std::optional<Text> version;
  std::optional<Text> command;
  std::vector<Text> args;
  std::vector<Text> env;
  std::optional<Text> oci_image;
  std::optional<Text> runtime;

  static constexpr auto fields() {
    return std::tuple{
        Field{"type", &Register::type, Need::required, Meaning::type, positional, "auth, database or secret"},
        Field{"name", &Register::name, Need::required, Meaning::plugin, positional, "the plugin's name in the catalog"},
        Field{"sha256", &Register::sha256, Need::required, Meaning::sha256, flag("-sha256"),
              "the sha256 of the binary; checked when a process starts, not here"},
        Field{"version", &Register::version, Need::optional, Meaning::version, flag("-version"),
              "the version; without it the one that the binary reports, if it reports one"},
        Field{"command", &Register::command, Need::optional, Meaning::file, flag("-command"),
              "the file in the plugin directory; by default the plugin's name"},
        Field{"args", &Register::args, Need::optional, Meaning::text, repeated_flag("-args"),
              "arguments for the binary"},
        Field{"env", &Register::env, Need::optional, Meaning::text, repeated_flag("-env"),
              "environment variables for the process, NAME=value"},
        Field{"oci_image", &Register::oci_image, Need::optional, Meaning::text, flag("-oci_image"),
              "a container image instead of a file (Vault 1.15 and later)"},
        Field{"runtime", &Register::runtime, Need::optional, Meaning::runtime, flag("-runtime"),
              "the container runtime (Vault 1.15 and later)"},
    };
  }
};

void accesses(const Register& step, const Scope& scope, Accesses& out);
void declare(const Register& step, const Scope& scope, WorldBuilder& world);
Reply apply(const Register& step, const Scope& scope, Cluster& cluster);
std::string command_line(const Register& step, const Terminal& terminal);

}  // namespace replug::simulator
