#include <algorithm>

#include <fmt/format.h>

#include "rules/judging/moment.h"
#include "rules/judging/rule.h"
#include "simulator/run/view.h"

namespace replug::rules {

namespace {

using simulator::Capabilities;
using simulator::Change;

constexpr std::string_view versions_help =
    "Plugin versions came with Vault 1.12. Before it an upgrade is: install the new file, register its sha256 and "
    "command under the same name, "
    "and reload. Or upgrade the server first.";
constexpr std::string_view images_help =
    "Container images came with Vault 1.15, and OpenBao has none: register the binary without them, or upgrade the "
    "server first.";
constexpr std::string_view type_help =
    "Only the endpoint of the root namespace knows types: send the reload there, or name the mounts instead of the "
    "plugin.";

// A field that the server takes and does not look at.
struct Ignored {
  std::string_view key;
  std::string what;  ///< what happens instead
  std::string_view help;
};

bool has_text(const std::optional<simulator::Text>& text) { return text && !text->empty(); }

std::optional<Ignored> ignored(const simulator::Register& step, const Capabilities& can) {
  if (!can.has_plugin_versions && has_text(step.version)) {
    return Ignored{"version", "the entry is written without a version, over the one of that name that is there",
                   versions_help};
  }
  if (can.has_containers || (!has_text(step.oci_image) && !has_text(step.runtime))) return std::nullopt;
  return Ignored{has_text(step.oci_image) ? "oci_image" : "runtime",
                 fmt::format("it runs the file {} of the plugin directory, outside of any container",
                             shown(step.command.value_or(step.name))),
                 images_help};
}

std::optional<Ignored> ignored(const Moment& moment, const Capabilities& can) {
  if (const auto* step = moment.as<simulator::Register>()) return ignored(*step, can);
  if (can.has_plugin_versions) return std::nullopt;
  if (moment.as<simulator::Tune>() != nullptr)
    return Ignored{"plugin_version", "this step changes nothing", versions_help};
  if (const auto* step = moment.as<simulator::Enable>(); step != nullptr && has_text(step->plugin_version)) {
    return Ignored{"plugin_version", "the mount runs whatever is registered under that name", versions_help};
  }
  if (const auto* step = moment.as<simulator::ConfigureDatabase>(); step != nullptr && has_text(step->plugin_version)) {
    return Ignored{"plugin_version", "the connection runs whatever is registered under that name", versions_help};
  }
  return std::nullopt;
}

// Inside a namespace there is only the endpoint that knows no types. That matters where the name is mounted as another
// type too.
std::optional<Ignored> ignored_type(const Moment& moment) {
  const auto* step = moment.as<simulator::Reload>();
  if (step == nullptr || !step->type || !step->plugin || moment.planned.step.name_space.empty()) return std::nullopt;
  const bool auth = step->type->view() == "auth";
  const auto other = std::ranges::find_if(moment.forecast.changes, [&](const Change& change) {
    const simulator::MountId mount =
        change.what == Change::What::mount ? moment.world().mount(change.subject) : simulator::no_mount;
    return mount != simulator::no_mount && moment.world().mount(mount).auth != auth;
  });
  if (other == moment.forecast.changes.end()) return std::nullopt;
  return Ignored{"type", fmt::format("{} is reloaded too", shown(other->subject)), type_help};
}

void check(const Moment& moment, Report& report) {
  if (!moment.forecast.reply.ok() || moment.planned.step.fails) return;
  const simulator::NodeId active = simulator::active_node(moment.before);
  if (active == simulator::no_node) return;
  const simulator::ServerId server = moment.before.node(active).server;
  auto field = ignored(moment, moment.world().capabilities(server));
  if (!field) field = ignored_type(moment);
  if (!field) return;
  Finding& finding =
      report.finding(moment.plan.where(moment.planned, field->key),
                     fmt::format("{}{} ignores `{}` without a word: {}.", to_string(moment.world().server(server)),
                                 field->key == "type" ? " inside a namespace" : "", field->key, field->what),
                     std::string(field->help));
  finding.subject = fmt::format("{} {}", simulator::action_name(moment.planned.step.action), field->key);
  finding.step = moment.forecast.step;
}

}  // namespace

extern const Rule feature_missing;
constinit const Rule feature_missing = {
    .id = "feature-missing",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "server",
    .summary = "A step asks for something that this server ignores",
    .why =
        "What an endpoint does not have is refused; a field that it does not know is not. The request succeeds, and "
        "what was asked for does "
        "not happen: on Vault 1.11 a tune to a version changes nothing, and a registration with a version overwrites "
        "the entry without one.",
    .url = "https://developer.hashicorp.com/vault/docs/upgrade/plugins",
    .check = StepCheck{check},
};

}  // namespace replug::rules
