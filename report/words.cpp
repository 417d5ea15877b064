#include "report/words.h"

#include <algorithm>
#include <span>
#include <variant>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "report/columns.h"
#include "simulator/run/view.h"
#include "simulator/steps/subjects.h"

namespace replug::report {
namespace {

using planner::Node;
using simulator::ClaimKey;
using simulator::Expectation;

std::string_view key_of(ClaimKey claim) {
  switch (claim) {
    case ClaimKey::plugin_version:
      return "plugin_version";
    case ClaimKey::running_version:
      return "running_version";
    case ClaimKey::running_sha256:
      return "running_sha256";
    case ClaimKey::serving:
      return "serving";
    case ClaimKey::registered:
      return "registered";
    case ClaimKey::sha256:
      return "sha256";
    case ClaimKey::plugin:
      return "plugin";
    case ClaimKey::status:
      return "status";
  }
  return "";
}

std::string subject_of(const Expectation& expectation) {
  switch (expectation.subject) {
    case Expectation::Subject::mount:
      return "mount " + expectation.mount.str();
    case Expectation::Subject::database:
      return fmt::format("database {}{}", expectation.mount.view(), expectation.connection.view());
    case Expectation::Subject::plugin:
      return fmt::format("plugin {} {}{}{}", expectation.type.view(), expectation.name.view(),
                         expectation.version.empty() ? "" : " ", expectation.version.view());
  }
  return "";
}

std::string value_of(const simulator::Claim& claim) {
  if (claim.key == ClaimKey::serving || claim.key == ClaimKey::registered) return claim.truth ? "true" : "false";
  return claim.value.empty() ? "\"\"" : claim.value.str();
}

/// The place of a claim's key in its item of the list; of the item where it cannot be told.
planner::Place place_of(const planner::Plan& plan, const Node* list, std::size_t item, std::string_view key) {
  if (list == nullptr || item >= list->items().size()) return {};
  const Node& mapping = *list->items()[item];
  const auto* entry = mapping.find(key);
  return plan.place(entry == nullptr ? mapping : *entry->key);
}

std::vector<JudgedClaim> judged(const planner::Plan& plan, std::span<const Expectation> expectations, const Node* list,
                                std::span<const simulator::ClaimResult> results) {
  std::vector<JudgedClaim> claims;
  for (const auto& result : results) {
    const auto& expectation = expectations[result.expectation];
    const auto& claim = expectation.claims[result.claim];
    claims.push_back({place_of(plan, list, result.expectation, key_of(claim.key)),
                      fmt::format("{} {}: {}", subject_of(expectation), key_of(claim.key), value_of(claim)), &result});
  }
  return claims;
}

std::size_t claims_in(std::span<const Expectation> expectations) {
  std::size_t sum = 0;
  for (const auto& expectation : expectations) sum += expectation.claims.size();
  return sum;
}

}  // namespace

std::string_view role_word(const simulator::NodeState& node) {
  switch (static_cast<simulator::Role>(node.role)) {
    case simulator::Role::active:
      return "active";
    case simulator::Role::standby:
      return "standby";
    case simulator::Role::performance_standby:
      return "performance_standby";
  }
  return "";
}

std::string change_value(simulator::Text value) {
  constexpr char separator = '\x1f';  // behind each of them: simulator/world.cpp
  auto text = value.str();
  if (text.ends_with(separator)) text.pop_back();
  std::ranges::replace(text, separator, ' ');
  return text;
}

std::string version_word(simulator::Text version) { return version.empty() ? "(none)" : one_line(version.view()); }

std::vector<simulator::NodeId> nodes_with_plugins(const simulator::Cluster& cluster) {
  std::vector<simulator::NodeId> nodes;
  for (simulator::NodeId node = 0; node < cluster.world().nodes(); ++node) {
    if (runs_plugins(cluster, node)) nodes.push_back(node);
  }
  return nodes;
}

std::vector<JudgedClaim> judged_claims(const planner::Plan& plan, const simulator::Forecast& forecast) {
  return judged(plan, plan.expect, plan.expect_node, forecast.expectations);
}

std::vector<JudgedClaim> judged_claims(const planner::Plan& plan, const simulator::StepForecast& forecast) {
  const auto& planned = plan.steps[forecast.step];
  std::span<const simulator::ClaimResult> results = forecast.expectations;
  const auto listed = simulator::listed_expectations(planned.step.action);
  const auto own = std::min(results.size(), claims_in(listed));
  auto claims = judged(plan, listed, planned.action_value, results.first(own));
  results = results.subspan(own);
  const auto* entry = planned.node->find("expect");
  const auto later = judged(plan, planned.step.expect, entry == nullptr ? nullptr : entry->value, results);
  claims.insert(claims.end(), later.begin(), later.end());
  return claims;
}

}  // namespace replug::report
