#include "rules/judging/suppression.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "planner/reading/comments.h"
#include "planner/reading/planned_step.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

using planner::Place;
using planner::PlannedStep;
using planner::Source;
using planner::Span;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Walks along the text of one comment.
class Cursor {
 public:
  Cursor(const Source& source, Span span) : source_(source), at_(span.begin), end_(span.end) {}

  [[nodiscard]] std::string_view rest() const { return source_.text().substr(at_, end_ - at_); }
  [[nodiscard]] Place place(std::size_t length) const {
    return {&source_, {at_, at_ + static_cast<std::uint32_t>(length)}};
  }

  void skip_blanks() {
    while (at_ < end_ && is_blank(source_.text()[at_])) ++at_;
  }
  /// Steps over the word if it stands here.
  bool take(std::string_view word) {
    skip_blanks();
    if (!rest().starts_with(word)) return false;
    at_ += static_cast<std::uint32_t>(word.size());
    return true;
  }
  /// Steps over a rule's name: everything up to a blank, a comma or a colon.
  Place take_name() {
    skip_blanks();
    const Place name = place(std::min(rest().find_first_of(" \t,:"), rest().size()));
    at_ = name.span.end;
    return name;
  }

 private:
  const Source& source_;
  std::uint32_t at_;
  std::uint32_t end_;
};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(blanks);
  return begin == std::string_view::npos ? std::string_view{}
                                         : text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

std::string_view text_of(const Place& place) {
  return place.source->text().substr(place.span.begin, place.span.end - place.span.begin);
}

/// `# replug: allow RULE, RULE: reason`. A comment that says something else allows nothing.
void read_comment(const Source& source, Span comment, std::uint32_t line, std::vector<Suppression>& all) {
  Cursor cursor(source, comment);
  if (!cursor.take("#") || !cursor.take("replug:") || !cursor.take("allow")) return;
  if (!cursor.rest().empty() && !is_blank(cursor.rest().front()) && cursor.rest().front() != ':') return;
  const std::size_t first = all.size();
  do {
    Suppression& suppression = all.emplace_back();
    suppression.place = cursor.take_name();
    suppression.whole = comment;
    suppression.name = text_of(suppression.place);
    suppression.line = line;
    if (suppression.name.empty()) suppression.place = {&source, comment};
  } while (cursor.take(","));
  if (!cursor.take(":")) return;
  for (std::size_t i = first; i < all.size(); ++i) all[i].reason = trimmed(cursor.rest());
}

/// The line that a comment is for: its own, or the first one below that is no comment. Asked from the last comment to
/// the first, so that no line is looked at twice.
class Target {
 public:
  explicit Target(const Source& source) : source_(source) {}

  std::uint32_t of(const planner::Comment& comment) {
    const std::uint32_t line = source_.position(comment.span.begin).line;
    if (!comment.alone) return line;
    std::uint32_t below = line + 1;
    while (below != known_.first && trimmed(source_.line(below)).starts_with('#')) ++below;
    known_ = {line, below == known_.first ? known_.second : below};
    return known_.second;
  }

 private:
  const Source& source_;
  std::pair<std::uint32_t, std::uint32_t>
      known_;  ///< the comment that was asked last and stands alone: its line and what that is for
};

void read_comments(const planner::Document& document, std::vector<Suppression>& all) {
  const auto comments = planner::comments_with(document, "replug:");
  std::vector<std::uint32_t> lines(comments.size());
  Target target(document.source());
  for (std::size_t i = comments.size(); i-- > 0;) lines[i] = target.of(comments[i]);
  for (std::size_t i = 0; i < comments.size(); ++i) read_comment(document.source(), comments[i].span, lines[i], all);
}

void read_list(const planner::Plan& plan, std::vector<Suppression>& all) {
  for (const planner::Allowed& allowed : plan.allow) {
    Suppression& suppression = all.emplace_back();
    suppression.place = plan.place(*allowed.rule_node);
    suppression.whole = allowed.node->span();
    suppression.name = allowed.rule.str();
    suppression.reason = trimmed(allowed.reason.view());
    suppression.step = allowed.step;
  }
}

/// The step of the rollback that a place lies in.
const PlannedStep* rollback_step(const planner::Plan& plan, const Place& place) {
  if (place.source != plan.sources.front().get()) return nullptr;
  const auto after = std::ranges::upper_bound(plan.rollback, place.span.begin, {},
                                              [](const PlannedStep& step) { return step.node->span().begin; });
  if (after == plan.rollback.begin()) return nullptr;
  const PlannedStep& step = *std::prev(after);
  return place.span.begin < step.node->span().end ? &step : nullptr;
}

/// Finds the suppressions of a finding without trying all of them.
class Index {
 public:
  explicit Index(Suppressions& suppressions) : plan_(suppressions.plan) {
    for (Suppression& one : suppressions.all) {
      if (one.rule == nullptr || one.reason.empty()) continue;
      by_rule_[one.rule].push_back(&one);
      if (one.line) {
        by_line_[{one.rule, one.place.source, *one.line}].all.push_back(&one);
      } else {
        by_step_[{one.rule, one.step.id()}].all.push_back(&one);
      }
    }
  }

  void suppress(Finding& finding) {
    const auto of_rule = by_rule_.find(finding.rule);
    if (of_rule == by_rule_.end()) return;
    if (finding.place.known()) use(by_line_, {finding.rule, finding.place.source, finding.place.begin().line}, finding);
    use(by_step_, {finding.rule, 0}, finding);
    if (const auto step = step_of(finding); !step.empty()) use(by_step_, {finding.rule, step.id()}, finding);
    if (finding.suppressed || !finding.place.known()) return;
    for (Suppression* one : std::exchange(of_rule->second, {}))
      one->elsewhere = finding.place;  // the first one is enough
  }

 private:
  /// Suppressions that reach the same findings. The first finding makes use of all of them.
  struct Group {
    std::vector<Suppression*> all;
    std::size_t used = 0;
  };

  template <class Map>
  static void use(Map& map, const typename Map::key_type& key, Finding& finding) {
    const auto found = map.find(key);
    if (found == map.end()) return;
    Group& group = found->second;
    for (; group.used < group.all.size(); ++group.used) group.all[group.used]->used = true;
    finding.suppressed = true;
    finding.suppression_reason = group.all.front()->reason;
  }

  [[nodiscard]] simulator::Text step_of(const Finding& finding) const {
    if (finding.step) return plan_.steps[*finding.step].step.id;
    const PlannedStep* step = finding.place.known() ? rollback_step(plan_, finding.place) : nullptr;
    return step == nullptr ? simulator::Text{} : step->step.id;
  }

  const planner::Plan& plan_;
  std::map<const Rule*, std::vector<Suppression*>> by_rule_;
  std::map<std::tuple<const Rule*, const Source*, std::uint32_t>, Group> by_line_;
  std::map<std::pair<const Rule*, std::uint32_t>, Group> by_step_;
};

}  // namespace

Suppressions read_suppressions(const planner::Plan& plan) {
  Suppressions suppressions{plan, {}};
  for (const auto& document : plan.documents) read_comments(*document, suppressions.all);
  read_list(plan, suppressions.all);
  for (Suppression& one : suppressions.all) one.rule = find_rule(one.name);
  return suppressions;
}

void suppress(std::vector<Finding>& findings, Suppressions& suppressions) {
  if (suppressions.all.empty()) return;
  Index index(suppressions);
  for (Finding& finding : findings) index.suppress(finding);
}

}  // namespace replug::rules
