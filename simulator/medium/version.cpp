#include "simulator/medium/version.h"

#include <algorithm>
#include <charconv>
#include <compare>
#include <limits>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

// Written after the behaviour of hashicorp/go-version 1.2 to 1.8 (version.go), which reads every version the same.

namespace replug::simulator {

namespace {

constexpr std::string_view digits_and_dots = "0123456789.";
constexpr std::string_view identifier_characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-~";

/// Takes the text up to the next dot from the front of `rest`. Nothing, the empty part, once `rest` is used up.
std::string_view take_part(std::string_view& rest) {
  const std::size_t dot = std::min(rest.find('.'), rest.size());
  const std::string_view part = rest.substr(0, dot);
  rest.remove_prefix(std::min(dot + 1, rest.size()));
  return part;
}

/// Identifiers with dots between them, none of them empty.
bool are_identifiers(std::string_view text) {
  bool empty = true;
  for (const char character : text) {
    if (character == '.' ? empty : identifier_characters.find(character) == std::string_view::npos) return false;
    empty = character == '.';
  }
  return !empty;
}

/// The segments of `1.0.0`, padded. Nothing if one is empty or no Go int64.
std::optional<std::vector<std::uint64_t>> segments_of(std::string_view text) {
  if (text.empty() || text.back() == '.') return {};
  std::vector<std::uint64_t> segments;
  while (!text.empty()) {
    const std::string_view part = take_part(text);
    std::int64_t segment = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), segment);
    if (error != std::errc{}) return {};
    segments.push_back(static_cast<std::uint64_t>(segment));
  }
  if (segments.size() < 3) segments.resize(3);
  return segments;
}

/// What stands between the segments and the metadata, and is not empty.
std::optional<std::string_view> prerelease_of(std::string_view text, Strictness strictness) {
  if (text.starts_with('-') && are_identifiers(text.substr(1))) return text.substr(1);
  // The lax reading can do without a hyphen. One that opens no prerelease, as in `1.0.0-`, then belongs to it.
  if (strictness == Strictness::lax && are_identifiers(text)) return text;
  return {};
}

/// A part of a prerelease as a number, as Go's strconv.ParseInt reads it: what is no number counts as zero, what is too
/// large or too small as the outermost value.
struct Number {
  bool is_numeric = false;
  std::int64_t value = 0;
};

Number number_of(std::string_view part) {
  constexpr std::uint64_t highest = std::numeric_limits<std::int64_t>::max();
  const bool negative = part.starts_with('-');
  if (negative) part.remove_prefix(1);
  const char* const last = part.data() + part.size();
  std::uint64_t magnitude = 0;
  const auto [end, error] = std::from_chars(part.data(), last, magnitude);
  // Go stops where the number gets too large and never sees what follows.
  const bool overflow = error == std::errc::result_out_of_range;
  if (!overflow && (error != std::errc{} || end != last)) return {};
  if (overflow || magnitude > highest + (negative ? 1 : 0)) {
    return {false, negative ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max()};
  }
  return {true, static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude)};
}

/// Not symmetric, as go-version is not: of two different parts with the same value either is below the other.
std::weak_ordering compare_parts(std::string_view left, std::string_view right) {
  if (left == right) return std::weak_ordering::equivalent;
  const Number left_number = number_of(left);
  const Number right_number = number_of(right);
  if (left.empty()) return right_number.is_numeric ? std::weak_ordering::less : std::weak_ordering::greater;
  if (right.empty()) return left_number.is_numeric ? std::weak_ordering::greater : std::weak_ordering::less;
  if (left_number.is_numeric != right_number.is_numeric) {
    return left_number.is_numeric ? std::weak_ordering::less : std::weak_ordering::greater;
  }
  if (!left_number.is_numeric && left > right) return std::weak_ordering::greater;
  return left_number.value > right_number.value ? std::weak_ordering::greater : std::weak_ordering::less;
}

std::weak_ordering compare_prereleases(std::string_view left, std::string_view right) {
  if (left == right) return std::weak_ordering::equivalent;
  if (left.empty()) return std::weak_ordering::greater;
  if (right.empty()) return std::weak_ordering::less;
  std::weak_ordering order = std::weak_ordering::equivalent;
  while (std::is_eq(order) && !(left.empty() && right.empty()))
    order = compare_parts(take_part(left), take_part(right));
  return order;
}

}  // namespace

std::string Version::canonical() const {
  return fmt::format("v{}{}{}{}{}", fmt::join(segments, "."), prerelease.empty() ? "" : "-", prerelease,
                     metadata.empty() ? "" : "+", metadata);
}

bool Version::is_builtin() const {
  std::string_view rest = metadata;
  while (!rest.empty()) {
    if (take_part(rest) == "builtin") return true;
  }
  return false;
}

std::optional<Version> parse_version(std::string_view text, Strictness strictness) {
  if (text.starts_with('v')) text.remove_prefix(1);
  const std::size_t core = std::min(text.find_first_not_of(digits_and_dots), text.size());
  auto segments = segments_of(text.substr(0, core));
  if (!segments) return {};
  Version version{.segments = std::move(*segments), .prerelease = {}, .metadata = {}};
  text.remove_prefix(core);
  if (const std::size_t plus = text.find('+'); plus != std::string_view::npos) {
    if (!are_identifiers(text.substr(plus + 1))) return {};
    version.metadata = text.substr(plus + 1);
    text = text.substr(0, plus);
  }
  if (!text.empty()) {
    const auto prerelease = prerelease_of(text, strictness);
    if (!prerelease) return {};
    version.prerelease = *prerelease;
  }
  return version;
}

std::weak_ordering compare(const Version& left, const Version& right) {
  const std::size_t length = std::max(left.segments.size(), right.segments.size());
  const auto segment = [](const Version& version, std::size_t index) {
    return index < version.segments.size() ? version.segments[index] : 0;
  };
  for (std::size_t index = 0; index < length; ++index) {
    const auto order = segment(left, index) <=> segment(right, index);
    if (std::is_neq(order)) return order;
  }
  // go-version looks at prereleases only if both have equally many segments.
  if (left.segments.size() != right.segments.size()) return std::weak_ordering::equivalent;
  return compare_prereleases(left.prerelease, right.prerelease);
}

std::partial_ordering compare(std::string_view left, std::string_view right) {
  const auto one = parse_version(left, Strictness::lax);
  const auto other = parse_version(right, Strictness::lax);
  return one && other ? std::partial_ordering(compare(*one, *other)) : std::partial_ordering::unordered;
}

bool is_newer(std::string_view version, std::string_view than) { return compare(version, than) > 0; }

}  // namespace replug::simulator
