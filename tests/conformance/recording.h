#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "planner/reading/planned_step.h"
#include "planner/reading/read.h"
#include "report/json/json.h"
#include "simulator/run/simulate.h"
#include "simulator/vault/messages.h"

/// Recordings of real servers (tests/conformance/README.md), and the points in which a forecast can differ from one:
/// the same as in compare.py, which stands beside them, and some more.
namespace replug::conformance {

namespace fs = std::filesystem;
using Json = nlohmann::json;

inline fs::path recordings() { return fs::path(REPLUG_SOURCE_DIR) / "tests/conformance/recordings"; }

inline std::string contents(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// The folders that hold plans, as `vault-1.14.9/cases`, sorted.
inline std::vector<std::string> folders() {
  std::vector<std::string> found;
  for (const auto& server : fs::directory_iterator(recordings())) {
    for (const auto& kind : fs::directory_iterator(server.path()))
      found.push_back(fs::relative(kind.path(), recordings()).generic_string());
  }
  std::ranges::sort(found);
  return found;
}

/// The plans of a folder, sorted.
inline std::vector<fs::path> plans(const std::string& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(recordings() / folder)) {
    if (entry.path().extension() == ".yaml") found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

/// What was observed and what is forecast of one point; `said` is null where the forecast says nothing.
struct Point {
  std::string name;
  Json seen;
  Json said;
};

/// White space is compared after runs of it are made one space. The order of two protocol versions is accidental, and
/// so is which lease was met first of how many.
inline std::vector<std::string> squeezed(const Json& texts) {
  std::vector<std::string> result;
  for (const auto& each : texts) {
    std::istringstream words(each.get<std::string>());
    std::string text;
    for (std::string word; words >> word;) text += (text.empty() ? "" : " ") + word;
    if (const auto place = text.find("[4 3]"); place != std::string::npos) text.replace(place, 5, "[3 4]");
    static const std::regex lease_number(R"(\(\d+ / \d+\))");
    text = std::regex_replace(text, lease_number, "(i / n)");
    result.push_back(std::move(text));
  }
  return result;
}

/// A list of objects as the list of some of their members, sorted.
inline Json columns(const Json& rows, std::initializer_list<const char*> names) {
  std::vector<Json> picked;
  for (const auto& row : rows) {
    Json one = Json::array();
    for (const char* name : names) one.push_back(row.at(name));
    picked.push_back(std::move(one));
  }
  std::ranges::sort(picked);
  return picked;
}

inline Json keys(const Json& object) {
  std::vector<std::string> names;
  for (const auto& [name, value] : object.items()) names.push_back(name);
  std::ranges::sort(names);
  return names;
}

inline Json at(const Json& object, const std::string& path) {
  const Json::json_pointer pointer(path);
  return object.contains(pointer) ? object.at(pointer) : Json(nullptr);
}

/// `my/` as part of a JSON pointer.
inline std::string escaped(std::string_view name) {
  std::string text;
  for (const char c : name) text += c == '/' ? std::string("~1") : c == '~' ? std::string("~0") : std::string(1, c);
  return text;
}

class Points {
 public:
  Points(const Json& seen_step, const simulator::Reply& reply, const Json& said_state)
      : seen_(seen_step.at("state")), said_(said_state) {
    for (const auto& [name, node] : seen_.at("nodes").items()) {
      if (node.at("role") == "active") active_ = name;
    }
    add_reply(seen_step.at("reply"), reply);
    add_nodes();
    add_storage();
    if (seen_.contains("mounts")) add_mounts();
    if (seen_.contains("databases")) add_databases();
  }
  [[nodiscard]] const std::vector<Point>& list() const { return points_; }

 private:
  void add(std::string name, Json seen, Json said) {
    points_.push_back({std::move(name), std::move(seen), std::move(said)});
  }

  void add_reply(const Json& seen, const simulator::Reply& reply) {
    add("reply.status", seen.at("status"), reply.status);
    add("reply.errors", squeezed(seen.at("errors")), squeezed(simulator::errors_of(reply)));
    add("reply.warnings", squeezed(seen.at("warnings")), squeezed(simulator::warnings_of(reply)));
    if (!seen.contains("answered_by")) return;
    add("reply.answered_by", seen.at("answered_by").at("sha256"),
        reply.answered_by ? Json(reply.answered_by->sha256.view()) : Json(nullptr));
  }

  void add_nodes() {
    add("nodes", keys(seen_.at("nodes")), keys(said_.at("nodes")));
    for (const auto& [name, node] : seen_.at("nodes").items()) {
      const Json& said = said_.at("nodes").at(name);
      const bool sealed = said.at("sealed").get<bool>();
      add(fmt::format("node {} role", name), node.at("role"), sealed ? Json("sealed") : said.at("role"));
      add(fmt::format("node {} processes", name), columns(node.at("processes"), {"sha256", "count"}),
          columns(said.at("processes"), {"sha256", "count"}));
      if (node.at("role") == "standby" && seen_.contains("mounts") && !seen_.at("mounts").empty())
        add_seen_by_standby(name, node);
    }
  }

  /// What a standby's own API shows: a node that passes requests on shows what the active node shows.
  void add_seen_by_standby(const std::string& name, const Json& node) {
    const Json& mounts = node.contains("mounts_seen_here") ? node.at("mounts_seen_here") : seen_.at("mounts");
    for (const auto& [path, seen] : mounts.items()) {
      const std::string mount = fmt::format("/mounts/{}", escaped(path));
      Json said = at(said_, fmt::format("{}/nodes/{}", mount, name));
      Json configured = at(said, "/plugin_version");
      if (said.is_null()) {
        said = at(said_, fmt::format("{}/nodes/{}", mount, active_));
        configured = at(said_, mount + "/plugin_version");
      }
      const auto list = [](const Json& version, const Json& mount_there) {
        return Json::array({version, at(mount_there, "/running_plugin_version"), at(mount_there, "/running_sha256")});
      };
      add(fmt::format("seen {} {}", name, path), list(seen.at("plugin_version"), seen), list(configured, said));
    }
  }

  void add_storage() {
    if (seen_.contains("catalog")) {
      // Unsorted: the forecast lists the entries in the order of the recordings.
      const auto entries = [](const Json& rows) {
        Json list = Json::array();
        for (const auto& row : rows)
          list.push_back(columns(Json::array({row}), {"type", "name", "version", "sha256", "command"}).front());
        return list;
      };
      add("catalog", entries(seen_.at("catalog")), entries(said_.at("catalog")));
    }
    if (seen_.contains("pins"))
      add("pins", columns(seen_.at("pins"), {"type", "name", "version"}),
          columns(said_.at("pins"), {"type", "name", "version"}));
  }

  void add_mounts() {
    add("mounts", keys(seen_.at("mounts")), keys(said_.at("mounts")));
    for (const auto& [path, mount] : seen_.at("mounts").items()) {
      const std::string said = fmt::format("/mounts/{}", escaped(path));
      for (const char* key : {"type", "plugin_version"}) {
        add(fmt::format("mount {} {}", path, key), mount.at(key), at(said_, fmt::format("{}/{}", said, key)));
      }
      for (const char* key : {"running_plugin_version", "running_sha256"}) {
        add(fmt::format("mount {} {}", path, key), mount.at(key),
            at(said_, fmt::format("{}/nodes/{}/{}", said, active_, key)));
      }
    }
  }

  void add_databases() {
    add("databases", keys(seen_.at("databases")), keys(said_.at("databases")));
    for (const auto& [label, connection] : seen_.at("databases").items()) {
      const std::string said = fmt::format("/databases/{}", escaped(label));
      for (const auto& [key, value] : connection.items()) {
        const bool stored = key == "plugin_name" || key == "plugin_version";
        add(fmt::format("database {} {}", label, key), value,
            at(said_, stored ? fmt::format("{}/{}", said, key) : fmt::format("{}/nodes/{}/{}", said, active_, key)));
      }
      // Where the server did not report a running version, the forecast has none either.
      const std::string running = fmt::format("{}/nodes/{}/running_plugin_version", said, active_);
      if (!connection.contains("running_plugin_version")) {
        add(fmt::format("database {} running_plugin_version", label), nullptr, at(said_, running));
      }
    }
  }

  const Json& seen_;
  const Json& said_;
  std::string active_;
  std::vector<Point> points_;
};

struct Comparison {
  std::size_t points = 0;
  std::vector<std::string> different;  ///< each as a text with its step
};

/// Plays a recorded plan and compares every point after every step.
inline Comparison compare(const fs::path& plan_file) {
  const auto no_files = [](const std::string& /*from*/, const std::string& path) -> planner::FileAnswer {
    return {std::nullopt, path, "recorded plans name no other files"};
  };
  const auto reading =
      planner::read_plan(std::make_shared<const planner::Source>(plan_file.string(), contents(plan_file)), no_files);
  Comparison result;
  if (!reading.plan) {
    result.different.push_back(fmt::format("{} is no plan: {}", plan_file.string(), reading.problems.front().message));
    return result;
  }
  const planner::Plan& plan = *reading.plan;
  std::vector<simulator::Step> steps;
  for (const auto& planned : plan.steps) steps.push_back(planned.step);
  simulator::Run run(simulator::World::make(plan.cluster, steps, plan.expect, *plan.texts));
  const Json seen = Json::parse(contents(fs::path(plan_file).replace_extension(".observed.json")));
  if (seen.at("steps").size() != steps.size()) result.different.emplace_back("another number of steps");
  for (std::size_t i = 0; i < std::min(steps.size(), seen.at("steps").size()); ++i) {
    const Json& step = seen.at("steps").at(i);
    const auto forecast = run.play(i, steps[i]);
    if (step.at("id") != steps[i].id.view()) result.different.push_back(fmt::format("step {} has another id", i + 1));
    if (!forecast.as_meant)
      result.different.push_back(fmt::format("{}: refused, or not refused, against the plan", steps[i].id.view()));
    const Points points(step, forecast.reply, Json::parse(report::state_json(run.cluster()).dump()));
    result.points += points.list().size();
    for (const Point& point : points.list()) {
      if (point.seen == point.said) continue;
      result.different.push_back(fmt::format("{} {}:\n    server   {}\n    forecast {}", steps[i].id.view(), point.name,
                                             point.seen.dump(), point.said.dump()));
    }
  }
  return result;
}

}  // namespace replug::conformance
