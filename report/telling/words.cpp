#include "report/telling/words.h"

#include <variant>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "planner/reading/planned_step.h"
#include "report/telling/columns.h"
#include "simulator/run/view.h"
#include "simulator/steps/step.h"

namespace replug::report {
namespace {

std::string accepted_words(const StepAccount& step) {
  const auto& reply = step.forecast->reply;
  if (std::holds_alternative<simulator::Confirm>(step.step().action)) return "a person must say yes";
  if (reply.status == 0) return "done";
  if (!reply.answered_by) return fmt::format("ok ({})", reply.status);
  const auto& by = *reply.answered_by;
  return fmt::format("ok ({}), answered by {}", reply.status,
                     by.version.empty() ? "sha256 " + short_sha256(by.sha256.view()) : one_line(by.version.view()));
}

/// `1 ok, 2 refused`.
std::string verdict_counts(const Summary& summary) {
  std::vector<std::string> parts;
  if (summary.ok > 0) parts.push_back(fmt::format("{} ok", summary.ok));
  if (summary.refused > 0) parts.push_back(fmt::format("{} refused", summary.refused));
  if (summary.unexpected > 0) parts.push_back(fmt::format("{} unexpected", summary.unexpected));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string verdicts(const Account& account) {
  const bool one = account.plans.size() == 1 && account.plans.front().verdict;
  return one ? verdict_words(account.plans.front()) : verdict_counts(account.summary);
}

std::string finding_counts(const Summary& summary) {
  auto text = fmt::format(" {}, {}, {}", count(summary.errors, "error"), count(summary.warnings, "warning"),
                          count(summary.notes, "note"));
  if (summary.suppressed > 0) text += fmt::format(", {} suppressed", with_thousands(summary.suppressed));
  return text + ".";
}

std::string plans_told(const Account& account) {
  const auto& summary = account.summary;
  auto text = fmt::format("{}, {}", count(summary.files - summary.unreadable, "plan"), count(summary.steps, "step"));
  if (account.tells_forecasts()) text += ": " + verdicts(account);
  text += ".";
  if (account.tells_findings()) text += finding_counts(summary);
  if (summary.incomplete == 1) text += " Incomplete: a part is not modelled.";
  if (summary.incomplete > 1) {
    text += fmt::format(" Incomplete: a part of {} is not modelled.", count(summary.incomplete, "plan"));
  }
  return text;
}

std::string fact_of(const Remark& remark) {
  const auto version = version_word(remark.version);
  const auto other = version_word(remark.other);
  switch (remark.kind) {
    case Remark::Kind::respawns:
      return "The process is gone; the next request starts it again.";
    case Remark::Kind::cannot_start:
      return "the process is gone and cannot be started.";
    case Remark::Kind::not_loaded:
      return "no backend is loaded; requests get 404.";
    case Remark::Kind::read_only:
      return "It answers, but cannot write before the node is unsealed again.";
    case Remark::Kind::not_known_here:
      return fmt::format("{} is configured, but this node does not know it yet.", version);
    case Remark::Kind::waits_for_reload:
      return fmt::format("{} is configured, but {} runs until a reload or a restart.", version, other);
    case Remark::Kind::pin_waits_for_reload:
      return fmt::format("{} is pinned, but {} runs until a reload or a restart.", version, other);
    case Remark::Kind::pin_overrides:
      return fmt::format("The pin of {} overrides what is configured.", version);
    case Remark::Kind::other_version_reported:
      return fmt::format("{} really runs, although the server reports {}.", version, other);
    case Remark::Kind::other_binary_reported:
      return fmt::format("the binary {} really runs, although the server reports {}.",
                         short_sha256(remark.version.view()), short_sha256(remark.other.view()));
  }
  return "";
}

}  // namespace

std::string node_word(const simulator::World& world, simulator::NodeId node) {
  return node == simulator::no_node ? "no node" : one_line(world.node_name(node).view());
}

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

std::string version_word(simulator::Text version) { return version.empty() ? "(none)" : one_line(version.view()); }

std::string_view kind_word(Diagnostic::Kind kind) {
  switch (kind) {
    case Diagnostic::Kind::problem:
      return "problem";
    case Diagnostic::Kind::error:
      return "error";
    case Diagnostic::Kind::warning:
      return "warning";
    case Diagnostic::Kind::note:
      return "note";
  }
  return "";
}

std::string command(const PlanAccount& plan, const StepAccount& step) {
  return simulator::command_line(step.step(), plan.world().server(step.forecast->server));
}

std::string outcome_words(const StepAccount& step) {
  const auto code = step.forecast->reply.status;
  const auto status = code == 0 ? "" : fmt::format(" ({})", code);
  switch (step.outcome) {
    case Outcome::accepted:
      return accepted_words(step);
    case Outcome::accepted_unexpectedly:
      return accepted_words(step) + ", BUT THE PLAN SAYS IT FAILS";
    case Outcome::refused:
      return "REFUSED" + status;
    case Outcome::refused_as_meant:
      return "refused" + status + " as the plan says";
    case Outcome::refused_otherwise:
      return "REFUSED" + status + ", BUT WITH ANOTHER ERROR";
    case Outcome::hangs:
      return "NO ANSWER, it hangs";
    case Outcome::holds:
      return "holds";
    case Outcome::does_not_hold:
      return "DOES NOT HOLD";
  }
  return "";
}

std::string receiver_words(const PlanAccount& plan, const StepAccount& step) {
  const auto& replies = step.forecast->replies;
  if (replies.size() > 3) return fmt::format("{} nodes", replies.size());
  std::string names;
  for (const auto& each : replies) names += (names.empty() ? "" : ", ") + node_word(plan.world(), each.node);
  const auto node = step.forecast->node;
  if (names.empty() && node != simulator::no_node) names = node_word(plan.world(), node);
  if (step.step().at.who != simulator::At::Who::load_balancer) return names;
  return names.empty() ? "some node" : "load balancer, taken to be " + names;
}

std::string sentence(const Remark& remark) {
  const auto fact = fact_of(remark);
  if (is_out_of_service(remark.kind)) return "OUT OF SERVICE: " + fact;
  return is_difference(remark.kind) ? "DIFFERS: " + fact : fact;
}

std::string idle_words(const PlanAccount& plan) {
  const auto& world = plan.world();
  simulator::State last = plan.forecast().last;
  const simulator::Cluster cluster(world, last);
  std::vector<std::string> idle;
  for (simulator::NodeId node = 0; node < world.nodes(); ++node) {
    if (runs_plugins(cluster, node)) continue;
    const auto& state = cluster.node(node);
    idle.push_back(fmt::format("{} ({})", node_word(world, node), state.sealed != 0 ? "sealed" : role_word(state)));
  }
  if (idle.empty()) return "";
  if (idle.size() == world.nodes()) return "NO NODE IS ACTIVE: nothing is served.";
  return fmt::format("No plugins run on {}.", fmt::join(idle, ", "));
}

std::string verdict_words(const PlanAccount& plan) {
  constexpr std::size_t most = 30;  // columns of a step's id
  const auto verdict = to_string(plan.verdict->verdict);
  if (plan.verdict->verdict == simulator::Verdict::ok) return std::string(verdict);
  if (!plan.verdict->step) return fmt::format("{} at the end", verdict);
  return fmt::format("{} at {}", verdict, cut(one_line(plan.plan().steps[*plan.verdict->step].step.id.view()), most));
}

std::string summary_words(const Account& account) {
  const auto& summary = account.summary;
  std::string text;
  if (summary.unreadable < summary.files) text = plans_told(account);
  if (summary.unreadable > 0) {
    text += fmt::format("{}{} cannot be read as a plan: {}.", text.empty() ? "" : " ",
                        count(summary.unreadable, "file"), count(summary.problems, "problem"));
  }
  return text;
}

}  // namespace replug::report
