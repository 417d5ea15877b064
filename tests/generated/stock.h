#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/generated/random.h"

namespace replug::generated {

/// A build of a plugin: what a file holds and a catalog entry speaks of. The file is `toy-1.0.0`.
struct Build {
  std::string_view type;
  std::string_view name;
  std::string_view version;
  char digit;  ///< its sha256 is 64 of it

  [[nodiscard]] std::string file() const;
  [[nodiscard]] std::string sha256() const;
};

/// From what a plan's names are taken, and what is known of the cluster while a plan is drafted.
class Stock {
 public:
  explicit Stock(Random& random) : random_(random) { choose_server(); }

  [[nodiscard]] std::string_view product() const { return product_; }
  [[nodiscard]] const std::string& version() const { return version_; }
  [[nodiscard]] bool enterprise() const { return version_.ends_with("+ent"); }
  [[nodiscard]] bool has_namespaces() const;
  /// A release of that product, as `upgrade_server` and `cluster.server` take it.
  std::string release_of(std::string_view product);

  std::vector<std::string> nodes;  ///< names; filled while the cluster is drafted
  std::vector<std::string> step_ids;

  const Build& build();
  const Build& build_of(std::string_view type);
  /// Names of plugins: of builds, of built-ins, of none.
  std::string plugin_name();
  std::string plugin_type();
  /// A version of a plugin, mostly of a build; also malformed ones, built-in ones and those that go-version orders
  /// strangely.
  std::string plugin_version();
  std::string odd_version();
  /// Mostly that of a build; also in capitals, too short, or no hexadecimal number.
  std::string sha256();
  std::string file();
  /// Where something may be mounted; an auth method below `auth/`, sometimes in a namespace.
  std::string mount_path();
  std::string local_path(bool auth);
  std::string database_mount();
  std::string connection_name();
  /// `database/x`
  std::string connection_path();
  std::string node();
  /// Empty for the root namespace.
  std::string name_space();
  /// Free text, some of it hostile to a terminal or to YAML.
  std::string text();

 private:
  void choose_server();

  Random& random_;
  std::string_view product_;
  std::string version_;
};

/// All builds: three versions each of a secrets engine, an auth method and a database plugin.
std::span<const Build> builds();

}  // namespace replug::generated
