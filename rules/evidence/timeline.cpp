#include "rules/evidence/timeline.h"

#include <algorithm>
#include <iterator>
#include <variant>

#include "planner/reading/planned_step.h"

namespace replug::rules {

namespace {

using simulator::CellField;
using simulator::Change;
using simulator::NodeId;
using simulator::Text;

const ChangeAt* last_before(std::span<const ChangeAt> history, std::size_t position) {
  const auto end = std::ranges::lower_bound(history, position, {}, &ChangeAt::position);
  return end == history.begin() ? nullptr : &*std::prev(end);
}

const ChangeAt* first_from(std::span<const ChangeAt> history, std::size_t position) {
  const auto at = std::ranges::lower_bound(history, position, {}, &ChangeAt::position);
  return at == history.end() ? nullptr : &*at;
}

}  // namespace

std::size_t Timeline::KeyHash::operator()(const Key& key) const {
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;  // 2^64 over the golden ratio spreads neighbours
  const std::uint64_t field = key.field ? static_cast<std::uint64_t>(*key.field) + 1 : 0;
  const std::uint64_t node = key.node ? *key.node + std::uint64_t{2} : 0;
  std::uint64_t hash = ((static_cast<std::uint64_t>(key.what) << 40) | (field << 32) | key.subject) * odd;
  hash = (hash ^ (hash >> 29) ^ node) * odd;
  return static_cast<std::size_t>(hash ^ (hash >> 32));
}

Timeline::Timeline(const planner::Plan& plan, const simulator::Forecast& forecast)
    : plan_(&plan),
      forecast_(&forecast),
      reader_(*forecast.world),
      state_(forecast.world->initial()),
      start_(*forecast.world, state_) {
  for (std::size_t position = 0; position < forecast.steps.size(); ++position) {
    for (const Change& change : forecast.steps[position].changes) {
      const ChangeAt at{position, &change};
      history_[{change.what, change.subject.id(), {}, {}}].push_back(at);
      history_[{change.what, change.subject.id(), change.field, {}}].push_back(at);
      history_[{change.what, change.subject.id(), change.field, change.node}].push_back(at);
    }
  }
  exchange_servers();
}

void Timeline::exchange_servers() {
  const simulator::World& world = *forecast_->world;
  exchanges_of_.resize(world.nodes());
  for (std::size_t position = 0; position < forecast_->steps.size(); ++position) {
    const simulator::Action& action = plan_->steps[forecast_->steps[position].step].step.action;
    const auto* step = std::get_if<simulator::UpgradeServer>(&action);
    const NodeId node = step == nullptr ? simulator::no_node : world.node(step->node);
    if (node == simulator::no_node) continue;
    const simulator::ServerId from = server(node, position);
    const auto to = simulator::server_after(*step, world.server(from).product);
    if (!to) continue;
    exchanges_of_[node].push_back(exchanges_.size());
    exchanges_.push_back({position, node, from, world.server_id(*to)});
  }
}

std::span<const ChangeAt> Timeline::history(const Key& key) const {
  const auto found = history_.find(key);
  return found == history_.end() ? std::span<const ChangeAt>{} : std::span<const ChangeAt>(found->second);
}

std::span<const ChangeAt> Timeline::history(What what, Text subject) const {
  return history({what, subject.id(), {}, {}});
}

std::span<const ChangeAt> Timeline::history(What what, Text subject, CellField field) const {
  return history({what, subject.id(), field, {}});
}

std::span<const ChangeAt> Timeline::history(What what, Text subject, CellField field, NodeId node) const {
  return history({what, subject.id(), field, node});
}

const ChangeAt* Timeline::last_change(What what, Text subject, CellField field, std::size_t position) const {
  return last_before(history(what, subject, field), position);
}

const ChangeAt* Timeline::next_change(What what, Text subject, CellField field, std::size_t position) const {
  return first_from(history(what, subject, field), position);
}

const ChangeAt* Timeline::made_by(What what, Text subject, CellField field, NodeId node, std::size_t position) const {
  return last_before(history(what, subject, field, node), position);
}

simulator::Value Timeline::value(What what, Text subject, CellField field, NodeId node, std::size_t position) const {
  const auto all = history(what, subject, field, node);
  if (const ChangeAt* made = last_before(all, position)) return made->change->to;
  return all.empty() ? reader_.read(start_, what, subject, field, node) : all.front().change->from;
}

MountedPlugin Timeline::plugin(What what, Text subject, std::size_t position) const {
  const bool database = what == What::database;
  const CellField field = database ? CellField::plugin_name : CellField::type;
  const simulator::World& world = *forecast_->world;
  const simulator::MountId mount = database ? simulator::no_mount : world.mount(subject);
  const bool auth = mount != simulator::no_mount && world.mount(mount).auth;
  return {database ? simulator::PluginType::database
          : auth   ? simulator::PluginType::auth
                   : simulator::PluginType::secret,
          value(what, subject, field, simulator::no_node, position).text()};
}

simulator::ServerId Timeline::server(NodeId node, std::size_t position) const {
  const auto& places = exchanges_of_[node];
  const auto position_of = [this](std::size_t place) { return exchanges_[place].position; };
  const auto end = std::ranges::lower_bound(places, position, {}, position_of);
  return end == places.begin() ? start_.node(node).server : exchanges_[*std::prev(end)].to;
}

const MountData& Timeline::mount_data() const {
  if (!mount_data_) mount_data_ = follow_mount_data(*plan_, *forecast_);
  return *mount_data_;
}

}  // namespace replug::rules
