#include "rules/evidence/no_return.h"

#include <unordered_map>

#include <fmt/format.h>

namespace replug::rules {

namespace {

using planner::Release;
using planner::VersionConstraint;
using simulator::Change;
using simulator::Text;

// A mount with data: what its plugin is, which version wrote last, and the schema where that is known.
struct Data {
  Text plugin;
  Text version;
  std::optional<std::int64_t> schema;
};

class Watcher {
 public:
  explicit Watcher(const PlayedPlan& played) : played_(played) {
    for (const simulator::MountDescription& mount : played.plan.cluster.mounts) {
      const Text version = mount.running_version.value_or(mount.plugin_version);
      const Release* release = release_of(mount.path, mount.plugin, version);
      data_[mount.path.id()] = {mount.plugin, version,
                                mount.schema         ? mount.schema
                                : release == nullptr ? std::nullopt
                                                     : release->schema};
    }
  }

  std::vector<NoReturn> watch() {
    for (std::size_t position = 0; position < played_.forecast.steps.size(); ++position) look_at(position);
    return std::move(found_);
  }

 private:
  void look_at(std::size_t position) {
    carried_.reset();
    moved_to_ = {};
    const auto& action = played_.facts.step_at(position).step.action;
    if (std::holds_alternative<simulator::UpgradeServer>(action)) {
      tell(NoReturn::Why::server, position, "an older server may not read what a newer one has written");
    }
    for (const Change& change : played_.forecast.steps[position].changes) {
      if (change.what != Change::What::mount) continue;
      if (change.field == simulator::CellField::type)
        came_or_went(position, change, std::holds_alternative<simulator::Disable>(action));
      if (change.field == simulator::CellField::type && std::holds_alternative<simulator::Move>(action)) carry(change);
      if (change.field == simulator::CellField::actual_version && !change.to.absent()) arrive(position, change);
    }
  }

  void came_or_went(std::size_t position, const Change& change, bool disabled) {
    const auto known = data_.find(change.subject.id());
    if (known == data_.end()) return;
    const bool again = disabled && played_.facts.next_change(Change::What::mount, change.subject,
                                                             simulator::CellField::type, position + 1) != nullptr;
    if (disabled && change.to.absent() && !again) {
      tell(NoReturn::Why::disabled, position, fmt::format("it destroys what is stored in {}", shown(change.subject)));
    }
    carried_ = known->second;
    data_.erase(known);
  }

  // A mount that is moved takes its data along. Its old path is told of as gone, its new one as come, in either order.
  void carry(const Change& change) {
    if (change.from.absent()) moved_to_ = change.subject;
    if (moved_to_.empty() || !carried_) return;
    data_[moved_to_.id()] = *carried_;
    moved_to_ = {};
    carried_.reset();
  }

  void arrive(std::size_t position, const Change& change) {
    const auto known = data_.find(change.subject.id());
    if (known == data_.end() || known->second.version == change.to) return;
    Data& data = known->second;
    const Release* release = release_of(change.subject, data.plugin, change.to);
    if (release != nullptr && release->schema) {
      if (data.schema && *release->schema > *data.schema) {
        tell(NoReturn::Why::migration, position,
             fmt::format("it migrates the data of {} from schema {} to {}", shown(change.subject), *data.schema,
                         *release->schema));
      }
      data.schema = release->schema;
    } else if (release != nullptr && release->downgrade_to &&
               release->downgrade_to->kind == VersionConstraint::Kind::none) {
      tell(NoReturn::Why::migration, position,
           fmt::format("from {} on {} cannot go back, as its release notes say", shown(change.to),
                       shown(change.subject)));
    }
    data.version = change.to;
  }

  [[nodiscard]] const Release* release_of(Text path, Text plugin, Text version) const {
    const simulator::MountId mount = played_.world().mount(path);
    const bool auth = mount != simulator::no_mount && played_.world().mount(mount).auth;
    return played_.plan.release(auth ? "auth" : "secret", plugin.view(), version.view());
  }

  void tell(NoReturn::Why why, std::size_t position, std::string what) {
    if (found_.empty() || found_.back().position != position) found_.push_back({why, position, std::move(what)});
  }

  const PlayedPlan& played_;
  std::unordered_map<std::uint32_t, Data> data_;  // by the number of the path
  std::optional<Data> carried_;
  Text moved_to_;
  std::vector<NoReturn> found_;
};

}  // namespace

std::vector<NoReturn> points_of_no_return(const PlayedPlan& played) { return Watcher(played).watch(); }

}  // namespace replug::rules
