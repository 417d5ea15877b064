#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace replug::simulator {

/// How strictly Vault reads a version: the catalog and pins want semantic versions, enable, tune and database
/// configuration also take `1.0.0rc1` (go-version `NewSemver` and `NewVersion`; reference, section 2.3).
enum class Strictness : std::uint8_t { semver, lax };

/// A plugin version as HashiCorp's go-version reads it.
struct Version {
  std::vector<std::uint64_t> segments;  ///< at least three; shorter ones are padded with zeros
  std::string prerelease;               ///< without the hyphen
  std::string metadata;                 ///< without the plus

  /// `v1.0.0-rc1+ent`: how Vault stores and shows it.
  [[nodiscard]] std::string canonical() const;
  /// One of the metadata's identifiers is `builtin`.
  [[nodiscard]] bool is_builtin() const;
};

/// Nothing if the text is malformed.
std::optional<Version> parse_version(std::string_view text, Strictness strictness);

/// go-version's order: segments, then a release above its prereleases; metadata does not count, so `v1.0.0` and
/// `v1.0.0+ent` are equivalent but not equal. Its quirks are kept: 1.0.0-alpha is above 1.0.0-alpha.beta and below
/// 1.0.0-alpha.1; 1.0.0-alpha and 1.0.0.0 are equivalent; 1.0.0-1 and 1.0.0-01 are each below the other. So it is no
/// order to give to `std::sort`.
std::weak_ordering compare(const Version& left, const Version& right);
/// The same of two texts, read as enable and tune read them; unordered where one of them is no version, as the empty
/// text of an unversioned plugin.
std::partial_ordering compare(std::string_view left, std::string_view right);
/// Both are versions, and the first is above the second.
bool is_newer(std::string_view version, std::string_view than);

}  // namespace replug::simulator
