#include <algorithm>
#include <array>
#include <compare>
#include <optional>
#include <string_view>
#include <utility>

#include "planner/reading/plan.h"
#include "simulator/medium/version.h"

namespace replug::planner {

// Version constraints mean what they mean in HashiCorp's go-version, so that one reads as in a Terraform file.

namespace {

using Operator = VersionConstraint::Operator;
using Comparison = VersionConstraint::Comparison;

struct Sign {
  std::string_view text;
  Operator op;
};
/// A sign stands before the one that is its beginning.
constexpr std::array signs{
    Sign{">=", Operator::greater_equal}, Sign{"<=", Operator::less_equal}, Sign{"!=", Operator::not_equal},
    Sign{"~>", Operator::pessimistic},   Sign{">", Operator::greater},     Sign{"<", Operator::less},
    Sign{"=", Operator::equal},
};

void skip_spaces(std::string_view& text) { text.remove_prefix(std::min(text.find_first_not_of(' '), text.size())); }

Operator take_operator(std::string_view& text) {
  for (const auto& sign : signs) {
    if (!text.starts_with(sign.text)) continue;
    text.remove_prefix(sign.text.size());
    return sign.op;
  }
  return Operator::equal;
}

/// The segments that are written: 2 in `v1.0-rc1`.
std::size_t count_segments(std::string_view version) {
  const auto numbers = version.substr(0, version.find_first_of("-+"));
  return static_cast<std::size_t>(std::ranges::count(numbers, '.')) + 1;
}

std::optional<Comparison> take_comparison(std::string_view& text) {
  const Operator op = take_operator(text);
  skip_spaces(text);
  const auto word = text.substr(0, text.find_first_of(", "));
  auto version = simulator::parse_version(word, simulator::Strictness::lax);
  if (!version) return std::nullopt;
  text.remove_prefix(word.size());
  return Comparison{op, std::move(*version), count_segments(word)};
}

bool same_segments(const simulator::Version& left, const simulator::Version& right) {
  return left.segments == right.segments;
}

/// A prerelease is between two releases, and what holds for them says nothing of it: only a constraint that names a
/// prerelease of the same release is meant for it.
bool is_meant_for(const Comparison& comparison, const simulator::Version& version) {
  if (version.prerelease.empty()) return true;
  return !comparison.version.prerelease.empty() && same_segments(version, comparison.version);
}

/// `~> 1.2.3` allows 1.2.4 and not 1.3: all segments but the last that is written stay.
bool is_pessimistically_allowed(const Comparison& comparison, const simulator::Version& version) {
  const auto& wanted = comparison.version;
  if (!wanted.prerelease.empty() && version.prerelease.empty()) return false;
  if (std::is_lt(simulator::compare(version, wanted))) return false;
  if (wanted.segments.size() > version.segments.size()) return false;
  const auto kept = static_cast<std::ptrdiff_t>(std::min(comparison.segments, wanted.segments.size())) - 1;
  return std::equal(wanted.segments.begin(), wanted.segments.begin() + kept, version.segments.begin()) &&
         version.segments[wanted.segments.size() - 1] >= wanted.segments.back();
}

bool holds(const Comparison& comparison, const simulator::Version& version) {
  const auto order = simulator::compare(version, comparison.version);
  if (comparison.op == Operator::equal) return std::is_eq(order);
  if (comparison.op == Operator::not_equal) return std::is_neq(order);
  if (!is_meant_for(comparison, version)) return false;
  switch (comparison.op) {
    case Operator::less:
      return std::is_lt(order);
    case Operator::less_equal:
      return std::is_lteq(order);
    case Operator::greater:
      return std::is_gt(order);
    case Operator::greater_equal:
      return std::is_gteq(order);
    default:
      return is_pessimistically_allowed(comparison, version);
  }
}

}  // namespace

bool VersionConstraint::allows(const simulator::Version& version) const {
  if (kind == Kind::none) return false;
  return std::ranges::all_of(comparisons, [&](const Comparison& comparison) { return holds(comparison, version); });
}

std::optional<VersionConstraint> parse_constraint(std::string_view text) {
  VersionConstraint constraint;
  skip_spaces(text);
  if (text == "any") return constraint;
  if (text == "none") {
    constraint.kind = VersionConstraint::Kind::none;
    return constraint;
  }
  constraint.kind = VersionConstraint::Kind::comparisons;
  do {
    auto comparison = take_comparison(text);
    if (!comparison) return std::nullopt;
    constraint.comparisons.push_back(std::move(*comparison));
    skip_spaces(text);
    // A comma may be left out where a sign separates as well: `>=1.16 <2`.
    const bool comma = text.starts_with(',');
    if (comma) text.remove_prefix(1);
    skip_spaces(text);
    if (comma ? text.empty() : text.find_first_of("<>=!~") != 0 && !text.empty()) return std::nullopt;
  } while (!text.empty());
  return constraint;
}

}  // namespace replug::planner
