#include "rules/evidence/facts.h"

#include <algorithm>

#include <fmt/format.h>

#include "text/printable.h"

namespace replug::rules {

namespace {

std::uint64_t key_of(simulator::Change::What what, simulator::Text subject) {
  return (static_cast<std::uint64_t>(what) << 32) | subject.id();
}

std::uint64_t key_of(simulator::Text subject, simulator::Text version) {
  return (static_cast<std::uint64_t>(subject.id()) << 32) | version.id();
}

bool scalar_is(const planner::Node& mapping, std::string_view key, std::string_view value) {
  const planner::Node::Entry* entry = mapping.find(key);
  return entry != nullptr ? entry->value->text() == value : value.empty();
}

const planner::Node* section(const planner::Plan& plan, std::string_view key) {
  if (plan.described.cluster == nullptr) return nullptr;
  const planner::Node::Entry* entry = plan.described.cluster->find(key);
  return entry == nullptr ? nullptr : entry->value;
}

}  // namespace

Facts::Facts(const planner::Plan& plan, const simulator::Forecast& forecast) : plan_(&plan), forecast_(&forecast) {
  position_of_.assign(plan.steps.size(), forecast.steps.size());
  for (std::size_t position = 0; position < forecast.steps.size(); ++position) {
    const simulator::StepForecast& step = forecast.steps[position];
    position_of_[step.step] = position;
    if (!step.reply.ok()) refused_.push_back(position);
    for (const simulator::Change& change : step.changes)
      by_subject_[key_of(change.what, change.subject)].push_back({position, &change});
  }
  gather_expected(plan.expect);
  for (const planner::PlannedStep& planned : plan.steps) {
    gather_expected(planned.step.expect);
    if (const auto* check = std::get_if<simulator::Check>(&planned.step.action)) gather_expected(check->expectations);
  }
}

void Facts::gather_expected(std::span<const simulator::Expectation> expectations) {
  using simulator::ClaimKey;
  using simulator::Expectation;
  const simulator::World& world = *forecast_->world;
  for (const Expectation& expectation : expectations) {
    if (expectation.subject == Expectation::Subject::plugin) continue;
    simulator::Text subject = expectation.mount;
    if (expectation.subject == Expectation::Subject::database) {
      const simulator::MountId mount = world.mount(expectation.mount);
      const simulator::ConnectionId connection =
          mount == simulator::no_mount ? simulator::no_connection : world.connection(mount, expectation.connection);
      if (connection == simulator::no_connection) continue;
      subject = world.connection(connection).label;
    }
    for (const simulator::Claim& claim : expectation.claims) {
      if (claim.key != ClaimKey::plugin_version && claim.key != ClaimKey::running_version) continue;
      const simulator::Text canonical = world.version(claim.value).canonical;
      expected_.insert(key_of(subject, canonical.empty() ? claim.value : canonical));
    }
  }
}

bool Facts::is_expected(simulator::Text subject, simulator::Text version) const {
  return expected_.contains(key_of(subject, version));
}

std::span<const ChangeAt> Facts::changes(simulator::Change::What what, simulator::Text subject) const {
  const auto found = by_subject_.find(key_of(what, subject));
  return found == by_subject_.end() ? std::span<const ChangeAt>{} : std::span<const ChangeAt>(found->second);
}

const ChangeAt* Facts::last_change(simulator::Change::What what, simulator::Text subject, simulator::CellField field,
                                   std::size_t position) const {
  const auto all = changes(what, subject);
  auto end = std::ranges::lower_bound(all, position, {}, &ChangeAt::position);
  while (end != all.begin()) {
    --end;
    if (end->change->field == field) return &*end;
  }
  return nullptr;
}

const ChangeAt* Facts::next_change(simulator::Change::What what, simulator::Text subject, simulator::CellField field,
                                   std::size_t position) const {
  const auto all = changes(what, subject);
  for (auto at = std::ranges::lower_bound(all, position, {}, &ChangeAt::position); at != all.end(); ++at) {
    if (at->change->field == field) return &*at;
  }
  return nullptr;
}

Event Facts::event_at(std::size_t position) const {
  const auto& planned = step_at(position);
  return {planned.step.id.str(), plan_->where(planned), forecast_->steps[position].step};
}

const planner::PlannedStep& Facts::step_at(std::size_t position) const {
  return plan_->steps[forecast_->steps[position].step];
}

const simulator::Cluster& Facts::end() const {
  if (!end_) {
    last_ = forecast_->last;
    end_.emplace(*forecast_->world, last_);
  }
  return *end_;
}

std::span<const Mismatch> Facts::mismatches() const {
  if (!mismatches_) mismatches_ = find_mismatches(*plan_, *forecast_);
  return *mismatches_;
}

std::optional<planner::Place> described_entry(const planner::Plan& plan, std::string_view type, std::string_view name,
                                              std::string_view version) {
  const planner::Node* catalog = section(plan, "catalog");
  if (catalog == nullptr) return std::nullopt;
  for (const planner::Node* item : catalog->items()) {
    if (scalar_is(*item, "type", type) && scalar_is(*item, "name", name) && scalar_is(*item, "version", version)) {
      return plan.described.document->place(*item);
    }
  }
  return std::nullopt;
}

std::optional<planner::Place> described_mount(const planner::Plan& plan, std::string_view path) {
  const bool auth = path.starts_with("auth/");
  const planner::Node* mounts = section(plan, auth ? "auth" : "secrets");
  if (mounts == nullptr) return std::nullopt;
  const planner::Node::Entry* entry = mounts->find(auth ? path.substr(5) : path);
  if (entry == nullptr) return std::nullopt;
  return plan.described.document->place(*entry->key);
}

std::string listed(std::span<const std::string> items, std::size_t most) {
  std::string text;
  const std::size_t shown_items = std::min(items.size(), most);
  for (std::size_t i = 0; i < shown_items; ++i) {
    const bool last = i + 1 == items.size();
    text += fmt::format("{}{}", i == 0 ? "" : last ? " and " : ", ", items[i]);
  }
  if (items.size() > shown_items) text += fmt::format(" and {} more", items.size() - shown_items);
  return text;
}

std::string version_words(simulator::Text version) {
  return version.empty() ? "the unversioned entry" : shown(version);
}

std::string short_sha(simulator::Text sha256) {
  return sha256.empty() ? "none" : text::printable(sha256.view().substr(0, 12));
}

std::string shown(simulator::Text text) { return text::printable(text.view()); }

}  // namespace replug::rules
