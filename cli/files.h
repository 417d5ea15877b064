#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace replug::cli {

/// A file's bytes, or the reason why there are none.
struct Bytes {
  std::optional<std::string> text;
  std::string reason;
};

/// Reads a regular file. Nothing else is even opened: a pipe could wait for ever, a device do something.
Bytes read_file(const std::string& path);
/// Reads standard input to its end.
Bytes read_standard_input();

/// The text of a regular file; Trouble that calls it by `name` where it cannot be read.
std::string read_regular_file(const std::string& path, const std::string& name);
[[noreturn]] void cannot_read(const std::string& name, const std::string& reason, const std::string& hint = {});

/// Writes a file in one moment: whoever reads it meanwhile sees the old or the new text, and nobody a half of one. One
/// that is there keeps its mode and its owner; a link to it stays a link. Trouble where it cannot be written, is
/// read-only, has further hard links (they would keep the old text), or is a link to nothing.
void replace_file(const std::string& path, std::string_view text);

}  // namespace replug::cli
