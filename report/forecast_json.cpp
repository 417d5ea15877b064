#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "report/json.h"
#include "report/report.h"
#include "report/words.h"
#include "simulator/run/simulate.h"
#include "simulator/vault/messages.h"

namespace replug::report {
namespace {

using simulator::NodeId;

Json node_name(const simulator::World& world, NodeId node) {
  return node == simulator::no_node ? Json(nullptr) : Json(world.node_name(node).view());
}

Json reply_json(const simulator::Reply& reply) {
  Json result = {{"ok", reply.ok()},
                 {"status", reply.status},
                 {"errors", simulator::errors_of(reply)},
                 {"warnings", simulator::warnings_of(reply)}};
  if (reply.answered_by) {
    result["answered_by"] = {{"version", reply.answered_by->version.view()},
                             {"sha256", reply.answered_by->sha256.view()}};
  }
  if (reply.hangs) result["hangs"] = true;
  return result;
}

/// What was not there is null; the empty text is the version of an unversioned plugin.
Json value_json(const simulator::Value& value) { return value.absent() ? Json{} : Json(change_value(value)); }

Json change_json(const simulator::World& world, const simulator::Change& change) {
  return {{"what", to_string(change.what)},   {"subject", change.subject.view()},
          {"field", to_string(change.field)}, {"node", node_name(world, change.node)},
          {"from", value_json(change.from)},  {"to", value_json(change.to)},
          {"why", sentence(change.cause)}};
}

Json claims_json(const simulator::World& world, const std::vector<JudgedClaim>& claims) {
  Json result = Json::array();
  for (const auto& claim : claims) {
    Json entry = Json::object();
    if (claim.place.known()) {
      const auto position = claim.place.begin();
      entry["place"] = fmt::format("{}:{}:{}", claim.place.source->name(), position.line, position.column);
    }
    entry["claim"] = claim.text;
    entry["holds"] = claim.result->holds;
    entry["found"] = claim.result->found;
    if (claim.result->node != simulator::no_node) entry["node"] = node_name(world, claim.result->node);
    result.push_back(std::move(entry));
  }
  return result;
}

Json step_json(const planner::Plan& plan, const simulator::World& world, const simulator::StepForecast& forecast) {
  const auto& step = plan.steps[forecast.step].step;
  Json result = {{"id", step.id.view()},
                 {"action", simulator::action_name(step.action)},
                 {"node", node_name(world, forecast.node)},
                 {"reply", reply_json(forecast.reply)}};
  for (const auto& each : forecast.replies) {
    result["replies"].push_back({{"node", node_name(world, each.node)}, {"reply", reply_json(each.reply)}});
  }
  result["changes"] = Json::array();
  for (const auto& change : forecast.changes) result["changes"].push_back(change_json(world, change));
  if (!forecast.expectations.empty()) result["expectations"] = claims_json(world, judged_claims(plan, forecast));
  if (!forecast.not_modelled.empty()) result["not_modelled"] = forecast.not_modelled;
  if (!forecast.unverified.empty()) result["unverified"] = forecast.unverified;
  result["as_meant"] = forecast.as_meant;
  return result;
}

/// The steps with what they did, and the state after each or only after the last. A forecast holds only the last state,
/// so the others come from playing the steps once more.
void write_steps(const Analysis& analysis, bool every_state, ObjectText& out) {
  const auto& forecast = *analysis.forecast;
  const auto& plan = analysis.plan();
  std::optional<simulator::Run> replay;
  if (every_state) replay.emplace(forecast.world);
  out.begin_list("steps");
  for (std::size_t i = 0; i < forecast.steps.size(); ++i) {
    const auto& step = forecast.steps[i];
    Json element = step_json(plan, *forecast.world, step);
    if (replay) {
      replay->play(step.step, plan.steps[step.step].step);
      element["state"] = state_json(replay->cluster());
    } else if (i + 1 == forecast.steps.size()) {
      simulator::State last = forecast.last;
      element["state"] = state_json(simulator::Cluster(*forecast.world, last));
    }
    out.element(compact(element));
  }
  out.end_list();
}

std::string problems_text(const Analysis& analysis) {
  ObjectText out;
  out.member("replug", 1);
  out.member("plan", analysis.file);
  out.member("verdict", "problems");
  for (const char* list : {"assumed", "steps", "expectations"}) out.member(list, Json::array());
  out.begin_list("problems");
  for (const auto& problem : analysis.reading.problems) out.element(compact(json(problem, analysis.file)));
  out.end_list();
  return out.finish();
}

}  // namespace

std::string forecast_text(const Analysis& analysis, bool every_state) {
  if (!analysis.forecast) return problems_text(analysis);
  const auto& forecast = *analysis.forecast;
  ObjectText out;
  out.member("replug", 1);
  out.member("plan", analysis.file);
  out.member("verdict", to_string(forecast.verdict));
  out.member("assumed", forecast.assumed);
  write_steps(analysis, every_state, out);
  out.member("expectations", claims_json(*forecast.world, judged_claims(analysis.plan(), forecast)));
  return out.finish();
}

std::string write_forecast_json(std::span<const Analysis> analyses, const Options& options) {
  if (analyses.size() == 1) return forecast_text(analyses.front(), options.every_state) + "\n";
  ObjectText out;
  out.member("replug", 1);
  out.begin_list("forecasts");
  for (const auto& analysis : analyses) out.element(forecast_text(analysis, options.every_state));
  out.end_list();
  return out.finish() + "\n";
}

}  // namespace replug::report
