#pragma once

#include <string_view>
#include <tuple>

namespace replug::simulator {

/// What a field of a step holds; decides how its value is read, checked and explained.
enum class Meaning {
  text,      ///< free text
  name,      ///< a plugin's, connection's or snapshot's name
  path,      ///< a mount path, `my-secret/`; the reader adds the final slash
  api_path,  ///< an API path below a mount, `my-secret/creds/role`
  version,   ///< a version; an unquoted number is an error
  sha256,    ///< a sha256 in hexadecimal
  type,      ///< a plugin type: auth, database, secret
  file,      ///< the name of a file in the plugin directory
  node,      ///< the name of a node
  flag,      ///< true or false
};

enum class Need { required, optional };

/// One field of a step kind: its key in the plan, the member that holds it, and a sentence that explains it. The
/// reader, the hints for unknown keys, the runbook and the documentation all come from this list.
template <class Step, class Member>
struct Field {
  std::string_view name;
  Member Step::*member;
  Need need;
  Meaning meaning;
  std::string_view sentence;
};

template <class Step, class Member>
Field(std::string_view, Member Step::*, Need, Meaning, std::string_view) -> Field<Step, Member>;

/// Calls `visit(field)` for every field of a step kind, in their order.
template <class Step, class Visit>
constexpr void for_each_field(Visit&& visit) {
  std::apply([&](const auto&... field) { (visit(field), ...); }, Step::fields());
}

}  // namespace replug::simulator
