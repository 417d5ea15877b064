// The inner loop of an exhaustive rehearsal: apply one step or fault to a state, hash it, take it back. The design
// asks for five million a second on one core, for 6 mounts on 3 nodes.

#include <variant>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "simulator/run/simulate.h"
#include "simulator/run/successor.h"
#include "simulator/run/view.h"
#include "simulator/steps/step.h"

namespace {

using namespace replug::simulator;

struct Bench {
  Texts texts;
  ClusterDescription cluster;
  std::vector<Step> steps;
  std::shared_ptr<const World> world;

  Text t(std::string_view text) { return texts.intern(text); }

  explicit Bench(Product product, std::string_view version) {
    cluster.server = *parse_server(product, version);
    for (int i = 0; i < 3; ++i) {
      NodeDescription node;
      node.name = t(fmt::format("node-{}", i));
      node.role = i == 0 ? Role::active : Role::standby;
      cluster.nodes.push_back(node);
    }
    cluster.plugin_directory_known = true;
    for (const std::string_view v : {"v1.0.0", "v1.0.1"}) {
      const Text sha = t(fmt::format("{:064x}", v.back()));
      cluster.plugin_directory.push_back({t(fmt::format("toy-{}", v)), sha, Text{}, Text{}, true, true});
      EntryDescription entry;
      entry.type = t("secret");
      entry.name = t("toy");
      entry.version = t(v);
      entry.sha256 = sha;
      entry.command = t(fmt::format("toy-{}", v));
      cluster.catalog.push_back(entry);
    }
    for (int i = 0; i < 6; ++i) {
      MountDescription mount;
      mount.path = t(fmt::format("m{}/", i));
      mount.plugin = t("toy");
      mount.plugin_version = t("v1.0.0");
      cluster.mounts.push_back(mount);
    }
    add_steps();
    world = World::make(cluster, steps, {}, texts);
  }

  void add(Action action) {
    Step step;
    step.action = std::move(action);
    steps.push_back(std::move(step));
  }

  void add_steps() {
    for (int i = 0; i < 6; ++i) {
      const Text path = t(fmt::format("m{}/", i));
      add(Tune{{path}, t("v1.0.1")});
      Reload reload;
      reload.mounts = std::vector{path};
      add(reload);
      Crash crash;
      crash.mount = path;
      add(crash);
      Request request;
      request.path = t(fmt::format("m{}/version", i));
      add(request);
    }
    add(Uninstall{t("toy-v1.0.1")});
    add(Restart{t("node-1"), std::nullopt});
    add(StepDown{});
    Register again;
    again.type = t("secret");
    again.name = t("toy");
    again.version = t("v1.0.1");
    again.sha256 = t(fmt::format("{:064x}", '0'));
    again.command = t("toy-v1.0.0");
    add(again);
  }
};

// One step or fault from a state, its hash from what was written, and back.
void apply_hash_undo(benchmark::State& bench, Product product, std::string_view version) {
  Bench setup(product, version);
  const Layout& layout = setup.world->layout();
  State state = setup.world->initial();
  ChangeLog log;
  Cluster cluster(*setup.world, state, &log);
  const std::uint64_t begin = hash_of(layout, state);
  std::uint64_t hashes = 0;
  std::size_t next = 0;
  for (auto _ : bench) {
    const Step& step = setup.steps[next];
    next = next + 1 == setup.steps.size() ? 0 : next + 1;
    benchmark::DoNotOptimize(successor(cluster, step));
    hashes ^= log.rehashed(begin, layout, state);
    log.undo(layout, state);
  }
  benchmark::DoNotOptimize(hashes);
  bench.SetItemsProcessed(static_cast<std::int64_t>(bench.iterations()));
  bench.counters["bytes"] = static_cast<double>(layout.canonical());
}

BENCHMARK_CAPTURE(apply_hash_undo, vault_1_16, Product::vault, "1.16.3");
BENCHMARK_CAPTURE(apply_hash_undo, openbao_2_6, Product::openbao, "2.6.2");

}  // namespace
