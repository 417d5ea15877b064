#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "simulator/medium/text.h"

namespace replug::simulator {

/// Which of the texts in the table of messages (simulator/vault/messages.h); 0 is none.
enum class Code : std::uint8_t;

/// What a server or the simulator says, as a code and its arguments: a value to compare, from which the text is made
/// only when somebody wants to read it (`text_of`). It does not allocate unless it holds other messages.
struct Message {
  Code code{};
  bool listed = false;    ///< alone in a list of Go's errors: `1 error occurred:`
  std::string_view word;  ///< a word of ours that the text takes, never one of a plan; it lives as long as the program
  std::array<Text, 3> texts;  ///< what the text takes from the plan, as it is: the text quotes it, or cuts it
  std::array<std::uint32_t, 2> numbers{};  ///< what it counts
  std::vector<Message> inner;              ///< the errors that led to this one, or that it lists

  Message() = default;
  Message(Code of, Text first = {}, Text second = {}, Text third = {}) : code(of), texts{first, second, third} {}
  Message(Code of, std::string_view the_word, Text first = {}, Text second = {})
      : code(of), word(the_word), texts{first, second} {}
  Message(Code of, Message why) : code(of), inner{std::move(why)} {}
  Message(Code of, Text first, Message why) : code(of), texts{first}, inner{std::move(why)} {}
  Message(Code of, std::vector<Message> all) : code(of), inner(std::move(all)) {}

  [[nodiscard]] bool empty() const { return code == Code{}; }
  friend bool operator==(const Message&, const Message&) = default;
};

/// What answered a request: the version and the sha256 of the very process.
struct AnsweredBy {
  Text version;
  Text sha256;

  friend bool operator==(const AnsweredBy&, const AnsweredBy&) = default;
};

/// What the server answers to one request. A refusal is a value like any other.
struct Reply {
  int status = 0;      ///< the HTTP status; 0 for what is no request, and for a request that hangs
  bool hangs = false;  ///< the server would never answer
  std::optional<AnsweredBy> answered_by;
  Message message;               ///< the error or the warning that comes with it; servers send one at most
  std::vector<Message> remarks;  ///< what of the answer the simulator does not know, or was never seen on a server

  [[nodiscard]] bool ok() const { return !hangs && status < 400; }
  friend bool operator==(const Reply&, const Reply&) = default;
};

/// Something happened that is no request: it has no status.
inline Reply happened() { return {}; }
Reply succeeded(int status);
Reply warned(int status, Message warning);
Reply refused(int status, Message error);
/// A bare Go error: Vault sends it inside `1 error occurred:`, and with status 500 unless the error carries another.
Reply failed(Message error, int status = 500);

}  // namespace replug::simulator
