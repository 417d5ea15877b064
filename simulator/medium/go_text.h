#pragma once

#include <string>
#include <string_view>

namespace replug::simulator {

/// A text as Go's `%q` prints it, which is how Vault's messages quote.
std::string go_quoted(std::string_view text);
/// Whether Go's `encoding/hex` takes a text.
bool is_hex(std::string_view text);
/// Why Go's `encoding/hex` refuses a text: `encoding/hex: invalid byte: U+0078 'x'`; empty if it does not.
std::string hex_error(std::string_view text);

}  // namespace replug::simulator
