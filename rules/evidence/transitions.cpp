#include "rules/evidence/transitions.h"

#include <optional>
#include <unordered_map>

namespace replug::rules {

namespace {

using simulator::Change;
using simulator::Text;

struct Data {
  Text described;
  Text plugin;
  std::optional<Text> version;  ///< that ran last; none while nothing has run yet
};

class Watcher {
 public:
  explicit Watcher(const PlayedPlan& played) : played_(played) {
    for (const simulator::MountDescription& mount : played.plan.cluster.mounts) {
      data_[mount.path.id()] = {mount.path, mount.plugin, mount.running_version.value_or(mount.plugin_version)};
    }
  }

  std::vector<Transition> watch() {
    for (std::size_t position = 0; position < played_.forecast.steps.size(); ++position) {
      const bool moves = std::holds_alternative<simulator::Move>(played_.facts.step_at(position).step.action);
      if (moves) carry(played_.forecast.steps[position].changes);
      for (const Change& change : played_.forecast.steps[position].changes) {
        if (change.what != Change::What::mount) continue;
        if (change.field == simulator::CellField::type && !moves)
          data_[change.subject.id()] = {{}, change.to, std::nullopt};
        if (change.field == simulator::CellField::actual_version && !change.to.absent()) arrive(position, change);
      }
    }
    return std::move(found_);
  }

 private:
  // A mount that is moved takes its data along.
  void carry(const std::vector<Change>& changes) {
    Text from;
    Text to;
    for (const Change& change : changes) {
      if (change.what != Change::What::mount || change.field != simulator::CellField::type) continue;
      (change.to.absent() ? from : to) = change.subject;
    }
    const auto known = data_.find(from.id());
    if (from.empty() || to.empty() || known == data_.end()) return;
    const Data data = known->second;
    data_.erase(known);
    data_[to.id()] = data;
  }

  void arrive(std::size_t position, const Change& change) {
    Data& data = data_[change.subject.id()];
    if (data.version && *data.version != change.to) {
      const simulator::MountId mount = played_.world().mount(change.subject);
      const bool auth = mount != simulator::no_mount && played_.world().mount(mount).auth;
      found_.push_back({position, change.subject, data.described,
                        auth ? simulator::PluginType::auth : simulator::PluginType::secret, data.plugin, *data.version,
                        change.to});
    }
    data.version = change.to;
  }

  const PlayedPlan& played_;
  std::unordered_map<std::uint32_t, Data> data_;  // by the number of the path
  std::vector<Transition> found_;
};

}  // namespace

std::vector<Transition> transitions(const PlayedPlan& played) { return Watcher(played).watch(); }

}  // namespace replug::rules
