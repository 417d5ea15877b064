#include "rules/evidence/facts.h"

#include <algorithm>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "simulator/steps/subjects.h"
#include "text/printable.h"
namespace replug::rules {

namespace {

std::uint64_t key_of(simulator::Text subject, simulator::Text version) {
  return (static_cast<std::uint64_t>(subject.id()) << 32) | version.id();
}

}  // namespace

Facts::Facts(const planner::Plan& plan, const simulator::Forecast& forecast) : plan_(&plan), forecast_(&forecast) {
  position_of_.assign(plan.steps.size(), forecast.steps.size());
  for (std::size_t position = 0; position < forecast.steps.size(); ++position) {
    const simulator::StepForecast& step = forecast.steps[position];
    position_of_[step.step] = position;
    if (!step.reply.ok()) refused_.push_back(position);
  }
  gather_expected(plan.expect);
  for (const planner::PlannedStep& planned : plan.steps) {
    has_needs_ = has_needs_ || planned.needs.has_value();
    gather_expected(planned.step.expect);
    gather_expected(simulator::listed_expectations(planned.step.action));
  }
  gather_end(plan.expect);
  if (plan.steps.empty()) return;
  const simulator::Step& last = plan.steps.back().step;
  gather_end(last.expect);
  gather_end(simulator::listed_expectations(last.action));
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

void Facts::gather_end(std::span<const simulator::Expectation> expectations) {
  for (const simulator::Expectation& expectation : expectations) {
    if (expectation.subject != simulator::Expectation::Subject::mount) continue;
    for (const simulator::Claim& claim : expectation.claims) {
      if (claim.key == simulator::ClaimKey::running_version) said_.insert(key_of(expectation.mount, claim.value));
    }
  }
}

bool Facts::is_expected(simulator::Text subject, simulator::Text version) const {
  return expected_.contains(key_of(subject, version));
}

bool Facts::is_said_to_run(simulator::Text mount, simulator::Text version) const {
  return said_.contains(key_of(mount, version));
}

const Timeline& Facts::timeline() const {
  if (!timeline_) timeline_.emplace(*plan_, *forecast_);
  return *timeline_;
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
  if (!mismatches_) mismatches_ = find_mismatches(*forecast_, timeline());
  return *mismatches_;
}

}  // namespace replug::rules
