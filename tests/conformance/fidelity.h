#pragma once

#include <string>
#include <string_view>

#include "tests/conformance/recording.h"

/// The numbers of docs/fidelity.md: how many observations of which server every test run compares.
namespace replug::conformance {

inline void write_to(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

/// `vault-1.14.9` as `Vault 1.14.9`.
inline std::string server_of(std::string_view folder) {
  const std::string_view name = folder.substr(0, folder.find('/'));
  const std::size_t hyphen = name.find('-');
  return fmt::format("{} {}", name.starts_with("vault") ? "Vault" : "OpenBao", name.substr(hyphen + 1));
}

struct Counts {
  std::size_t plans = 0, steps = 0, observations = 0, agree = 0;
};

inline Counts count(const std::string& folder) {
  Counts counts;
  for (const fs::path& plan : plans(folder)) {
    const Comparison comparison = compare(plan);
    counts.plans += 1;
    counts.steps += Json::parse(contents(fs::path(plan).replace_extension(".observed.json"))).at("steps").size();
    counts.observations += comparison.points;
    counts.agree += comparison.points - std::min(comparison.points, comparison.different.size());
  }
  return counts;
}

inline std::string observation_table() {
  std::string rows;
  Counts all;
  for (const std::string& folder : folders()) {
    const Counts counts = count(folder);
    rows += fmt::format("| {} | {} | {} | {} | {} | {} |\n", server_of(folder), folder.substr(folder.find('/') + 1),
                        counts.plans, counts.steps, counts.observations, counts.agree);
    all.plans += counts.plans;
    all.steps += counts.steps;
    all.observations += counts.observations;
    all.agree += counts.agree;
  }
  return fmt::format(
      "| Server | Plans | Played | Steps | Observations | The simulator agrees |\n|---|---|---|---|---|---|\n{}| "
      "**All** | | {} | {} | {} | {} |\n",
      rows, all.plans, all.steps, all.observations, all.agree);
}

/// The page with the table between its two marks; unchanged where they are missing.
inline std::string with_block(const std::string& page, const std::string& table) {
  constexpr std::string_view begin = "<!-- begin: observations, written by scripts/update-fidelity -->\n";
  constexpr std::string_view end = "<!-- end: observations -->";
  const std::size_t from = page.find(begin);
  const std::size_t to = page.find(end);
  if (from == std::string::npos || to == std::string::npos || to < from) return "marks are missing";
  return page.substr(0, from + begin.size()) + table + page.substr(to);
}

}  // namespace replug::conformance
