#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "report/telling/account.h"
#include "simulator/medium/cluster.h"
#include "simulator/run/view.h"

namespace replug::report {

/// Something about a mount or a connection on a node that an operator must know. Its sentence is made in
/// telling/words.h.
struct Remark {
  enum class Kind : std::uint8_t {
    respawns,                ///< the process is gone; the next request starts it again
    cannot_start,            ///< the process is gone and cannot be started
    not_loaded,              ///< no backend
    read_only,               ///< it answers, but cannot write
    not_known_here,          ///< `version` is configured, which this node does not know yet
    waits_for_reload,        ///< `version` is configured, `other` runs
    pin_waits_for_reload,    ///< `version` is pinned, `other` runs
    pin_overrides,           ///< the pin of `version` overrides what is configured
    other_version_reported,  ///< `version` runs, `other` is reported
    other_binary_reported,   ///< the same of their sha256
  };
  Kind kind;
  simulator::Text version = {};
  simulator::Text other = {};
};
/// Whether it says that nothing answers and nothing would.
bool is_out_of_service(Remark::Kind kind);
/// Whether it says that what runs is not what is configured, pinned or reported.
bool is_difference(Remark::Kind kind);

/// What one node shows of a mount or a connection, and what really runs there.
struct Sight {
  simulator::Status status = simulator::Status::absent;
  simulator::Text configured;  ///< as this node knows it
  std::optional<simulator::Text> reported, reported_sha256;
  std::optional<simulator::Text> actual, actual_sha256;  ///< of the process that would answer
  simulator::Text stored;  ///< what is configured in storage; a standby that serves reads can lag behind
  simulator::Text pinned;  ///< empty: nothing is
  bool read_only = false;
  std::vector<Remark> remarks;
};
/// What there is to say of what is seen.
std::vector<Remark> remarks_on(const Sight& sight);

/// A mount or a connection on one node. What is absent: it was not there, or that node ran no plugins.
struct Row {
  simulator::NodeId node;
  std::optional<Sight> before;  ///< when the first step begins
  std::optional<Sight> after;   ///< when the last step is done
};

/// A mount or a connection that is there at the start or at the end.
struct Subject {
  enum class Kind : std::uint8_t { mount, connection };
  Kind kind;
  simulator::Text name;  ///< a full path, or a connection's label `database/my-db`
  bool at_start = false;
  bool at_end = false;
  std::vector<Row> rows;  ///< the nodes that run plugins at the start or at the end, in the order of the plan
};
/// What runs where before and after: the mounts by path, then the connections by label. The plan must have a forecast.
std::vector<Subject> subjects_of(const PlanAccount& plan);

/// The nodes that run plugin processes of their own, in the order of the plan.
std::vector<simulator::NodeId> nodes_with_plugins(const simulator::Cluster& cluster);

}  // namespace replug::report
