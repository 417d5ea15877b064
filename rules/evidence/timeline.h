#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "planner/reading/plan.h"
#include "rules/evidence/cell_reader.h"
#include "rules/evidence/mount_data.h"
#include "simulator/medium/cluster.h"
#include "simulator/medium/world.h"
#include "simulator/run/forecast.h"

namespace replug::rules {

/// A change with the step that made it, by the step's position in the run.
struct ChangeAt {
  std::size_t position;
  const simulator::Change* change;
};

/// A step gives a node another server.
struct ServerExchange {
  std::size_t position;
  simulator::NodeId node;
  simulator::ServerId from, to;
};

/// The plugin behind a mount or a connection.
struct MountedPlugin {
  simulator::PluginType type;
  simulator::Text name;  ///< empty: nothing is there
};

/// The run by what it is about: what each field of each subject held over the positions, and which step made it so.
/// Positions count the steps in the order of the run; what holds at a position is what the step there finds, so that
/// the number of steps stands for the end. Built in one pass over the changes; a question costs a binary search.
class Timeline {
 public:
  using What = simulator::Change::What;

  Timeline(const planner::Plan& plan, const simulator::Forecast& forecast);
  Timeline(const Timeline&) = delete;  // its cluster is a view of its own state
  Timeline& operator=(const Timeline&) = delete;

  /// The changes of a subject, in the order of the run: all of them, those of one field wherever it is (in storage, on
  /// whichever node), and those of one field in one place (no_node: in storage).
  [[nodiscard]] std::span<const ChangeAt> history(What what, simulator::Text subject) const;
  [[nodiscard]] std::span<const ChangeAt> history(What what, simulator::Text subject, simulator::CellField field) const;
  [[nodiscard]] std::span<const ChangeAt> history(What what, simulator::Text subject, simulator::CellField field,
                                                  simulator::NodeId node) const;
  /// The last change of that field before the step at `position`, wherever it is; nullptr if there was none.
  [[nodiscard]] const ChangeAt* last_change(What what, simulator::Text subject, simulator::CellField field,
                                            std::size_t position) const;
  /// The first change of that field at or after `position`; nullptr if there is none.
  [[nodiscard]] const ChangeAt* next_change(What what, simulator::Text subject, simulator::CellField field,
                                            std::size_t position) const;
  /// The change that made the field in that place what it is at `position`; nullptr if it was described so.
  [[nodiscard]] const ChangeAt* made_by(What what, simulator::Text subject, simulator::CellField field,
                                        simulator::NodeId node, std::size_t position) const;
  /// What the field held in that place.
  [[nodiscard]] simulator::Value value(What what, simulator::Text subject, simulator::CellField field,
                                       simulator::NodeId node, std::size_t position) const;

  /// The cluster before the first step.
  [[nodiscard]] const simulator::Cluster& start() const { return start_; }
  /// The plugin that is stored for a mount or a connection.
  [[nodiscard]] MountedPlugin plugin(What what, simulator::Text subject, std::size_t position) const;

  /// The server of a node.
  [[nodiscard]] simulator::ServerId server(simulator::NodeId node, std::size_t position) const;
  [[nodiscard]] std::span<const ServerExchange> server_exchanges() const { return exchanges_; }

  /// What versions the data of each mount went through, wherever the mount was moved to; found out when it is first
  /// asked for.
  [[nodiscard]] const MountData& mount_data() const;

 private:
  /// Of one subject: one field or all of them, in one place or wherever it is.
  struct Key {
    What what;
    std::uint32_t subject;
    std::optional<simulator::CellField> field;
    std::optional<simulator::NodeId> node;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };

  [[nodiscard]] std::span<const ChangeAt> history(const Key& key) const;
  void exchange_servers();

  const planner::Plan* plan_;
  const simulator::Forecast* forecast_;
  CellReader reader_;
  simulator::State state_;
  simulator::Cluster start_;
  std::unordered_map<Key, std::vector<ChangeAt>, KeyHash> history_;
  std::vector<ServerExchange> exchanges_;
  std::vector<std::vector<std::size_t>> exchanges_of_;  // by node: places in `exchanges_`
  mutable std::optional<MountData> mount_data_;
};

}  // namespace replug::rules
