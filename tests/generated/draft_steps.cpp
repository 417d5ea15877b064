#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "rules/judging/rule.h"
#include "tests/generated/draft.h"

namespace replug::generated {
namespace {

/// Drafts the mapping of one action.
class ActionDraft {
 public:
  ActionDraft(Random& random, Stock& stock) : random_(random), stock_(stock) {}

  [[nodiscard]] std::string draft(std::string_view action) const;

 private:
  using Words = std::initializer_list<std::string_view>;
  [[nodiscard]] std::string one_of(Words words) const {
    return std::string(random_.pick(std::span<const std::string_view>(words.begin(), words.size())));
  }

  [[nodiscard]] Flow install() const {
    Flow step;
    const Build& build = stock_.build();
    step.add_text("file", random_.percent(90) ? build.file() : stock_.file());
    step.add_text("sha256", random_.percent(90) ? build.sha256() : stock_.sha256());
    if (random_.percent(30)) step.add_text("type", random_.percent(90) ? std::string(build.type) : "other");
    if (random_.percent(30))
      step.add_text("reports_version", random_.percent(80) ? std::string(build.version) : stock_.plugin_version());
    if (random_.percent(50)) step.add("multiplexed", random_.percent(70) ? "true" : "false");
    if (random_.percent(20)) step.add("starts", random_.percent(50) ? "true" : "false");
    return step;
  }

  [[nodiscard]] Flow uninstall() const {
    Flow step;
    step.add_text("file", stock_.file());
    return step;
  }

  [[nodiscard]] Flow registration() const {
    Flow step;
    const Build& build = stock_.build();
    step.add_text("type",
                  random_.percent(92) ? std::string(build.type) : one_of({"unknown", "secrets", "auth", "kms"}));
    step.add_text("name", random_.percent(90) ? std::string(build.name) : stock_.plugin_name());
    step.add_text("sha256", random_.percent(90) ? build.sha256() : stock_.sha256());
    if (random_.percent(80))
      step.add_text("version", random_.percent(85) ? std::string(build.version) : stock_.odd_version());
    const bool image = random_.percent(15);
    if (image) step.add_text("oci_image", random_.percent(90) ? "registry/toy" : "");
    if (image && random_.percent(50)) step.add_text("runtime", random_.percent(90) ? "gvisor" : "");
    if (random_.percent(image ? 30 : 80)) step.add_text("command", random_.percent(90) ? build.file() : stock_.file());
    if (random_.percent(8)) step.add("args", text_list({"-v", stock_.text()}));
    if (random_.percent(8))
      step.add("env", text_list({one_of({"LEVEL=debug", "VAULT_X=1", "no assignment", "PLUGIN_PATH=/"})}));
    return step;
  }

  [[nodiscard]] Flow deregistration() const {
    Flow step;
    const Build& build = stock_.build();
    step.add_text("type", random_.percent(95) ? std::string(build.type) : "unknown");
    step.add_text("name", random_.percent(95) ? std::string(build.name) : stock_.plugin_name());
    if (random_.percent(85))
      step.add_text("version", random_.percent(85) ? std::string(build.version) : stock_.odd_version());
    return step;
  }

  [[nodiscard]] Flow enable() const {
    Flow step;
    const bool auth = random_.percent(30);
    const std::string path = random_.percent(85) ? stock_.local_path(auth) : stock_.mount_path();
    const bool engine = path == "database/";
    step.add_text("path", path);
    const Build& build = stock_.build_of(auth ? "auth" : "secret");
    step.add_text("plugin", engine ? "database" : random_.percent(80) ? std::string(build.name) : stock_.plugin_name());
    if (random_.percent(engine ? 5 : 60))
      step.add_text("plugin_version", random_.percent(85) ? std::string(build.version) : stock_.odd_version());
    if (random_.percent(10)) step.add("options", "{version: \"2\", list: [a, b], nested: {a: b}, nothing: null}");
    return step;
  }

  [[nodiscard]] Flow tune() const {
    Flow step;
    step.add("path", paths());
    step.add_text("plugin_version", random_.percent(5) ? "" : stock_.plugin_version());
    return step;
  }

  [[nodiscard]] Flow disable() const {
    Flow step;
    step.add_text("path", stock_.mount_path());
    return step;
  }

  [[nodiscard]] Flow revoke_leases() const {
    Flow step;
    step.add_text("prefix", stock_.mount_path());
    if (random_.percent(50)) step.add("force", random_.percent(70) ? "true" : "false");
    return step;
  }

  [[nodiscard]] Flow move() const {
    Flow step;
    step.add_text("from", stock_.mount_path());
    step.add_text("to", stock_.mount_path());
    return step;
  }

  [[nodiscard]] Flow reload() const {
    Flow step;
    const std::size_t what = random_.below(20);
    if (what < 10 || what == 18) step.add_text("plugin", stock_.plugin_name());
    if (what >= 10 && what < 19) step.add("mounts", paths());
    if (random_.percent(15)) step.add_text("type", one_of({"secret", "auth", "database", "unknown", "other"}));
    if (random_.percent(15)) step.add_text("scope", one_of({"global", "global", "", "local"}));
    return step;
  }

  [[nodiscard]] Flow pin(bool version) const {
    Flow step;
    const Build& build = stock_.build();
    step.add_text("type", random_.percent(95) ? std::string(build.type) : "unknown");
    step.add_text("name", random_.percent(95) ? std::string(build.name) : stock_.plugin_name());
    if (version && random_.percent(95))
      step.add_text("version", random_.percent(90) ? std::string(build.version) : stock_.odd_version());
    return step;
  }

  [[nodiscard]] Flow configure_database() const {
    Flow step = connection();
    const Build& build = stock_.build_of("database");
    if (random_.percent(60))
      step.add_text("plugin_name", random_.percent(85) ? std::string(build.name) : stock_.plugin_name());
    if (random_.percent(50))
      step.add_text("plugin_version", random_.percent(85)   ? std::string(build.version)
                                      : random_.percent(50) ? ""
                                                            : stock_.odd_version());
    if (random_.percent(20)) step.add("allowed_roles", "[reader, \"*\"]");
    if (random_.percent(10)) step.add_text("password", stock_.text());
    if (random_.percent(5)) step.add("verify_connection", "false");
    return step;
  }

  [[nodiscard]] Flow connection() const {
    Flow step;
    step.add_text("mount", random_.percent(90) ? stock_.database_mount() : stock_.mount_path());
    step.add_text("connection", random_.percent(98) ? stock_.connection_name() : "");
    return step;
  }

  [[nodiscard]] Flow reload_database() const {
    Flow step;
    step.add_text("mount", random_.percent(90) ? stock_.database_mount() : stock_.mount_path());
    step.add_text("plugin", random_.percent(80) ? "toydb" : stock_.plugin_name());
    return step;
  }

  [[nodiscard]] Flow request() const {
    Flow step;
    if (random_.percent(35)) {
      step.add_text("database", stock_.connection_path());
    } else {
      const std::string mount = stock_.mount_path();
      step.add_text("path", mount + one_of({"", "x", "creds/role"}));
    }
    return step;
  }

  [[nodiscard]] Flow crash() const {
    Flow step;
    if (random_.percent(35)) {
      step.add_text("database", stock_.connection_path());
    } else {
      step.add_text("mount", stock_.mount_path());
    }
    return step;
  }

  /// Of restart, seal, unseal, step_down.
  [[nodiscard]] Flow on_node(bool names_node) const {
    Flow step;
    if (names_node) step.add_text("node", stock_.node());
    if (random_.percent(25)) step.add_text("to", stock_.node());
    return step;
  }

  [[nodiscard]] Flow upgrade_server() const {
    Flow step = on_node(true);
    const bool named = random_.percent(25);
    const std::string product = named && random_.percent(50) ? "openbao"
                                : named                      ? "vault"
                                                             : std::string(stock_.product());
    step.add("version", fmt::format("\"{}\"", stock_.release_of(product)));
    if (named) step.add_text("product", product);
    return step;
  }

  [[nodiscard]] Flow snapshot() const {
    Flow step;
    if (random_.percent(40)) step.add_text("name", one_of({"before", "after", ""}));
    return step;
  }

  /// One path or a list.
  [[nodiscard]] std::string paths() const {
    if (random_.percent(60)) return scalar(stock_.mount_path());
    std::vector<std::string> paths;
    for (std::size_t i = random_.between(1, 3); i-- > 0;) paths.push_back(stock_.mount_path());
    return text_list(paths);
  }

  Random& random_;
  Stock& stock_;
};

std::string ActionDraft::draft(std::string_view action) const {
  if (action == "install") return install().mapping();
  if (action == "uninstall") return uninstall().mapping();
  if (action == "register") return registration().mapping();
  if (action == "deregister") return deregistration().mapping();
  if (action == "enable") return enable().mapping();
  if (action == "tune") return tune().mapping();
  if (action == "disable") return disable().mapping();
  if (action == "revoke_leases") return revoke_leases().mapping();
  if (action == "move") return move().mapping();
  if (action == "reload") return reload().mapping();
  if (action == "pin" || action == "unpin") return pin(action == "pin").mapping();
  if (action == "configure_database") return configure_database().mapping();
  if (action == "reset_database" || action == "rotate_root") return connection().mapping();
  if (action == "reload_database") return reload_database().mapping();
  if (action == "request") return request().mapping();
  if (action == "crash") return crash().mapping();
  if (action == "restart" || action == "seal" || action == "unseal") return on_node(true).mapping();
  if (action == "step_down") return on_node(false).mapping();
  if (action == "upgrade_server") return upgrade_server().mapping();
  if (action == "backup" || action == "restore") return snapshot().mapping();
  if (action == "check") return draft_expectations(random_, stock_);
  return scalar(stock_.text());  // confirm
}

// What is done often stands here often.
constexpr auto actions = std::to_array<std::string_view>({
    "install",
    "install",
    "uninstall",
    "register",
    "register",
    "register",
    "register",
    "deregister",
    "enable",
    "enable",
    "tune",
    "tune",
    "tune",
    "disable",
    "move",
    "reload",
    "reload",
    "reload",
    "pin",
    "unpin",
    "configure_database",
    "configure_database",
    "reset_database",
    "rotate_root",
    "revoke_leases",
    "reload_database",
    "request",
    "request",
    "crash",
    "crash",
    "restart",
    "seal",
    "unseal",
    "step_down",
    "upgrade_server",
    "backup",
    "restore",
    "check",
    "confirm",
});

/// Drafts what every step may have beside its action.
class StepDraft {
 public:
  StepDraft(Random& random, Stock& stock, std::string_view list) : random_(random), stock_(stock), list_(list) {}

  std::string draft(std::size_t count) {
    std::string lines;
    for (std::size_t number = 1; number <= count; ++number) lines += step(number);
    return lines;
  }

 private:
  std::string step(std::size_t number) {
    Flow step;
    const std::string given = random_.percent(20) ? fmt::format("{} {}", list_, number) : "";
    if (!given.empty()) step.add_text("id", given);
    const std::string prefix = list_ == "steps" ? "step" : list_;
    ids_.push_back(given.empty() ? fmt::format("{}-{}", prefix, number) : given);
    stock_.step_ids.push_back(ids_.back());
    needs(step, number, ids_.back());
    if (random_.percent(25)) at(step);
    if (random_.percent(8)) step.add_text("namespace", random_.percent(80) ? stock_.name_space() : "root");
    if (random_.percent(15)) step.add("fails", fails());
    if (random_.percent(12)) step.add("expect", draft_expectations(random_, stock_));
    if (random_.percent(10)) step.add_text("note", stock_.text());
    const std::string_view action = random_.pick(actions);
    step.add(action, ActionDraft(random_, stock_).draft(action));
    std::string lines = step.block(4);
    lines[2] = '-';
    return suppression() + lines;
  }

  /// Some steps may start at once, some wait for earlier ones; few wait for themselves.
  void needs(Flow& step, std::size_t number, const std::string& id) {
    if (!random_.percent(15)) return;
    std::vector<std::string> needed;
    for (std::size_t i = random_.below(3); i-- > 0 && number > 1;) needed.push_back(ids_[random_.below(number - 1)]);
    if (random_.percent(2)) needed.push_back(id);
    step.add("needs", text_list(needed));
  }

  void at(Flow& step) {
    const std::size_t form = random_.below(6);
    if (form == 0) return step.add_text("at", "active");
    if (form == 1) return step.add_text("at", "each");
    if (form == 2) return step.add_text("at", "load_balancer");
    if (form == 3) return step.add_text("at", stock_.node());
    std::vector<std::string> nodes;
    for (std::size_t i = random_.between(1, 3); i-- > 0;) nodes.push_back(stock_.node());
    step.add("at", text_list(nodes));
  }

  std::string fails() {
    const std::size_t form = random_.below(5);
    if (form < 2) return "true";
    return form == 2 ? "false" : scalar(stock_.text());
  }

  std::string suppression() {
    if (!random_.percent(5)) return "";
    const auto rules = rules::catalogue();
    const std::string_view rule = random_.percent(90) ? rules[random_.below(rules.size())]->id : "no-such-rule";
    return fmt::format("  # replug: allow {}{}\n", rule, random_.percent(70) ? ": agreed" : "");
  }

  Random& random_;
  Stock& stock_;
  std::string list_;
  std::vector<std::string> ids_;
};

}  // namespace

std::string draft_steps(Random& random, Stock& stock, std::string_view list, std::size_t count) {
  return StepDraft(random, stock, list).draft(count);
}

}  // namespace replug::generated
