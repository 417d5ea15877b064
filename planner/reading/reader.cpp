#include "planner/reading/reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "planner/reading/shape.h"
#include "text/printable.h"
#include "text/suggest.h"

namespace replug::planner {

using simulator::Text;

// --- Problems ---

void ProblemList::add(Problem problem) {
  if (full()) {
    ++left_out_;
    return;
  }
  problems_.push_back(std::move(problem));
}

bool ProblemList::may_compare(std::size_t words) {
  compared_words_ += words;
  return compared_words_ <= ReadLimits::compared_words;
}

Problems ProblemList::finish(std::span<const std::shared_ptr<const Source>> sources) {
  const auto rank = [&](const Problem& problem) {
    const auto is_its = [&](const std::shared_ptr<const Source>& source) {
      return source.get() == problem.place.source;
    };
    return std::ranges::find_if(sources, is_its) - sources.begin();
  };
  std::ranges::stable_sort(problems_, [&](const Problem& left, const Problem& right) {
    return std::pair(rank(left), left.place.span.begin) < std::pair(rank(right), right.place.span.begin);
  });
  // What stands behind an alias is read once for each use.
  const auto same = [](const Problem& left, const Problem& right) {
    return left.place == right.place && left.message == right.message;
  };
  problems_.erase(std::unique(problems_.begin(), problems_.end(), same), problems_.end());
  if (left_out_ > 0) {
    problems_.push_back({problems_.back().place,
                         fmt::format("There are {} more problems.", left_out_),
                         "They are shown when those before them are mended.",
                         {}});
  }
  return std::move(problems_);
}

// --- Words ---

bool Names::add(std::string_view name, std::size_t place) {
  if (!places_.emplace(name, place).second) return false;
  names_.push_back(name);
  return true;
}

std::optional<std::size_t> Names::find(std::string_view name) const {
  const auto found = places_.find(name);
  if (found == places_.end()) return std::nullopt;
  return found->second;
}

std::string quoted_name(std::string_view name) { return fmt::format("`{}`", text::printable(name)); }

std::string listing(std::span<const std::string_view> words, std::string_view last) {
  constexpr std::size_t most = 40;
  std::string text;
  const std::size_t shown = std::min(words.size(), most);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += i + 1 == words.size() ? fmt::format(" {} ", last) : ", ";
    text += quoted_name(words[i]);
  }
  if (shown < words.size()) text += fmt::format(" {} {} more", last, words.size() - shown);
  return text;
}

// --- Scalars ---

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t count_digits(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
}

/// `0o17` or `0x1F`.
bool is_prefixed_number(std::string_view text) {
  if (text.size() < 3 || text[0] != '0' || (text[1] != 'o' && text[1] != 'x')) return false;
  const std::string_view digits = text[1] == 'o' ? "01234567" : "0123456789abcdefABCDEF";
  return text.substr(2).find_first_not_of(digits) == std::string_view::npos;
}

/// What `read` makes of a number, or nothing: `1.1` for `1.10`.
std::optional<std::string> number_as_read(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return fmt::format("{}", number);
}

std::string_view kind_name(const Node& node) {
  switch (node.kind()) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::scalar:
      return "a text";
    case Node::Kind::sequence:
      return "a list";
    case Node::Kind::mapping:
      return "a mapping";
  }
  return "something else";
}

std::string_view without_slashes_before(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of('/'), text.size()));
  return text;
}

std::string_view without_slashes_behind(std::string_view text) {
  while (text.ends_with('/')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool is_number(std::string_view text) {
  if (is_prefixed_number(text)) return true;
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (text == ".inf" || text == ".Inf" || text == ".INF" || text == ".nan" || text == ".NaN" || text == ".NAN")
    return true;
  const std::size_t whole = count_digits(text);
  text.remove_prefix(whole);
  std::size_t fraction = 0;
  if (text.starts_with('.')) {
    fraction = count_digits(text.substr(1));
    text.remove_prefix(1 + fraction);
  }
  if (whole + fraction == 0) return false;
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    return !text.empty() && count_digits(text) == text.size();
  }
  return text.empty();
}

// --- Values ---

void Values::problem(const Node& at, std::string message, std::string help, std::vector<Related> related) const {
  problems_->add({place(at), std::move(message), std::move(help), std::move(related)});
}

void Values::wrong_kind(const Node& value, std::string_view subject, std::string_view wanted, std::string help) const {
  if (value.kind() == Node::Kind::null) {
    problem(value, fmt::format("{} has no value; it must be {}.", subject, wanted), std::move(help));
  } else {
    problem(value, fmt::format("{} must be {}, not {}.", subject, wanted, kind_name(value)), std::move(help));
  }
}

void Values::unknown_key(const Node& mapping, const Node& key, std::string_view owner,
                         std::span<const std::string_view> known) const {
  if (problems_->full()) return problem(key, {});
  key_problem(mapping, key, fmt::format("{} has no key {}.", owner, quoted_name(key.text())),
              did_you_mean(key.text(), known, fmt::format("Its keys are {}.", listing(known))), known);
}

void Values::key_problem(const Node& mapping, const Node& key, std::string message, std::string help,
                         std::span<const std::string_view> words) const {
  Problem problem{place(key), std::move(message), std::move(help), {}};
  const bool may_compare = !problems_->full() && problems_->may_compare(words.size());
  const auto meant = may_compare ? text::certain_slip(key.text(), words) : std::nullopt;
  if (meant && mapping.find(*meant) == nullptr) problem.correction = {place(key), std::string(*meant)};
  problems_->add(std::move(problem));
}

std::string Values::did_you_mean(std::string_view word, std::span<const std::string_view> candidates,
                                 std::string otherwise) const {
  if (!problems_->may_compare(candidates.size())) return otherwise;
  const auto near = text::nearest(word, candidates);
  return near ? fmt::format("Did you mean {}?", quoted_name(*near)) : otherwise;
}

void Values::only_keys(const Node& mapping, std::string_view owner, std::span<const std::string_view> known) const {
  for (const auto& entry : mapping.entries()) {
    if (std::ranges::find(known, entry.key->text()) == known.end()) unknown_key(mapping, *entry.key, owner, known);
  }
}

void Values::near_keys(const Node& mapping, std::span<const std::string_view> known,
                       std::span<const std::string_view> other) const {
  constexpr std::size_t most = 200;  // far more than Vault ever prints
  for (const auto& entry : mapping.entries().first(std::min(mapping.entries().size(), most))) {
    const std::string_view key = entry.key->text();
    if (std::ranges::find(known, key) != known.end() || std::ranges::find(other, key) != other.end()) continue;
    if (problems_->full()) return;
    if (const auto near = text::nearest(key, known)) {
      key_problem(mapping, *entry.key, fmt::format("The key {} would be ignored.", quoted_name(key)),
                  fmt::format("Did you mean `{}`?", *near), known);
    }
  }
}

void Values::missing(const Node& at, std::string_view owner, std::string_view key, std::string help) const {
  problem(at, fmt::format("{} has no `{}`.", owner, key), std::move(help));
}

bool Values::is_mapping(const Node& value, std::string_view what, std::string help) const {
  if (value.kind() == Node::Kind::mapping) return true;
  wrong_kind(value, quoted_name(what), "a mapping", std::move(help));
  return false;
}

bool Values::is_list(const Node& value, std::string_view what, std::string help) const {
  if (value.kind() == Node::Kind::sequence) return true;
  wrong_kind(value, quoted_name(what), "a list", std::move(help));
  return false;
}

std::optional<Text> Values::text(const Node& value, std::string_view what) const {
  if (value.kind() == Node::Kind::scalar) return intern(value.text());
  wrong_kind(value, quoted_name(what), "a text",
             value.kind() == Node::Kind::null ? "Leave the key out, or write \"\" for an empty text." : "");
  return std::nullopt;
}

std::optional<Text> Values::name(const Node& value, std::string_view what) const {
  const auto read = text(value, what);
  if (!read || !read->empty()) return read;
  problem(value, fmt::format("`{}` is empty.", what));
  return std::nullopt;
}

bool Values::no_number(const Node& value, std::string_view what) const {
  if (value.kind() != Node::Kind::scalar || value.quoted() || !is_number(value.text())) return true;
  const auto read = number_as_read(value.text());
  const std::string help = fmt::format("Write \"{}\" in quotes.", text::printable(value.text()));
  if (read && *read != value.text()) {
    problem(value, fmt::format("YAML reads the {} {} as the number {}.", what, text::printable(value.text()), *read),
            help);
  } else {
    problem(value, fmt::format("YAML reads the {} {} as a number.", what, text::printable(value.text())), help);
  }
  return false;
}

std::optional<Text> Values::version(const Node& value, std::string_view what) const {
  if (!no_number(value, quoted_name(what))) return std::nullopt;
  return text(value, what);
}

std::optional<Text> Values::path(const Node& value, std::string_view what) const {
  const auto read = api_path(value, what);
  if (!read || read->view().ends_with('/')) return read;
  return intern(read->str() + '/');
}

std::optional<Text> Values::api_path(const Node& value, std::string_view what) const {
  const auto read = text(value, what);
  if (!read) return read;
  const auto path = without_slashes_before(read->view());
  if (!path.empty()) return intern(path);
  problem(value, fmt::format("`{}` is an empty path.", what), "Write the path of a mount, for example `my-secret/`.");
  return std::nullopt;
}

std::optional<Text> Values::connection_path(const Node& value, std::string_view what) const {
  const auto read = text(value, what);
  if (!read) return read;
  const auto path = without_slashes_behind(without_slashes_before(read->view()));
  if (path.find('/') != std::string_view::npos) return intern(path);
  problem(value, fmt::format("`{}` must name a mount and a connection, not {} alone.", what, quoted_name(path)),
          "Write it as mount/connection, for example `database/my-db`.");
  return std::nullopt;
}

std::optional<Text> Values::name_space(const Node& value, std::string_view what) const {
  const auto read = text(value, what);
  if (!read) return read;
  const auto name = without_slashes_behind(without_slashes_before(read->view()));
  return name.empty() || name == "root" ? Text{} : intern(std::string(name) + '/');
}

std::optional<Text> Values::node(const Node& value, std::string_view what, const KnownCluster& cluster) const {
  const auto read = name(value, what);
  if (!read || !cluster.nodes_known || cluster.nodes.find(read->view())) return read;
  if (problems_->full()) return std::nullopt;
  problem(
      value, fmt::format("There is no node {}.", quoted_name(read->view())),
      did_you_mean(read->view(), cluster.nodes.all(), fmt::format("The nodes are {}.", listing(cluster.nodes.all()))));
  return std::nullopt;
}

std::optional<bool> Values::flag(const Node& value, std::string_view what) const {
  const std::string_view text = value.text();
  if (value.kind() == Node::Kind::scalar && !value.quoted()) {
    if (text == "true" || text == "True" || text == "TRUE") return true;
    if (text == "false" || text == "False" || text == "FALSE") return false;
  }
  if (value.kind() != Node::Kind::scalar) {
    wrong_kind(value, quoted_name(what), "true or false");
    return std::nullopt;
  }
  std::string help;
  if (text == "true" || text == "false") help = "Leave the quotes off.";
  if (text == "yes" || text == "on") help = "In YAML 1.2 that is a text; write `true`.";
  if (text == "no" || text == "off") help = "In YAML 1.2 that is a text; write `false`.";
  problem(value, fmt::format("`{}` must be true or false, not {}.", what, quoted_name(text)), help);
  return std::nullopt;
}

std::optional<std::int64_t> Values::whole_number(const Node& value, std::string_view what) const {
  if (value.kind() != Node::Kind::scalar) {
    wrong_kind(value, quoted_name(what), "a whole number");
    return std::nullopt;
  }
  const std::string_view text = value.text();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size() && number >= 0) return number;
  problem(value, fmt::format("`{}` must be a whole number from 0, not {}.", what, quoted_name(text)));
  return std::nullopt;
}

std::optional<std::string_view> Values::word(const Node& value, std::string_view what,
                                             std::span<const std::string_view> words) const {
  if (value.kind() != Node::Kind::scalar) {
    wrong_kind(value, quoted_name(what), listing(words, "or"));
    return std::nullopt;
  }
  const auto found = std::ranges::find(words, value.text());
  if (found != words.end()) return *found;
  problem(value,
          fmt::format("{} must be {}, not {}.", quoted_name(what), listing(words, "or"), quoted_name(value.text())),
          did_you_mean(value.text(), words));
  return std::nullopt;
}

std::vector<Text> Values::texts(const Node& value, std::string_view what) const {
  std::vector<Text> read;
  if (value.kind() == Node::Kind::scalar) return {intern(value.text())};
  if (!is_list(value, what)) return read;
  for (const Node* item : value.items()) {
    if (const auto one = text(*item, what)) read.push_back(*one);
  }
  return read;
}

Text Values::any(const Node& value) const {
  if (value.kind() == Node::Kind::null) return {};
  if (value.kind() == Node::Kind::scalar) return intern(value.text());
  const auto is_scalar = [](const Node* item) { return item->kind() == Node::Kind::scalar; };
  if (value.kind() == Node::Kind::sequence && std::ranges::all_of(value.items(), is_scalar)) {
    std::string joined;
    for (const Node* item : value.items()) {
      if (!joined.empty()) joined += ',';
      joined += item->text();
    }
    return intern(joined);
  }
  const Span span = value.span();
  return intern(document_->source().text().substr(span.begin, span.end - span.begin));
}

// --- Duplicates and files ---

std::optional<Place> Seen::again(const std::string& key, Place place) {
  const auto [found, first] = places_.emplace(key, place);
  if (first) return std::nullopt;
  return found->second;
}

const Document& Files::add(std::shared_ptr<const Source> source) {
  Problems found;
  documents_.push_back(std::make_shared<const Document>(Document::parse(*source, found)));
  sources_.push_back(std::move(source));
  for (auto& problem : found) problems_->add(std::move(problem));
  return *documents_.back();
}

const Document* Files::find(std::string_view name) const {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (sources_[i]->name() == name) return documents_[i].get();
  }
  return nullptr;
}

const Document* Files::open(const Values& values, std::string_view key, const Node& path) {
  FileAnswer answer = (*reader_)(values.document().source().name(), std::string(path.text()));
  const std::string name = quoted_name(answer.name);
  if (!answer.text) {
    values.problem(path, fmt::format("The file {} cannot be read: {}.", name, answer.reason), std::move(answer.help));
    return nullptr;
  }
  const auto not_as_it_should = [&] {
    values.problem(path, fmt::format("The file {} does not begin as a file for `{}` does.", name, key),
                   "Nothing of its text is shown, since it may be somebody's secret. Look whether it is the file that "
                   "is meant.");
    return nullptr;
  };
  if (const Document* known = find(answer.name)) return begins_as(key, *known) ? known : not_as_it_should();
  auto source = std::make_shared<const Source>(std::move(answer.name), std::move(*answer.text));
  Problems found;
  auto document = std::make_shared<const Document>(Document::parse(*source, found));
  if (!begins_as(key, *document)) return not_as_it_should();
  sources_.push_back(std::move(source));
  documents_.push_back(std::move(document));
  for (auto& problem : found) problems_->add(std::move(problem));
  return documents_.back().get();
}

Located follow(const Values& values, std::string_view key, const Node& value, Files& files) {
  if (value.kind() != Node::Kind::scalar) return {&values.document(), &value};
  const Document* document = files.open(values, key, value);
  if (document == nullptr || document->root() == nullptr) return {};
  return {document, document->root()};
}

const Node* given(const Node& mapping, std::string_view key) {
  const auto* entry = mapping.find(key);
  return entry == nullptr || entry->value->kind() == Node::Kind::null ? nullptr : entry->value;
}

const Node& unwrapped(const Node& value) {
  if (value.kind() != Node::Kind::mapping) return value;
  const auto* data = value.find("data");
  if (data == nullptr || data->value->kind() != Node::Kind::mapping) return value;
  const bool is_reply = value.find("request_id") != nullptr || value.find("lease_duration") != nullptr;
  // A mount can be named `data`: then it has a type.
  const bool alone = value.entries().size() == 1 && data->value->find("type") == nullptr;
  return is_reply || alone ? *data->value : value;
}

}  // namespace replug::planner
