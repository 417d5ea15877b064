#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulator/medium/text.h"

namespace replug::simulator {

/// What answered a request: the version and the sha256 of the very process.
struct AnsweredBy {
  Text version;
  Text sha256;
};

/// What the server answers to one request. A refusal is a value like any other.
struct Reply {
  int status = 0;         ///< the HTTP status; 0 for what is no request, and for a request that hangs
  bool hangs = false;     ///< the server would never answer
  bool answered = false;  ///< `answered_by` is known
  AnsweredBy answered_by;
  std::vector<std::string> errors;  ///< as the server sends them
  std::vector<std::string> warnings;
  std::vector<std::string> not_modelled;  ///< what of the answer the simulator does not know
  std::vector<std::string> unverified;    ///< what of it is documented but was never seen on a server

  [[nodiscard]] bool ok() const { return !hangs && status < 400; }
};

/// Something happened that is no request: it has no status.
inline Reply happened() { return {}; }
Reply succeeded(int status);
Reply refused(int status, std::string error);
/// A bare Go error: Vault sends it inside `1 error occurred:`, and with status 500 unless the error carries another.
Reply failed(const std::string& error, int status = 500);
/// A list of errors, as Vault's `multierror` prints one.
std::string error_list(const std::vector<std::string>& errors);

}  // namespace replug::simulator
