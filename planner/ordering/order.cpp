#include "planner/ordering/order.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <queue>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/property_map/property_map.hpp>
#include <boost/range/iterator_range.hpp>
#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "simulator/steps/step.h"
#include "text/printable.h"

namespace replug::planner {

namespace {

using simulator::Access;
using simulator::Text;

/// An edge leads from a step to one that follows it. Vertices are the places of steps, so a smaller one stands earlier
/// in the file.
using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
using Vertex = boost::graph_traits<Graph>::vertex_descriptor;

/// What must be done before a step: the needs that it says, or the step before it.
std::vector<std::size_t> needs_of(const std::vector<PlannedStep>& steps, std::size_t place) {
  if (!steps[place].needs) return place == 0 ? std::vector<std::size_t>{} : std::vector{place - 1};
  auto needs = *steps[place].needs;
  std::ranges::sort(needs);
  needs.erase(std::unique(needs.begin(), needs.end()), needs.end());
  return needs;
}

Graph graph_of(const std::vector<PlannedStep>& steps) {
  Graph graph(steps.size());
  for (std::size_t place = 0; place < steps.size(); ++place) {
    for (const std::size_t need : needs_of(steps, place)) boost::add_edge(need, place, graph);
  }
  return graph;
}

/// A topological order, the earliest step of the file first wherever several may come next. Shorter than the graph if
/// it has a cycle.
std::vector<std::size_t> stable_order(const Graph& graph) {
  std::vector<std::size_t> waits_for(boost::num_vertices(graph), 0);
  for (const auto& edge : boost::make_iterator_range(boost::edges(graph))) ++waits_for[boost::target(edge, graph)];
  std::priority_queue<Vertex, std::vector<Vertex>, std::greater<>> ready;
  for (const Vertex step : boost::make_iterator_range(boost::vertices(graph))) {
    if (waits_for[step] == 0) ready.push(step);
  }
  std::vector<std::size_t> order;
  order.reserve(waits_for.size());
  while (!ready.empty()) {
    const Vertex step = ready.top();
    ready.pop();
    order.push_back(step);
    for (const Vertex next : boost::make_iterator_range(boost::adjacent_vertices(step, graph))) {
      if (--waits_for[next] == 0) ready.push(next);
    }
  }
  return order;
}

// --- Cycles ---

/// Tells of each knot of steps that need each other one cycle: the shortest through its earliest step.
class CycleTeller {
 public:
  CycleTeller(const Plan& plan, const std::vector<PlannedStep>& steps, const Graph& graph, Problems& problems)
      : plan_(plan),
        steps_(steps),
        problems_(problems),
        knot_of_(steps.size()),
        reached_from_(steps.size(), unreached) {
    const auto knots = boost::make_iterator_property_map(knot_of_.begin(), boost::get(boost::vertex_index, graph));
    const auto count = static_cast<std::size_t>(boost::strong_components(graph, knots));
    told_.assign(count, false);
  }

  void tell() {
    std::size_t cycles = 0;
    for (std::size_t step = 0; step < steps_.size(); ++step) {
      if (told_[knot_of_[step]]) continue;
      const auto cycle = shortest_cycle(step);
      if (cycle.empty()) continue;
      told_[knot_of_[step]] = true;
      if (++cycles <= most_cycles) problems_.push_back(problem(cycle));
    }
    if (cycles > most_cycles) {
      problems_.push_back({plan_.place(*steps_.front().node),
                           fmt::format("There are {} more cycles.", cycles - most_cycles),
                           "They are shown when the others are mended.",
                           {}});
    }
  }

 private:
  static constexpr std::size_t most_cycles = 100;
  static constexpr std::size_t most_told = 12;  ///< steps of one cycle
  static constexpr std::size_t unreached = ~std::size_t{0};

  /// The steps of the cycle: each needs the next, the last needs the first. Empty if there is none. Looks at every step
  /// of the knot at most once, since it is asked for its earliest step only.
  std::vector<std::size_t> shortest_cycle(std::size_t start) {
    std::queue<std::size_t> queue;
    queue.push(start);
    while (!queue.empty()) {
      const std::size_t step = queue.front();
      queue.pop();
      for (const std::size_t need : needs_of(steps_, step)) {
        if (need == start) return way_to(start, step);
        if (knot_of_[need] != knot_of_[start] || reached_from_[need] != unreached) continue;
        reached_from_[need] = step;
        queue.push(need);
      }
    }
    return {};
  }

  [[nodiscard]] std::vector<std::size_t> way_to(std::size_t start, std::size_t step) const {
    std::vector<std::size_t> way;
    for (; step != start; step = reached_from_[step]) way.push_back(step);
    way.push_back(start);
    std::ranges::reverse(way);
    return way;
  }

  [[nodiscard]] std::string name(std::size_t step) const {
    return fmt::format("`{}`", text::printable(steps_[step].step.id.view()));
  }

  /// `needs `step-2``, or what stands for it where a step says nothing.
  [[nodiscard]] std::string link(std::size_t step, std::size_t need) const {
    return fmt::format("{} {}", steps_[step].needs ? "needs" : "follows", step == need ? "itself" : name(need));
  }

  [[nodiscard]] Problem problem(const std::vector<std::size_t>& cycle) const {
    Problem problem;
    problem.place = place_of(cycle.front(), cycle[1 % cycle.size()]);
    problem.message = name(cycle.front());
    bool says_nothing = false;
    for (std::size_t i = 0; i < cycle.size(); ++i) {
      const std::size_t step = cycle[i];
      const std::size_t need = cycle[(i + 1) % cycle.size()];
      says_nothing = says_nothing || !steps_[step].needs;
      // Of a long cycle the beginning and the end.
      if (i >= most_told && i + 1 < cycle.size()) continue;
      problem.message += fmt::format("{} {}", i == 0 ? "" : ", which", link(step, need));
      if (i == most_told - 1 && i + 2 < cycle.size())
        problem.message += fmt::format(", and so on over {} steps to {}", cycle.size(), name(cycle.back()));
      if (i > 0) problem.related.push_back({fmt::format("{} {}", name(step), link(step, need)), place_of(step, need)});
    }
    problem.message += '.';
    problem.help = says_nothing ? "Take one of these needs away. A step without `needs` follows the one before it; "
                                  "`needs: []` may start at once."
                                : "Take one of these needs away.";
    return problem;
  }

  /// The place where the step says that it needs the other one.
  [[nodiscard]] Place place_of(std::size_t step, std::size_t need) const {
    const auto* needs = steps_[step].node->find("needs");
    if (needs == nullptr) return plan_.where(steps_[step]);
    const std::string_view id = steps_[need].step.id.view();
    const auto items = needs->value->items();
    const auto found = std::ranges::find_if(items, [id](const Node* item) { return item->text() == id; });
    return plan_.place(found == items.end() ? *needs->value : **found);
  }

  const Plan& plan_;
  const std::vector<PlannedStep>& steps_;
  Problems& problems_;
  std::vector<std::size_t> knot_of_;
  std::vector<std::size_t> reached_from_;
  std::vector<bool> told_;
};

}  // namespace

std::optional<Schedule> order_steps(const Plan& plan, const std::vector<PlannedStep>& steps, Problems& problems) {
  const Graph graph = graph_of(steps);
  Schedule schedule{stable_order(graph)};
  if (schedule.order.size() == steps.size()) return schedule;
  CycleTeller(plan, steps, graph, problems).tell();
  return std::nullopt;
}

// --- Conflicts ---

namespace {

/// Which steps are ordered, without a table of all pairs: a step without `needs` follows the one before it, so the
/// steps form chains, and needs lead into a chain at its first step only. What is before a step is then a beginning of
/// each chain.
class Chains {
 public:
  /// Beyond this many chains the table of their beginnings would be too large.
  static constexpr std::size_t most = 4096;

  explicit Chains(const std::vector<PlannedStep>& steps) : chain_of_(steps.size()) {
    for (std::size_t step = 0; step < steps.size(); ++step) {
      if (step == 0 || needs_of(steps, step) != std::vector{step - 1}) heads_.push_back(step);
      chain_of_[step] = static_cast<std::uint32_t>(heads_.size() - 1);
    }
  }

  [[nodiscard]] std::size_t count() const { return heads_.size(); }
  [[nodiscard]] std::uint32_t chain_of(std::size_t step) const { return chain_of_[step]; }

  /// `order` is a topological one. False if there are so many needs that say something new that the bound on work cut
  /// them off; then nothing is known.
  bool look_at(const std::vector<PlannedStep>& steps, const std::vector<std::size_t>& order) {
    std::vector<std::size_t> position(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) position[order[i]] = i;
    before_.assign(count(), std::vector<std::uint32_t>(count(), 0));
    for (const std::size_t step : order) {
      const std::uint32_t chain = chain_of_[step];
      if (heads_[chain] != step) continue;
      // The latest first: what they need themselves is then known to be before this one, and need not be looked at.
      auto needs = needs_of(steps, step);
      std::ranges::sort(needs, std::ranges::greater{}, [&](std::size_t need) { return position[need]; });
      for (const std::size_t need : needs) {
        if (!add_before(chain, need)) return false;
      }
    }
    return true;
  }

  /// The first step of a chain's places that is not before the chain `of`; steps of one chain stand side by side in the
  /// file.
  [[nodiscard]] std::size_t end_of_before(std::uint32_t of, std::uint32_t chain) const { return before_[of][chain]; }

 private:
  static constexpr std::size_t most_work = 500'000'000;

  bool add_before(std::uint32_t chain, std::size_t need) {
    const std::uint32_t other = chain_of_[need];
    auto& before = before_[chain];
    if (before[other] > need) return true;
    work_ += before.size();
    if (work_ > most_work) return false;
    for (std::size_t i = 0; i < before.size(); ++i) before[i] = std::max(before[i], before_[other][i]);
    before[other] = static_cast<std::uint32_t>(need + 1);
    return true;
  }

  std::vector<std::size_t> heads_;
  std::vector<std::uint32_t> chain_of_;
  std::vector<std::vector<std::uint32_t>> before_;
  std::size_t work_ = 0;  ///< places of `before_` that were looked at
};

/// A step that touches something.
struct Touch {
  std::size_t step;
  bool writes;
};
/// The steps that touch one thing, by chain and in the order of the file.
using Touches = std::map<std::uint32_t, std::vector<Touch>>;

/// Finds the pairs of steps that conflict and are not ordered.
class ConflictFinder {
 public:
  ConflictFinder(const Plan& plan, const Chains& chains, std::size_t limit) : chains_(chains), limit_(limit) {
    for (std::size_t step = 0; step < plan.steps.size(); ++step) collect(plan.steps[step].step, step);
  }

  /// False if the limit or the bound on work cut something off.
  bool find() {
    for (const auto& [thing, touches] : by_thing_) {
      if (!thing.second.empty()) compare(touches, touches);
    }
    for (const auto& [resource, touches] : of_whole_kind_) compare(touches, by_kind_.at(resource));
    compare(of_everything_, all_);
    return complete_;
  }

  [[nodiscard]] std::vector<std::pair<std::size_t, std::size_t>> pairs() const {
    return {pairs_.begin(), pairs_.end()};
  }

 private:
  using Resource = Access::Resource;
  static constexpr std::size_t most_work = 50'000'000;

  void collect(const simulator::Step& step, std::size_t place) {
    simulator::Accesses accesses;
    const simulator::Scope scope{step.name_space, simulator::no_node};
    std::visit([&](const auto& kind) { simulator::accesses(kind, scope, accesses); }, step.action);
    for (const Access& access : accesses) {
      const Touch touch{place, access.writes};
      const std::uint32_t chain = chains_.chain_of(place);
      all_[chain].push_back(touch);
      if (access.resource == Resource::everything) {
        of_everything_[chain].push_back(touch);
        continue;
      }
      by_kind_[access.resource][chain].push_back(touch);
      if (access.subject.empty()) of_whole_kind_[access.resource][chain].push_back(touch);
      by_thing_[{access.resource, access.subject.str()}][chain].push_back(touch);
    }
  }

  void compare(const Touches& left, const Touches& right) {
    for (const auto& [left_chain, left_touches] : left) {
      for (const auto& [right_chain, right_touches] : right) {
        if (left_chain == right_chain || (&left == &right && left_chain > right_chain)) continue;
        if (!may_work(1)) return;
        compare_chains(left_chain, left_touches, right_chain, right_touches);
      }
    }
  }

  /// Steps at the end of both chains, behind what each has of the other before it, are unordered with each other, and
  /// only they.
  void compare_chains(std::uint32_t left_chain, const std::vector<Touch>& left, std::uint32_t right_chain,
                      const std::vector<Touch>& right) {
    const auto first = [](const std::vector<Touch>& touches, std::size_t step) {
      return std::ranges::lower_bound(touches, step, {}, &Touch::step);
    };
    const auto left_begin = first(left, chains_.end_of_before(right_chain, left_chain));
    const auto right_begin = first(right, chains_.end_of_before(left_chain, right_chain));
    for (auto one = left_begin; one != left.end(); ++one) {
      for (auto other = right_begin; other != right.end(); ++other) {
        if (!may_work(1)) return;
        if (one->writes || other->writes) add(one->step, other->step);
      }
    }
  }

  void add(std::size_t one, std::size_t other) {
    const std::pair pair(std::min(one, other), std::max(one, other));
    if (pairs_.size() < limit_) {
      pairs_.insert(pair);
    } else if (pairs_.count(pair) == 0) {
      complete_ = false;
    }
  }

  bool may_work(std::size_t more) {
    work_ += more;
    if (work_ > most_work) complete_ = false;
    return complete_;
  }

  const Chains& chains_;
  std::size_t limit_;
  std::map<std::pair<Resource, std::string>, Touches> by_thing_;
  std::map<Resource, Touches> by_kind_;
  std::map<Resource, Touches> of_whole_kind_;
  Touches of_everything_;
  Touches all_;
  std::set<std::pair<std::size_t, std::size_t>> pairs_;
  std::size_t work_ = 0;
  bool complete_ = true;
};

bool has_needs(const Plan& plan) {
  return std::ranges::any_of(plan.steps, [](const PlannedStep& step) { return step.needs.has_value(); });
}

}  // namespace

std::vector<std::pair<std::size_t, std::size_t>> unordered_conflicts(const Plan& plan, std::size_t limit,
                                                                     bool* complete) {
  bool found_all = true;
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  if (has_needs(plan)) {
    Chains chains(plan.steps);
    const auto order = stable_order(graph_of(plan.steps));
    found_all =
        chains.count() <= Chains::most && order.size() == plan.steps.size() && chains.look_at(plan.steps, order);
    if (found_all) {
      ConflictFinder finder(plan, chains, limit);
      found_all = finder.find();
      pairs = finder.pairs();
    }
  }
  if (complete != nullptr) *complete = found_all;
  return pairs;
}

// --- Pictures ---

namespace {

/// What a box of the picture says: the step's id and what it does.
struct Label {
  std::string id;
  std::string command;
};

Label label_of(const Plan& plan, const simulator::Step& step) {
  constexpr std::size_t most = 60;
  return {text::printable(step.id.view(), most),
          text::printable(simulator::command_line(step, plan.cluster.server), most)};
}

/// For a string in DOT: `\n` and its like would mean something there. `write_graphviz` of Boost leaves backslashes as
/// they are.
std::string dot_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

/// For a quoted string in Mermaid, which knows characters by number and takes some for markup or directives.
std::string mermaid_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '"') {
      escaped += "#quot;";
    } else if (std::string_view("#&<>`%\\;").find(c) != std::string_view::npos) {
      escaped += fmt::format("#{};", static_cast<int>(c));
    } else {
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace

std::string to_dot(const Plan& plan) {
  const std::string name = plan.name.empty() ? "plan" : dot_text(text::printable(plan.name.view()));
  std::string dot = fmt::format("digraph \"{}\" {{\n  node [shape=box];\n", name);
  for (std::size_t place = 0; place < plan.steps.size(); ++place) {
    const Label label = label_of(plan, plan.steps[place].step);
    dot += fmt::format("  s{} [label=\"{}\\n{}\"];\n", place + 1, dot_text(label.id), dot_text(label.command));
  }
  for (std::size_t place = 0; place < plan.steps.size(); ++place) {
    for (const std::size_t need : needs_of(plan.steps, place))
      dot += fmt::format("  s{} -> s{};\n", need + 1, place + 1);
  }
  return dot + "}\n";
}

std::string to_mermaid(const Plan& plan) {
  std::string mermaid = "flowchart TD\n";
  for (std::size_t place = 0; place < plan.steps.size(); ++place) {
    const Label label = label_of(plan, plan.steps[place].step);
    mermaid += fmt::format("  s{}[\"{}<br/>{}\"]\n", place + 1, mermaid_text(label.id), mermaid_text(label.command));
  }
  for (std::size_t place = 0; place < plan.steps.size(); ++place) {
    for (const std::size_t need : needs_of(plan.steps, place))
      mermaid += fmt::format("  s{} --> s{}\n", need + 1, place + 1);
  }
  return mermaid;
}

}  // namespace replug::planner
