#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "planner/reading/document.h"
#include "planner/reading/plan.h"
#include "planner/reading/problem.h"
#include "planner/reading/read.h"
#include "simulator/medium/text.h"

namespace replug::planner {

/// What the sources of the reader (read*.cpp) share. Nothing else includes this.

/// A plan beyond these bounds is not read, with a problem that says so.
struct ReadLimits {
  static constexpr std::size_t steps = 1'000'000;
  static constexpr std::size_t needs = 10'000'000;
  static constexpr std::size_t mounts = 1'000'000;
  static constexpr std::size_t nodes = 1'000;
  static constexpr std::size_t problems = 1'000;
  /// Words compared in search of near misses: a large plan full of wrong names must not take minutes.
  static constexpr std::size_t compared_words = 200'000;
};

/// The problems found so far.
class ProblemList {
 public:
  /// Whether a further problem would be left out: its text need not be made.
  [[nodiscard]] bool full() const { return problems_.size() >= ReadLimits::problems; }
  void add(Problem problem);
  /// Whether a word may still be compared with that many others.
  bool may_compare(std::size_t words);
  /// All of them, by place in the order of the sources; the last one says how many were left out.
  Problems finish(std::span<const std::shared_ptr<const Source>> sources);

 private:
  Problems problems_;
  std::size_t left_out_ = 0;
  std::size_t compared_words_ = 0;
};

/// Names that a plan gives and refers to: nodes, steps, replicas. The views must stay valid.
class Names {
 public:
  /// False if the name is there already.
  bool add(std::string_view name, std::size_t place);
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
  [[nodiscard]] std::span<const std::string_view> all() const { return names_; }

 private:
  std::vector<std::string_view> names_;
  std::unordered_map<std::string_view, std::size_t> places_;
};

/// The names of the cluster that steps and expectations refer to. A cluster that could not be read knows no nodes, and
/// nobody asks.
struct KnownCluster {
  bool nodes_known = false;
  Names nodes;
  simulator::Product product = simulator::Product::vault;
};

/// `` `a`, `b` and `c` `` with the word before the last; long lists are cut.
std::string listing(std::span<const std::string_view> words, std::string_view last = "and");
/// A name as it can stand in a message: in backticks, made printable.
std::string quoted_name(std::string_view name);
/// Whether YAML 1.2 reads the plain text as a number.
bool is_number(std::string_view text);

/// Reads the values of one document. What is wrong becomes a problem at its place, and the answer is nothing. `what` is
/// the key that the value belongs to, as messages name it.
class Values {
 public:
  Values(const Document& document, simulator::Texts& texts, ProblemList& problems)
      : document_(&document), texts_(&texts), problems_(&problems) {}

  [[nodiscard]] const Document& document() const { return *document_; }
  [[nodiscard]] simulator::Texts& texts() const { return *texts_; }
  [[nodiscard]] ProblemList& problems() const { return *problems_; }
  [[nodiscard]] Place place(const Node& node) const { return document_->place(node); }
  [[nodiscard]] simulator::Text intern(std::string_view text) const { return texts_->intern(text); }
  /// The same over another document of the plan.
  [[nodiscard]] Values over(const Document& document) const { return {document, *texts_, *problems_}; }

  void problem(const Node& at, std::string message, std::string help = {}, std::vector<Related> related = {}) const;
  /// `` `steps` must be a list, not a text. ``
  void wrong_kind(const Node& value, std::string_view subject, std::string_view wanted, std::string help = {}) const;
  /// `mapping` is what the key stands in.
  void unknown_key(const Node& mapping, const Node& key, std::string_view owner,
                   std::span<const std::string_view> known) const;
  /// A problem with a key. Where it can only be a slip of one of the words, the repair comes with it.
  void key_problem(const Node& mapping, const Node& key, std::string message, std::string help,
                   std::span<const std::string_view> words) const;
  /// `` Did you mean `x`? ``, or `otherwise` where nothing is near.
  [[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates,
                                         std::string otherwise = {}) const;
  /// Every key that is not known is a problem.
  void only_keys(const Node& mapping, std::string_view owner, std::span<const std::string_view> known) const;
  /// A key that would be ignored, but looks like one of those that are read, is a problem; unless it is one of `other`.
  void near_keys(const Node& mapping, std::span<const std::string_view> known,
                 std::span<const std::string_view> other) const;
  void missing(const Node& at, std::string_view owner, std::string_view key, std::string help = {}) const;

  [[nodiscard]] bool is_mapping(const Node& value, std::string_view what, std::string help = {}) const;
  [[nodiscard]] bool is_list(const Node& value, std::string_view what, std::string help = {}) const;

  [[nodiscard]] std::optional<simulator::Text> text(const Node& value, std::string_view what) const;
  /// As text, and not empty.
  [[nodiscard]] std::optional<simulator::Text> name(const Node& value, std::string_view what) const;
  /// A version: text, but not what YAML reads as a number.
  [[nodiscard]] std::optional<simulator::Text> version(const Node& value, std::string_view what) const;
  /// A mount path: no slash before it, one behind it.
  [[nodiscard]] std::optional<simulator::Text> path(const Node& value, std::string_view what) const;
  /// An API path: no slash before it.
  [[nodiscard]] std::optional<simulator::Text> api_path(const Node& value, std::string_view what) const;
  /// `mount/connection`, no slash around it.
  [[nodiscard]] std::optional<simulator::Text> connection_path(const Node& value, std::string_view what) const;
  /// `team-a/`; empty for the root namespace.
  [[nodiscard]] std::optional<simulator::Text> name_space(const Node& value, std::string_view what) const;
  [[nodiscard]] std::optional<simulator::Text> node(const Node& value, std::string_view what,
                                                    const KnownCluster& cluster) const;
  [[nodiscard]] std::optional<bool> flag(const Node& value, std::string_view what) const;
  [[nodiscard]] std::optional<std::int64_t> whole_number(const Node& value, std::string_view what) const;
  /// One of the words.
  [[nodiscard]] std::optional<std::string_view> word(const Node& value, std::string_view what,
                                                     std::span<const std::string_view> words) const;
  /// A list of texts, or one.
  [[nodiscard]] std::vector<simulator::Text> texts(const Node& value, std::string_view what) const;
  /// Whatever the value is, as one text: a list joined by commas, a mapping as it is written.
  [[nodiscard]] simulator::Text any(const Node& value) const;
  /// The text of a key or a value that must not be a number to YAML; false after a problem.
  [[nodiscard]] bool no_number(const Node& value, std::string_view what) const;

 private:
  const Document* document_;
  simulator::Texts* texts_;
  ProblemList* problems_;
};

/// What was written before, to find what is written twice.
class Seen {
 public:
  /// The place where the key was seen first, or nothing if this is the first.
  std::optional<Place> again(const std::string& key, Place place);

 private:
  std::unordered_map<std::string, Place> places_;
};

/// The files of one plan: its own and those it refers to. Each is read once.
class Files {
 public:
  Files(const FileReader& reader, ProblemList& problems) : reader_(&reader), problems_(&problems) {}

  const Document& add(std::shared_ptr<const Source> source);
  /// The document of the file whose path is the value under the key; nullptr after a problem. A file that does not
  /// begin as one under that key is a problem in the place that names it, and nothing of its text is told.
  const Document* open(const Values& values, std::string_view key, const Node& path);

  [[nodiscard]] const std::vector<std::shared_ptr<const Source>>& sources() const { return sources_; }
  [[nodiscard]] const std::vector<std::shared_ptr<const Document>>& documents() const { return documents_; }

 private:
  [[nodiscard]] const Document* find(std::string_view name) const;

  const FileReader* reader_;
  ProblemList* problems_;
  std::vector<std::shared_ptr<const Source>> sources_;
  std::vector<std::shared_ptr<const Document>> documents_;
};

/// A value and the document it is in.
struct Located {
  const Document* document = nullptr;
  const Node* node = nullptr;
};

/// The value under a key itself, or the root of the file that it names; no node after a problem.
Located follow(const Values& values, std::string_view key, const Node& value, Files& files);
/// The value under a key, or nothing: Vault prints null for what is not there.
const Node* given(const Node& mapping, std::string_view key);
/// What Vault wraps into `{"request_id": …, "data": {…}}`, unwrapped.
const Node& unwrapped(const Node& value);

std::optional<simulator::Product> read_product(const Values& values, const Node& value);
/// A server release that can be simulated.
std::optional<simulator::Server> read_server(const Values& values, const Node& version, simulator::Product product);
void read_cluster(const Values& values, const Node& mapping, Files& files, simulator::ClusterDescription& cluster,
                  KnownCluster& known);
void read_releases(const Values& values, const Node& list, Plan& plan);
std::vector<simulator::Expectation> read_expectations(const Values& values, const Node& list, std::string_view what,
                                                      const KnownCluster& cluster);
/// Reads the list `allow` of a plan whose steps are read.
std::vector<Allowed> read_allow(const Values& values, const Node& list, const Plan& plan);
/// `list_name` is `steps` or `rollback`. `ids` collects the ids given out, to find one that is given twice.
std::vector<PlannedStep> read_steps(const Values& values, const Node& list, std::string_view list_name,
                                    const KnownCluster& cluster, Seen& ids);

}  // namespace replug::planner
