#pragma once

#include <cstdint>
#include <string_view>

#include "simulator/medium/text.h"

namespace replug::simulator {

/// What of a subject can change: the fields of stored things, and what a node shows of a mount or a connection.
enum class CellField : std::uint8_t {
  // of a catalog entry
  registered,
  sha256,  ///< also of a file
  command,
  args,
  env,
  oci_image,
  // of a pin
  version,
  // of a mount or a connection: as it is stored, and (with a node) as that node knows it
  type,
  plugin_name,
  plugin_version,
  tainted,
  // of a mount or a connection on a node
  running_plugin_version,
  running_sha256,
  actual_version,
  actual_sha256,
  status,
  // of a node
  role,
  sealed,
  server_version,
};
/// As it is written in JSON: `plugin_version`.
std::string_view to_string(CellField field);

/// What a field held before or holds after a change: nothing (there was no such entry, mount or process), or a text.
/// The empty text is a value of its own: the version of an unversioned plugin.
class Value {
 public:
  Value() = default;
  explicit Value(Text text) : text_(text), present_(true) {}

  [[nodiscard]] bool absent() const { return !present_; }
  /// The text; the empty one if there is none.
  [[nodiscard]] Text text() const { return text_; }
  operator Text() const { return text_; }  // NOLINT(google-explicit-constructor)
  [[nodiscard]] std::string_view view() const { return text_.view(); }
  [[nodiscard]] bool is(std::string_view word) const { return present_ && text_.view() == word; }

  friend bool operator==(const Value&, const Value&) = default;
  friend bool operator==(const Value& value, Text text) { return value.present_ && value.text_ == text; }

 private:
  Text text_;
  bool present_ = false;
};

}  // namespace replug::simulator
