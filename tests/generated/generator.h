#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace replug::generated {

/// A plan as text, with the files that it names: `plan.yaml`, and perhaps `cluster.yaml`, `releases.yaml` and parts of
/// the cluster. The names are those that the plan writes.
using Files = std::map<std::string, std::string>;

/// A random plan that the reader accepts; the same for the same seed, everywhere. Names, versions, files and paths come
/// from small stocks, so that the steps meet: most registrations fit a file, most mounts have an entry, some do not.
Files random_plan(std::uint64_t seed);

/// The server releases that plans are made for, as `vault 1.16.3`: on both sides of every change that we know of.
std::span<const std::string_view> server_releases();

}  // namespace replug::generated
