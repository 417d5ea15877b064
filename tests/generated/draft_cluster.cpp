#include <array>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tests/generated/draft.h"

namespace replug::generated {
namespace {

/// Drafts one cluster: what is in its catalog fits its files mostly, and what is mounted fits its catalog.
class ClusterDraft {
 public:
  ClusterDraft(Random& random, Stock& stock, Files& files) : random_(random), stock_(stock), files_(files) {}

  Flow draft() {
    many_ = random_.percent(2);
    server();
    replicas();
    nodes();
    if (stock_.has_namespaces() && random_.percent(50)) namespaces();
    if (random_.percent(60))
      cluster_.add_text("storage",
                        random_.pick(std::to_array<std::string_view>({"raft", "consul", "postgresql", "file"})));
    if (random_.percent(30)) address();
    if (random_.percent(70)) cluster_.add("plugin_directory", plugin_directory(85));
    if (random_.percent(85)) cluster_.add("catalog", part("catalog.json", catalog(), "detailed"));
    if (random_.percent(25)) cluster_.add("pins", part("pins.json", pins(), "pinned_versions"));
    if (random_.percent(80)) cluster_.add("secrets", part("secrets.json", mounts(false), "data"));
    if (random_.percent(40)) cluster_.add("auth", part("auth.json", mounts(true), "data"));
    if (random_.percent(40)) cluster_.add("databases", part("databases.json", databases(), "data"));
    return std::move(cluster_);
  }

 private:
  void server() {
    Flow server;
    server.add_text("product", stock_.product());
    server.add("version", fmt::format("\"{}{}\"", random_.percent(5) ? "v" : "", stock_.version()));
    cluster_.add("server", server.mapping());
  }

  void replicas() {
    if (!stock_.enterprise() || !random_.percent(40)) return;
    Flow replicas;
    for (const std::string_view name : {"eu", "us"}) {
      if (!random_.percent(60)) continue;
      replicas.add_text(name, random_.percent(50) ? "performance_secondary" : "dr_secondary");
      replicas_.emplace_back(name);
    }
    cluster_.add("replicas", replicas.mapping());
  }

  void nodes() {
    Flow nodes;
    const std::size_t standbys = random_.percent(50) ? 0 : random_.between(1, 3);
    add_nodes(nodes, "", standbys);
    for (const std::string& replica : replicas_) add_nodes(nodes, replica, random_.below(3));
    cluster_.add("nodes", nodes.mapping());
  }

  /// The active node is not always the first that is listed.
  void add_nodes(Flow& nodes, const std::string& replica, std::size_t standbys) {
    const std::size_t active = random_.percent(80) ? 0 : random_.below(standbys + 1);
    for (std::size_t i = 0; i <= standbys; ++i) {
      Flow node;
      const bool performance = stock_.enterprise() && random_.percent(50);
      node.add_text("role", i == active ? "active" : performance ? "performance_standby" : "standby");
      if (!replica.empty()) node.add_text("replica", replica);
      if (random_.percent(15)) node.add("plugin_directory", plugin_directory(60));
      const std::string name = fmt::format("{}-{}", replica.empty() ? "node" : replica, i);
      nodes.add(name, node.mapping());
      stock_.nodes.push_back(name);
    }
  }

  void namespaces() {
    std::vector<std::string> names = {"team-a/"};
    if (random_.percent(50)) names.emplace_back("team-a/sub");
    if (random_.percent(30)) names.emplace_back("team-b/");
    cluster_.add("namespaces", text_list(names));
    namespaces_ = true;
  }

  void address() {
    const std::size_t kind = random_.below(3);
    cluster_.add_text("address", kind == 0 ? "active" : kind == 1 ? "load_balancer" : stock_.node());
  }

  /// `fitting`: in how many of a hundred cases a file is there that a build names.
  std::string plugin_directory(std::size_t fitting) {
    if (random_.percent(4)) return "";  // known to be empty
    Flow directory;
    for (const Build& build : builds()) {
      if (random_.percent(fitting)) directory.add(build.file(), file(build));
    }
    // What a `register` with an image takes for its command, if it looks at files at all.
    for (const std::string_view name : {"toy", "toyauth", "toydb"}) {
      if (random_.percent(30)) directory.add(name, file(stock_.build()));
    }
    if (random_.percent(5)) directory.add("sub/toy", file(stock_.build()));
    return directory.mapping();
  }

  std::string file(const Build& build) {
    const std::string sha256 = random_.percent(92) ? build.sha256() : stock_.sha256();
    if (random_.percent(30)) return scalar(sha256);
    Flow file;
    file.add_text("sha256", sha256);
    if (random_.percent(50))
      file.add_text("type", random_.percent(90) ? std::string(build.type) : stock_.plugin_type());
    if (random_.percent(40))
      file.add_text("reports_version", random_.percent(80) ? std::string(build.version) : stock_.plugin_version());
    if (random_.percent(60)) file.add("multiplexed", random_.percent(70) ? "true" : "false");
    if (random_.percent(20)) file.add("starts", random_.percent(60) ? "true" : "false");
    return file.mapping();
  }

  /// A part of the cluster as it stands in the plan, or as a file with what a command printed.
  std::string part(const std::string& file, const std::string& value, std::string_view wrapper) {
    const std::size_t how = random_.below(20);
    if (how == 0 && wrapper != "data") return fmt::format("{{{}: {}}}", wrapper, value);
    if (how != 1 && how != 2) return value;
    const std::string printed = wrapper == "data" ? value : fmt::format("{{\"{}\": {}}}", wrapper, value);
    files_[file] = how == 1 ? value : fmt::format("{{\"request_id\": \"7\", \"data\": {}}}\n", printed);
    return scalar(file);
  }

  std::string catalog() {
    std::vector<std::string> items;
    std::set<std::string> seen;
    for (const Build& build : builds()) {
      if (!random_.percent(50)) continue;
      const std::string version = random_.percent(90) ? std::string(build.version) : "";
      if (seen.insert(fmt::format("{} {} {}", build.type, build.name, version)).second)
        items.push_back(entry(build, version));
    }
    if (random_.percent(10)) {
      const std::string version = stock_.odd_version();
      if (seen.insert(fmt::format("secret toy {}", version)).second) items.push_back(entry(builds().front(), version));
    }
    return flow_list(items);
  }

  std::string entry(const Build& build, const std::string& version) {
    Flow entry;
    entry.add_text("type", build.type);
    entry.add_text("name", build.name);
    entry.add_text("version", version);
    entry.add_text("sha256", random_.percent(95) ? build.sha256() : stock_.sha256());
    const bool image = random_.percent(6);
    if (image) entry.add_text("oci_image", "registry/toy");
    if (image && random_.percent(50)) entry.add_text("runtime", "gvisor");
    if (!image || random_.percent(30)) entry.add_text("command", random_.percent(92) ? build.file() : stock_.file());
    if (random_.percent(8)) entry.add("args", text_list({"-v", stock_.text()}));
    if (random_.percent(8)) entry.add("env", text_list({"LEVEL=debug"}));
    if (random_.percent(10)) entry.add("builtin", "false");
    if (stock_.product() == "openbao" && random_.percent(10))
      entry.add("declarative", random_.percent(50) ? "true" : "false");
    return entry.mapping();
  }

  std::string pins() {
    std::vector<std::string> items;
    for (const std::string_view type : {"secret", "auth", "database"}) {
      if (!random_.percent(50)) continue;
      const Build& build = stock_.build_of(type);
      Flow pin;
      pin.add_text("type", type);
      pin.add_text("name", build.name);
      pin.add_text("version", random_.percent(90) ? std::string(build.version) : stock_.odd_version());
      items.push_back(pin.mapping());
    }
    return flow_list(items);
  }

  std::string mounts(bool auth) {
    Flow mounts;
    std::set<std::string> seen;
    for (std::size_t i = many_ ? random_.between(20, 60) : random_.below(4); i-- > 0;) {
      const std::string within = namespaces_ && random_.percent(40) ? "team-a/" : "";
      const std::string local = many_ ? fmt::format("m{}/", i) : stock_.local_path(auth).substr(auth ? 5 : 0);
      const std::string path = local.ends_with('/') ? local : local + '/';
      if (seen.insert(within + path).second) mounts.add(within + path, mount(auth, within));
    }
    return mounts.mapping();
  }

  std::string mount(bool auth, const std::string& within) {
    Flow mount;
    const Build& build = stock_.build_of(auth ? "auth" : "secret");
    mount.add_text("type", random_.percent(90) ? std::string(build.name) : stock_.plugin_name());
    if (random_.percent(85)) mount.add_text("plugin_version", version_of(build));
    if (random_.percent(25)) mount.add_text("running_plugin_version", version_of(stock_.build_of(build.type)));
    if (random_.percent(15)) mount.add_text("running_sha256", random_.percent(80) ? build.sha256() : stock_.sha256());
    if (!within.empty() && (auth || random_.percent(80))) mount.add_text("namespace", within);
    if (random_.percent(10)) mount.add("leases", fmt::format("{}", random_.below(200)));
    if (random_.percent(10)) mount.add("schema", fmt::format("{}", random_.between(1, 3)));
    if (random_.percent(10)) mount.add("accessor", "toy_1234");
    return mount.mapping();
  }

  std::string version_of(const Build& build) {
    if (random_.percent(10)) return "";
    return random_.percent(95) ? std::string(build.version) : stock_.odd_version();
  }

  std::string databases() {
    Flow databases;
    for (const std::string_view path : {"database/", "db2/"}) {
      if (!random_.percent(70)) continue;
      Flow connections;
      for (const std::string_view name : {"x", "y"}) {
        if (random_.percent(70)) connections.add(name, connection());
      }
      databases.add(path, connections.mapping());
    }
    return databases.mapping();
  }

  std::string connection() {
    Flow connection;
    const Build& build = stock_.build_of("database");
    connection.add_text("plugin_name", random_.percent(90) ? std::string(build.name) : stock_.plugin_name());
    if (random_.percent(80)) connection.add_text("plugin_version", version_of(build));
    if (random_.percent(20)) connection.add_text("running_plugin_version", version_of(stock_.build_of("database")));
    if (random_.percent(20)) connection.add("connection_details", "{username: v}");
    return random_.percent(10) ? fmt::format("{{data: {}}}", connection.mapping()) : connection.mapping();
  }

  Random& random_;
  Stock& stock_;
  Files& files_;
  Flow cluster_;
  std::vector<std::string> replicas_;
  bool namespaces_ = false;
  bool many_ = false;  ///< mounts that share a plugin
};

}  // namespace

Flow draft_cluster(Random& random, Stock& stock, Files& files) { return ClusterDraft(random, stock, files).draft(); }

}  // namespace replug::generated
