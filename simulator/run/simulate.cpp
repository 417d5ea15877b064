#include "simulator/run/simulate.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "simulator/run/changes.h"
#include "simulator/run/expectations.h"
#include "simulator/run/successor.h"
#include "simulator/run/view.h"
#include "simulator/steps/step.h"
#include "simulator/steps/subjects.h"
#include "simulator/vault/messages.h"

namespace replug::simulator {

namespace {

void tell_remarks(StepForecast& forecast, const Reply& reply) {
  for (std::string& what : not_modelled_in(reply)) forecast.not_modelled.push_back(std::move(what));
  for (std::string& what : unverified_in(reply)) forecast.unverified.push_back(std::move(what));
}

// What any of the replies leaves open, the step leaves open.
void tell_remarks(StepForecast& forecast) {
  if (forecast.replies.empty()) tell_remarks(forecast, forecast.reply);
  for (const NodeReply& each : forecast.replies) tell_remarks(forecast, each.reply);
}

bool reply_as_meant(const Reply& reply, const std::optional<Fails>& fails) {
  if (!fails) return reply.ok();
  // Nobody who waits for an error is answered by silence.
  return !reply.ok() && !reply.hangs && (fails->part.empty() || says(reply, fails->part.view()));
}

bool all_hold(std::span<const ClaimResult> results) {
  return std::ranges::all_of(results, [](const ClaimResult& result) { return result.holds; });
}

}  // namespace

Run::Run(const std::shared_ptr<const World>& world) : Run(world, world->initial()) {}

Run::Run(std::shared_ptr<const World> world, State from)
    : world_(std::move(world)), state_(std::move(from)), cluster_(*world_, state_, &log_), shown_(statuses(cluster_)) {}

void Run::advance(const Step& step) {
  log_.clear();
  successor(cluster_, step);
}

StepForecast Run::play(std::size_t number, const Step& step) {
  log_.clear();
  Outcome outcome = successor(cluster_, step);
  StepForecast forecast;
  forecast.step = number;
  forecast.node = outcome.node;
  forecast.server = outcome.server;
  forecast.reply = std::move(outcome.reply);
  forecast.replies = std::move(outcome.replies);
  tell_remarks(forecast);
  forecast.changes = changes_since(cluster_, log_, shown_);
  forecast.expectations = judge(listed_expectations(step.action));
  for (ClaimResult& result : judge(step.expect)) forecast.expectations.push_back(std::move(result));
  forecast.reply_as_meant = reply_as_meant(forecast.reply, step.fails);
  forecast.as_meant = forecast.reply_as_meant && all_hold(forecast.expectations);
  return forecast;
}

std::vector<ClaimResult> Run::judge(std::span<const Expectation> expectations) const {
  return judge_expectations(cluster_, expectations);
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok:
      return "ok";
    case Verdict::refused:
      return "refused";
    case Verdict::unexpected:
      return "unexpected";
  }
  return "";
}

namespace {

// A step that was refused and not meant to be weighs more than an expectation that does not hold.
Verdict verdict_of(const Forecast& forecast, std::span<const Step> steps) {
  Verdict verdict = all_hold(forecast.expectations) ? Verdict::ok : Verdict::unexpected;
  for (const StepForecast& step : forecast.steps) {
    if (!step.reply.ok() && (step.reply.hangs || !steps[step.step].fails)) return Verdict::refused;
    if (!step.as_meant) verdict = Verdict::unexpected;
  }
  return verdict;
}

void say_assumptions(Forecast& forecast, std::span<const Step> steps) {
  const auto given = forecast.world->assumed();
  forecast.assumed.assign(given.begin(), given.end());
  const bool balanced = forecast.world->description().address.who == Address::Who::load_balancer;
  for (const Step& step : steps) {
    if (step.at.who != At::Who::load_balancer && !(balanced && step.at.who == At::Who::unsaid)) continue;
    forecast.assumed.emplace_back(
        "Which node a load balancer chooses is not known: such requests are taken to reach the active node.");
    break;
  }
  for (ServerId id = 0; id < forecast.world->servers(); ++id) {
    if (!forecast.world->capabilities(id).reports_running_connections || forecast.world->connections() == 0) continue;
    forecast.assumed.emplace_back(
        "Somebody reads the database configurations after each step, which on Vault 1.16 and later starts the plugin "
        "of a connection that "
        "has none.");
    break;
  }
}

// Steps that each reach every mount or every node tell a product of the two, from a plan that is their sum: what is
// told beyond a generous share of each step is left out. Whatever the limit, the steps are played to the end.
class Limit {
 public:
  explicit Limit(std::size_t steps) : left_(always + each_step * steps) {}

  void hold(StepForecast& step) {
    const std::size_t told = step.changes.size() + step.replies.size();
    if (told <= left_) {
      left_ -= told;
      return;
    }
    step.changes = {};
    step.replies = {};
    if (!std::exchange(left_out_, true)) step.not_modelled.emplace_back(sentence);
    left_ = 0;
  }

 private:
  static constexpr std::size_t always = 500'000;
  static constexpr std::size_t each_step = 20;
  static constexpr std::string_view sentence =
      "the plan changes more than can be told (500 000 changes and nodes' answers, and 20 more for each step): what "
      "this "
      "step and those behind it change is left out. Split the plan, or describe fewer mounts or nodes.";

  std::size_t left_;
  bool left_out_ = false;
};

}  // namespace

Forecast simulate(const ClusterDescription& cluster, std::span<const Step> steps, std::span<const std::size_t> order,
                  std::span<const Expectation> expect, Texts& texts) {
  Forecast forecast;
  forecast.world = World::make(cluster, steps, expect, texts);
  forecast.order.assign(order.begin(), order.end());
  Run run(forecast.world);
  Limit limit(steps.size());
  for (const std::size_t number : order) {
    forecast.steps.push_back(run.play(number, steps[number]));
    limit.hold(forecast.steps.back());
  }
  forecast.expectations = run.judge(expect);
  forecast.last = run.state();
  forecast.verdict = verdict_of(forecast, steps);
  say_assumptions(forecast, steps);
  return forecast;
}

}  // namespace replug::simulator
