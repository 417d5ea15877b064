#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "simulator/medium/expectation.h"
#include "simulator/medium/text.h"

namespace replug::simulator {

/// `key: value` of a mapping that Vault does not bound: a connection's configuration, a mount's options.
struct KeyValue {
  Text key;
  Text value;
};

/// What a field of a step holds; decides how its value is read, checked and explained, and what others know of a step
/// without knowing its kind.
enum class Meaning : std::uint8_t {
  text,          ///< free text
  plugin,        ///< a plugin's name
  connection,    ///< the name of a database connection in the engine that another field names
  snapshot,      ///< a snapshot's name
  runtime,       ///< a container runtime's name
  path,          ///< a mount path, `my-secret/`; the reader adds the final slash
  api_path,      ///< an API path below a mount, `my-secret/creds/role`
  database,      ///< `mount/connection`
  version,       ///< a plugin's or a server's version; an unquoted number is an error
  sha256,        ///< a sha256 in hexadecimal
  type,          ///< a plugin type: auth, database, secret
  product,       ///< a server's product: vault, openbao
  file,          ///< the name of a file in the plugin directory
  node,          ///< the name of the node that the step is done to
  successor,     ///< the name of the node that takes the lead by the step
  flag,          ///< true or false
  settings,      ///< a mapping with keys of the plugin's own; may hold secrets
  expectations,  ///< a list of what must hold
};

enum class Need : std::uint8_t { required, optional };

/// How a field stands in the command of its step.
struct Argument {
  enum class Form : std::uint8_t {
    unwritten,      ///< not at all
    positional,     ///< `my-secret-plugin`, behind all flags, in the order of the fields
    flag,           ///< `-version=v1.0.1`; a list joined by commas
    repeated_flag,  ///< `-args=a -args=b`, once for each item; `-options=key=value` for a mapping
    in_path,        ///< where the command's path says `{name}`
    pair,           ///< `plugin_version=v1.0.1`, behind the path; a list joined by commas, a mapping key by key
  };
  Form form = Form::unwritten;
  std::string_view name;  ///< of a flag with its dash, of a pair; else empty

  friend constexpr bool operator==(const Argument&, const Argument&) = default;
};

inline constexpr Argument unwritten{};
inline constexpr Argument positional{Argument::Form::positional, {}};
inline constexpr Argument in_path{Argument::Form::in_path, {}};
inline constexpr Argument pairs{Argument::Form::pair, {}};  ///< a mapping, whose keys are the names
constexpr Argument flag(std::string_view name) { return {Argument::Form::flag, name}; }
constexpr Argument repeated_flag(std::string_view name) { return {Argument::Form::repeated_flag, name}; }
constexpr Argument pair(std::string_view name) { return {Argument::Form::pair, name}; }

/// One field of a step kind. The reader, the hints for unknown keys, the command and the documentation all come from
/// the kind's list of fields, and so does what is asked of a step of any kind (`simulator/steps/subjects.h`).
template <class Step, class Member>
struct Field {
  std::string_view name;      ///< its key in the plan; empty where the value of the action is the field: `check: […]`
  Member Step::*member;       ///< what holds it
  Need need;                  ///< whether a step without it is read
  Meaning meaning;            ///< what its values are; together with the member's type what a schema says of them
  Argument argument;          ///< how it stands in the command
  std::string_view sentence;  ///< explains it; goes on from "`name` is …"
};

template <class Step, class Member>
Field(std::string_view, Member Step::*, Need, Meaning, Argument, std::string_view) -> Field<Step, Member>;

/// The command of a step kind but for its fields: `vault plugin register`, `vault write
/// sys/plugins/pins/{type}/{name}`.
struct Command {
  std::string_view words;      ///< behind the program; `{group}` stands for `secrets` or `auth`, by the step's paths
  std::string_view path = {};  ///< the API path of `read`, `write` and `delete`, with the names of fields in braces
};

/// Calls `visit(text)` for each text that a member of a step holds. A type of member that is not among these does not
/// compile: say here what it holds.
template <class Visit>
void for_each_text(Text member, Visit&& visit) {
  visit(member);
}
template <class Visit>
void for_each_text(const std::vector<Text>& member, Visit&& visit) {
  for (const Text text : member) visit(text);
}
template <class Member, class Visit>
void for_each_text(const std::optional<Member>& member, Visit&& visit) {
  if (member) for_each_text(*member, visit);
}
template <class Visit>
void for_each_text(bool /*member*/, Visit&& /*visit*/) {}
template <class Visit>
void for_each_text(const std::vector<KeyValue>& /*member*/, Visit&& /*visit*/) {}
template <class Visit>
void for_each_text(const std::vector<Expectation>& /*member*/, Visit&& /*visit*/) {}

/// Calls `visit(field)` for every field of a step kind, in their order.
template <class Step, class Visit>
constexpr void for_each_field(Visit&& visit) {
  std::apply([&](const auto&... field) { (visit(field), ...); }, Step::fields());
}

}  // namespace replug::simulator
