#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "planner/reading/plan.h"
#include "planner/reading/problem.h"

namespace replug::planner {

/// How the planner gets at other files (`cluster: ../clusters/prod.yaml`): it touches no disk itself. Gives the file's
/// bytes, or nothing with a reason.
struct FileAnswer {
  std::optional<std::string> text;
  std::string name;    ///< as it should be shown
  std::string reason;  ///< why there is no text
  std::string help{};  ///< what to do about that; may be empty
};
using FileReader = std::function<FileAnswer(const std::string& from, const std::string& path)>;

/// What reading a plan came to: a plan, or the problems that keep the file from being one (or both: none of the
/// problems stops others from being found).
struct Reading {
  std::optional<Plan> plan;  ///< only if there are no problems
  Problems problems;
  std::vector<std::shared_ptr<const Source>> sources;  ///< what the places of the problems point into
};

Reading read_plan(std::shared_ptr<const Source> source, const FileReader& files);

/// What a file is by its top level keys; how a directory argument is searched.
enum class FileKind : std::uint8_t { plan, cluster, releases, other };
FileKind kind_of(const Document& document);

}  // namespace replug::planner
