#include "rules/evidence/no_return.h"

#include <algorithm>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "planner/reading/releases.h"

namespace replug::rules {

namespace {

using simulator::CellField;
using simulator::Change;

// Gathers the points of one kind after the other: an upgrade of a server, a disabled mount, a migration.
class Collector {
 public:
  explicit Collector(const PlayedPlan& played) : played_(played) {}

  std::vector<NoReturn> collect() {
    const Timeline& timeline = played_.facts.timeline();
    for (const ServerExchange& each : timeline.server_exchanges())
      add(NoReturn::Why::server, each.position, "an older server may not read what a newer one has written");
    for (const DataLoss& each : timeline.mount_data().losses) judge(each);
    for (const Transition& each : timeline.mount_data().transitions) judge(each);
    std::ranges::stable_sort(found_, {}, &NoReturn::position);
    const auto at_once = [](const NoReturn& one, const NoReturn& other) { return one.position == other.position; };
    found_.erase(std::unique(found_.begin(), found_.end(), at_once), found_.end());
    return std::move(found_);
  }

 private:
  // Where something is mounted there again, disable-wipes-data tells that the mount is enabled empty.
  void judge(const DataLoss& loss) {
    if (!std::holds_alternative<simulator::Disable>(played_.facts.step_at(loss.position).step.action)) return;
    const bool again = played_.facts.timeline().next_change(Change::What::mount, loss.mount, CellField::type,
                                                            loss.position + 1) != nullptr;
    if (!again)
      add(NoReturn::Why::disabled, loss.position, fmt::format("it destroys what is stored in {}", shown(loss.mount)));
  }

  void judge(const Transition& t) {
    if (t.described.empty()) return;
    const auto change = planner::version_change(played_.plan, to_string(t.type), t.plugin.view(), t.from, t.to);
    if (change.reached == nullptr) return;
    if (planner::migrates(t.schema, change.reached) == planner::Answer::yes) {
      add(NoReturn::Why::migration, t.position,
          fmt::format("it migrates the data of {} from schema {} to {}", shown(t.mount), *t.schema,
                      *change.reached->schema));
    } else if (!change.reached->schema && planner::is_one_way(*change.reached)) {
      add(NoReturn::Why::migration, t.position,
          fmt::format("from {} on {} cannot go back, as its release notes say", shown(t.to), shown(t.mount)));
    }
  }

  void add(NoReturn::Why why, std::size_t position, std::string what) {
    found_.push_back({why, position, std::move(what)});
  }

  const PlayedPlan& played_;
  std::vector<NoReturn> found_;
};

}  // namespace

std::vector<NoReturn> points_of_no_return(const PlayedPlan& played) { return Collector(played).collect(); }

}  // namespace replug::rules
