#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/medium/cause.h"
#include "simulator/medium/cells.h"
#include "simulator/medium/reply.h"
#include "simulator/medium/state.h"
#include "simulator/medium/text.h"
#include "simulator/run/successor.h"

namespace replug::simulator {

class World;

/// One thing that a step changed.
struct Change {
  enum class What : std::uint8_t { mount, database, catalog, pin, node, file, processes };
  What what;
  Text subject;  ///< `my-secret/`, `database/my-db`, `secret my-secret-plugin v1.0.1`, `vault-0`, a file's name, a
                 ///< sha256
  CellField field;
  NodeId node = no_node;  ///< no_node: in storage
  Value from;
  Value to;
  Cause cause = Cause::written;
  Cell cell{};  ///< which cell of the state it is a change of
};
std::string_view to_string(Change::What what);

/// What one claim came to.
struct ClaimResult {
  std::size_t expectation = 0;  ///< its place in the list it stands in
  std::size_t claim = 0;        ///< its place in the expectation
  bool holds = false;
  std::string found;      ///< what was found instead, or the value
  NodeId node = no_node;  ///< where it does not hold
};

/// What a step did.
struct StepForecast {
  std::size_t step = 0;   ///< its place in the plan's `steps`
  NodeId node = no_node;  ///< the node that carried it out (that of the first request)
  ServerId server = 0;    ///< what that node ran before the step; of a step that no node gets the described one
  Reply reply;            ///< the first that was refused, else the last
  std::vector<NodeReply> replies;  ///< all of them, if there were several
  std::vector<Change> changes;
  std::vector<ClaimResult> expectations;
  std::vector<std::string> not_modelled;  ///< what of this step the simulator does not know
  std::vector<std::string> unverified;    ///< what of it is documented but was never seen on a server
  bool as_meant = true;                   ///< refused exactly if the plan says `fails`, and every claim holds
};

enum class Verdict : std::uint8_t { ok, refused, unexpected };
std::string_view to_string(Verdict verdict);

/// The run of a plan on the simulated cluster. Holds what changed at each step and the last state, not a state for each
/// step.
struct Forecast {
  std::shared_ptr<const World> world;
  std::vector<std::size_t> order;   ///< the steps in the order in which they were played, by their place in the plan
  std::vector<StepForecast> steps;  ///< in that order
  std::vector<ClaimResult> expectations;  ///< of the plan's own `expect`
  std::vector<std::string> assumed;       ///< on what the forecast rests beside the plan
  State last;
  Verdict verdict = Verdict::ok;
};

}  // namespace replug::simulator
