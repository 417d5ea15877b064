// Plans that nobody wrote: what must hold of every plan that the reader accepts, whatever stands in it.
//
// REPLUG_PLANS sets how many plans are tried, REPLUG_SEED the seed of the first; the next ones follow it. So one plan
// is tried again with REPLUG_PLANS=1 REPLUG_SEED=<the seed that a failure names>.

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "planner/reading/planned_step.h"
#include "simulator/medium/server.h"
#include "simulator/run/simulate.h"
#include "simulator/steps/step.h"
#include "tests/generated/generator.h"
#include "tests/generated/played.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

namespace replug::generated {
namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// Not optimised builds, and those with sanitizers, try fewer.
#ifdef NDEBUG
constexpr std::uint64_t usual_plans = 20'000;
#else
constexpr std::uint64_t usual_plans = 2'000;
#endif

// ---------------------------------------------------------------------------------------------------- which plan it is

std::uint64_t present_seed = 0;

/// A crash ends the process before anything is told: then at least the plan's seed is.
void tell_seed() {
  std::array<char, 100> text{};
  const auto end =
      fmt::format_to_n(text.data(), text.size(), "\nREPLUG_PLANS=1 REPLUG_SEED={} is the plan\n", present_seed);
  (void)!::write(STDERR_FILENO, text.data(), end.size);
}

void tell_seed_and_die(int signal) {
  tell_seed();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void tell_seed_of_crashes() {
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_set_death_callback(tell_seed);
#else
  for (const int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGILL}) std::signal(signal, tell_seed_and_die);
#endif
}

using Visit = std::function<void(const Files&, std::uint64_t number)>;

/// Visits every plan, or one of so many. Stops after the first that fails.
void for_each_plan(const Visit& visit, std::uint64_t one_of = 1) {
  tell_seed_of_crashes();
  const std::uint64_t first = number_from("REPLUG_SEED", 1);
  const std::uint64_t count = number_from("REPLUG_PLANS", usual_plans);
  for (std::uint64_t i = 0; i < count && !testing::Test::HasFailure(); i += one_of) {
    present_seed = first + i;
    const Files files = random_plan(present_seed);
    try {
      visit(files, i);
    } catch (const std::exception& trouble) {
      ADD_FAILURE() << trouble.what();
    }
    if (testing::Test::HasFailure())
      ADD_FAILURE() << "the plan of REPLUG_PLANS=1 REPLUG_SEED=" << present_seed << ":\n" << shown(files);
  }
}

std::string problems_of(const planner::Reading& reading) {
  std::string all;
  for (const auto& problem : reading.problems) all += fmt::format("{} {}\n", problem.message, problem.help);
  return all;
}

// ---------------------------------------------------------------------------------------------------- what must hold

/// A text report holds nothing that a terminal or a CI system would act on.
void expect_harmless(const std::string& text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    ASSERT_TRUE(byte == '\n' || (byte >= 0x20 && byte != 0x7f)) << "a control character in the report: " << int{byte};
  }
  EXPECT_EQ(text.find("\n::"), std::string::npos) << "a line that is a command to a CI system";
}

/// A refusal that is not meant and a claim that does not hold are told as errors, and nothing else makes the verdict.
void expect_verdict_is_told(const analysis::Analysis& analysis) {
  std::size_t refused = 0;
  for (const auto& step : analysis.forecast->steps) {
    const auto& planned = analysis.plan().steps[step.step];
    if (!step.reply.ok() && (step.reply.hangs || !planned.step.fails)) ++refused;
  }
  std::size_t told = 0;
  for (const auto& finding : analysis.judgement->findings) told += finding.rule->id == "step-refused" ? 1 : 0;
  EXPECT_EQ(told, refused);
  EXPECT_EQ(analysis.forecast->verdict == simulator::Verdict::refused, refused > 0);
}

TEST(Generated, EveryPlanIsToldInEveryFormat) {
  for_each_plan([](const Files& files, std::uint64_t /*number*/) {
    const auto analysis = analysed(files);
    ASSERT_TRUE(analysis.reading.plan) << problems_of(analysis.reading);
    std::set<std::string> formats;
    for (const Told& one : told(analysis)) {
      formats.insert(one.format);
      if (!one.colored) expect_harmless(one.text);
      EXPECT_TRUE(one.format != "json" || nlohmann::json::accept(one.text)) << one.text;
    }
    EXPECT_GE(formats.size(), 3U);
    if (analysis.forecast) expect_verdict_is_told(analysis);
  });
}

TEST(Generated, ThePlanToldTwiceIsTheSameBytes) {
  for_each_plan(
      [](const Files& files, std::uint64_t /*number*/) { EXPECT_TRUE(told(analysed(files)) == told(analysed(files))); },
      10);
}

TEST(Generated, ToAdvanceLeadsWhereToPlayLeads) {
  for_each_plan(
      [](const Files& files, std::uint64_t /*number*/) {
        const auto analysis = analysed(files);
        if (!analysis.forecast) return;
        std::vector<simulator::Step> steps;
        for (const auto& planned : analysis.plan().steps) steps.push_back(planned.step);
        simulator::Run run(analysis.forecast->world);
        for (const std::size_t number : analysis.forecast->order) run.advance(steps[number]);
        EXPECT_TRUE(run.state() == analysis.forecast->last);
      },
      5);
}

// ---------------------------------------------------------------------------------------------------- what is covered

/// Among so many plans, whatever a plan may have must be met.
constexpr std::uint64_t coverage_plans = 2'000;

/// `register.oci_image`: the actions and fields that the simulator knows.
template <class Kind>
void add_fields(std::set<std::string>& all) {
  all.insert(std::string(Kind::action));
  simulator::for_each_field<Kind>([&](const auto& field) {
    if (!field.name.empty() && field.name != "other") all.insert(fmt::format("{}.{}", Kind::action, field.name));
  });
}

template <class... Kinds>
std::set<std::string> fields_of(const std::variant<Kinds...>* /*actions*/) {
  std::set<std::string> all;
  (add_fields<Kinds>(all), ...);
  return all;
}

TEST(Generated, EveryKindOfStepHasEachOfItsFieldsInSomePlan) {
  auto missing = fields_of(static_cast<const simulator::Action*>(nullptr));
  for (std::uint64_t seed = 1; seed <= coverage_plans && !missing.empty(); ++seed) {
    const auto reading = read(random_plan(seed));
    ASSERT_TRUE(reading.plan) << problems_of(reading);
    for (const auto& planned : reading.plan->steps) {
      const std::string action(planned.action_key->text());
      missing.erase(action);
      for (const auto& field : planned.action_value->entries())
        missing.erase(fmt::format("{}.{}", action, field.key->text()));
    }
  }
  EXPECT_TRUE(missing.empty()) << fmt::format("{}", fmt::join(missing, ", "));
}

using planner::Plan;
using simulator::At;
using simulator::Step;

bool any_step(const Plan& plan, const std::function<bool(const Step&)>& is_so) {
  return std::ranges::any_of(plan.steps, [&](const auto& planned) { return is_so(planned.step); });
}

bool any_node(const Plan& plan, simulator::Role role, bool replica) {
  return std::ranges::any_of(plan.cluster.nodes,
                             [&](const auto& node) { return node.role == role && !node.replica.empty() == replica; });
}

bool any_at(const Plan& plan, At::Who who, std::size_t nodes) {
  return any_step(plan, [&](const Step& step) { return step.at.who == who && step.at.nodes.size() == nodes; });
}

bool any_claim(const Plan& plan, simulator::ClaimKey key) {
  const auto has = [&](const simulator::Expectation& expectation) {
    return std::ranges::count(expectation.claims, key, &simulator::Claim::key) > 0;
  };
  return std::ranges::any_of(plan.expect, has) ||
         any_step(plan, [&](const Step& step) { return std::ranges::any_of(step.expect, has); });
}

bool has_file(const Plan& plan, simulator::Text name) {
  return std::ranges::any_of(plan.cluster.plugin_directory,
                             [&](const auto& file) { return file.name == name && !file.reports_version.empty(); });
}

/// An image whose name a file of the plugin directory has too.
bool is_image_beside_file(const Plan& plan, const Step& step) {
  const auto* request = std::get_if<simulator::Register>(&step.action);
  return request != nullptr && request->oci_image && !request->oci_image->empty() &&
         has_file(plan, request->command.value_or(request->name));
}

struct Feature {
  std::string_view name;
  std::function<bool(const Plan&)> is_in;
};

std::vector<Feature> features_of_clusters() {
  using simulator::Address;
  using simulator::Replica;
  using simulator::Role;
  std::vector<Feature> all = {
      {"active", [](const Plan& plan) { return any_node(plan, Role::active, false); }},
      {"standby", [](const Plan& plan) { return any_node(plan, Role::standby, false); }},
      {"performance_standby", [](const Plan& plan) { return any_node(plan, Role::performance_standby, false); }},
      {"active of a replica", [](const Plan& plan) { return any_node(plan, Role::active, true); }},
      {"standby of a replica", [](const Plan& plan) { return any_node(plan, Role::standby, true); }},
      {"namespaces", [](const Plan& plan) { return !plan.cluster.namespaces.empty(); }},
      {"storage", [](const Plan& plan) { return !plan.cluster.storage.empty(); }},
      {"no plugin directory", [](const Plan& plan) { return !plan.cluster.plugin_directory_known; }},
      {"a directory of one node",
       [](const Plan& plan) {
         return std::ranges::count(plan.cluster.nodes, true, &simulator::NodeDescription::own_plugin_directory) > 0;
       }},
      {"pins", [](const Plan& plan) { return !plan.cluster.pins.empty(); }},
      {"an image in the catalog",
       [](const Plan& plan) {
         return std::ranges::any_of(plan.cluster.catalog, [](const auto& entry) { return !entry.oci_image.empty(); });
       }},
      {"another version runs",
       [](const Plan& plan) {
         return std::ranges::any_of(plan.cluster.mounts, [](const auto& mount) {
           return mount.running_version && *mount.running_version != mount.plugin_version;
         });
       }},
      {"many mounts", [](const Plan& plan) { return plan.cluster.mounts.size() > 20; }},
      {"connections", [](const Plan& plan) { return !plan.cluster.connections.empty(); }},
  };
  for (const auto kind : {Replica::performance_secondary, Replica::dr_secondary})
    all.push_back({"a kind of replica", [kind](const Plan& plan) {
                     return std::ranges::count(plan.cluster.replicas, kind, &simulator::ReplicaDescription::kind) > 0;
                   }});
  for (const auto who : {Address::Who::active, Address::Who::load_balancer, Address::Who::node})
    all.push_back({"an address", [who](const Plan& plan) { return plan.cluster.address.who == who; }});
  return all;
}

std::vector<Feature> features_of_steps() {
  using simulator::ClaimKey;
  std::vector<Feature> all = {
      {"no steps", [](const Plan& plan) { return plan.steps.empty(); }},
      {"many steps", [](const Plan& plan) { return plan.steps.size() > 100; }},
      {"at: NODE", [](const Plan& plan) { return any_at(plan, At::Who::nodes, 1); }},
      {"at: [NODE, NODE]", [](const Plan& plan) { return any_at(plan, At::Who::nodes, 2); }},
      {"an image beside a file of that name",
       [](const Plan& plan) {
         return any_step(plan, [&](const Step& step) { return is_image_beside_file(plan, step); });
       }},
      {"namespace",
       [](const Plan& plan) { return any_step(plan, [](const Step& step) { return !step.name_space.empty(); }); }},
      {"fails",
       [](const Plan& plan) { return any_step(plan, [](const Step& step) { return step.fails.has_value(); }); }},
      {"fails: TEXT",
       [](const Plan& plan) {
         return any_step(plan, [](const Step& step) { return step.fails && !step.fails->part.empty(); });
       }},
      {"note", [](const Plan& plan) { return any_step(plan, [](const Step& step) { return !step.note.empty(); }); }},
      {"needs",
       [](const Plan& plan) {
         return std::ranges::any_of(plan.steps, [](const auto& step) { return step.needs && !step.needs->empty(); });
       }},
      {"needs: []",
       [](const Plan& plan) {
         return std::ranges::any_of(plan.steps, [](const auto& step) { return step.needs && step.needs->empty(); });
       }},
      {"releases", [](const Plan& plan) { return !plan.releases.empty(); }},
      {"rollback", [](const Plan& plan) { return !plan.rollback.empty(); }},
      {"allow", [](const Plan& plan) { return !plan.allow.empty(); }},
      {"files of their own", [](const Plan& plan) { return plan.sources.size() > 1; }},
  };
  for (const auto who : {At::Who::unsaid, At::Who::active, At::Who::each, At::Who::load_balancer})
    all.push_back({"at", [who](const Plan& plan) { return any_at(plan, who, 0); }});
  for (const auto key : {ClaimKey::plugin_version, ClaimKey::running_version, ClaimKey::running_sha256,
                         ClaimKey::serving, ClaimKey::registered, ClaimKey::sha256, ClaimKey::plugin, ClaimKey::status})
    all.push_back({"a claim", [key](const Plan& plan) { return any_claim(plan, key); }});
  return all;
}

TEST(Generated, WhatAPlanMayHaveSomePlanHas) {
  auto missing = features_of_clusters();
  for (auto& feature : features_of_steps()) missing.push_back(std::move(feature));
  for (std::uint64_t seed = 1; seed <= coverage_plans && !missing.empty(); ++seed) {
    const auto reading = read(random_plan(seed));
    ASSERT_TRUE(reading.plan) << problems_of(reading);
    std::erase_if(missing, [&](const Feature& feature) { return feature.is_in(*reading.plan); });
  }
  for (const auto& feature : missing) ADD_FAILURE() << feature.name;
}

/// Every release is met, and whatever some server can do and some cannot is met both ways.
TEST(Generated, TheServersAreOnBothSidesOfEveryCapability) {
  std::set<std::string> met;
  for (std::uint64_t seed = 1; seed <= coverage_plans; ++seed) {
    const auto reading = read(random_plan(seed));
    const auto& server = reading.plan->cluster.server;
    met.insert(fmt::format("{} {}", server.product == simulator::Product::vault ? "vault" : "openbao", server.text));
  }
  for (const std::string_view release : server_releases()) EXPECT_TRUE(met.contains(std::string(release))) << release;
  for (const auto& capability : simulator::capability_table()) {
    std::set<bool> values;
    for (const std::string_view release : server_releases()) {
      const auto product = release.starts_with("vault") ? simulator::Product::vault : simulator::Product::openbao;
      const auto server = simulator::parse_server(product, release.substr(release.find(' ') + 1));
      ASSERT_TRUE(server) << release;
      values.insert(simulator::capabilities_of(*server).*capability.member);
    }
    EXPECT_EQ(values.size(), 2U) << capability.name;
  }
}

}  // namespace
}  // namespace replug::generated
