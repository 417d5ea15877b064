#pragma once

#include <string>
#include <string_view>

#include "report/telling/account.h"
#include "report/telling/subjects.h"
#include "simulator/medium/cluster.h"

namespace replug::report {

// What an account says in types, in words. They are the same in every format, and all of them are printable.

/// `vault-0`; `no node` for none. Printable.
std::string node_word(const simulator::World& world, simulator::NodeId node);
/// `active`, `standby`, `performance_standby`.
std::string_view role_word(const simulator::NodeState& node);
/// A version as it is shown: `v1.0.0`, or `(none)` for what has no version.
std::string version_word(simulator::Text version);

/// `problem`, `error`, `warning`, `note`.
std::string_view kind_word(Diagnostic::Kind kind);

/// The command line of a step, whole, for the cluster's own program (`vault` or `bao`). Not made printable: it is there
/// to be copied.
std::string command(const PlanAccount& plan, const StepAccount& step);
/// What a step came to: `ok (204)`, `REFUSED (400)`, `refused (400) as the plan says`.
std::string outcome_words(const StepAccount& step);
/// Who gets the requests of a step: `vault-0`, `load balancer, taken to be vault-0`; empty where nothing is sent.
std::string receiver_words(const PlanAccount& plan, const StepAccount& step);

/// `The process is gone; the next request starts it again.`
std::string sentence(const Remark& remark);

/// Which nodes run no plugins when the last step is done, and why not: `No plugins run on vault-1 (standby).`; empty
/// where all do. The plan must have a forecast.
std::string idle_words(const PlanAccount& plan);

/// `ok`, `refused at step-3`, `unexpected at the end`. The plan must have a forecast.
std::string verdict_words(const PlanAccount& plan);
/// `1 plan, 5 steps: ok. 0 errors, 1 warning, 0 notes.`
std::string summary_words(const Account& account);

}  // namespace replug::report
