#include <fmt/format.h>

#include "planner/reading/planned_step.h"
#include "rules/judging/rule.h"

namespace replug::rules {

namespace {

using planner::Release;
using simulator::Register;
using simulator::Text;

std::string canonical(Text version) {
  const auto parsed = simulator::parse_version(version.view(), simulator::Strictness::semver);
  return parsed ? parsed->canonical() : std::string{};
}

// The version of the plugin that this sha256 is declared for, if another one.
const Release* release_of_sha(const planner::Plan& plan, const Register& step, std::string_view sha256) {
  for (const Release& release : plan.releases) {
    if (release.name == step.name && release.type == step.type && release.sha256 &&
        simulator::lower_case(release.sha256->view()) == sha256)
      return &release;
  }
  return nullptr;
}

std::string message_of(const planner::Plan& plan, const Register& step, const Release& release,
                       const std::string& sha256) {
  const std::string version = shown(release.version);
  if (!release.archive_sha256.empty() && simulator::lower_case(release.archive_sha256.view()) == sha256) {
    return fmt::format(
        "This is the sha256 of the archive in which {} {} is published, not of the binary in it. Vault hashes the "
        "binary: it accepts "
        "the registration and fails with “checksums did not match” when it starts the plugin.",
        shown(step.name), version);
  }
  const Release* other = release_of_sha(plan, step, sha256);
  return fmt::format(
      "This is not the sha256 that the releases declare for {} {} ({}){}. With that release’s binary every start would "
      "fail with "
      "“checksums did not match”; with another binary, {} is not what it says.",
      shown(step.name), version, short_sha(*release.sha256),
      other == nullptr ? "" : fmt::format("; it is that of {}", shown(other->version)), version);
}

void judge(const planner::Plan& plan, const planner::PlannedStep& planned, const Register& step, Report& report) {
  if (planned.step.fails || !step.version || step.oci_image) return;
  const Release* release = plan.release(step.type.view(), step.name.view(), canonical(*step.version));
  if (release == nullptr) return;
  const std::string sha256 = simulator::lower_case(step.sha256.view());
  const bool archive =
      !release->archive_sha256.empty() && simulator::lower_case(release->archive_sha256.view()) == sha256;
  if (!archive && (!release->sha256 || simulator::lower_case(release->sha256->view()) == sha256)) return;
  Finding& finding = report.finding(
      plan.where(planned, "sha256"), message_of(plan, step, *release, sha256),
      release->sha256
          ? fmt::format("Write the sha256 of the release, {}…, and check the file in the plugin directory against it.",
                        short_sha(*release->sha256))
          : "Unpack the archive and run `sha256sum` on the binary.");
  finding.subject = fmt::format("{} {} {}", step.type.view(), step.name.view(), release->version.view());
  finding.step = static_cast<std::size_t>(&planned - plan.steps.data());
  if (release->node != nullptr && release->document != nullptr)
    finding.related.push_back({"declared here", release->document->place(*release->node)});
}

void check(const planner::Plan& plan, Report& report) {
  for (const planner::PlannedStep& planned : plan.steps) {
    if (const auto* step = std::get_if<Register>(&planned.step.action)) judge(plan, planned, *step, report);
  }
}

}  // namespace

extern const Rule sha_not_of_release;
constinit const Rule sha_not_of_release = {
    .id = "sha-not-of-release",
    .severity = Severity::error,
    .profile = Profile::standard,
    .family = "catalog",
    .summary = "A version is registered with another sha256 than its release declares",
    .why =
        "The sha256 in the catalog is what protects Vault from running a binary that is not the one you chose. A "
        "published checksum is often that "
        "of the archive: Vault needs that of the unpacked binary, and notices the difference only when it starts the "
        "plugin.",
    .url = "https://developer.hashicorp.com/vault/docs/plugins/register",
    .check = PlanCheck{check},
    .incident = "https://github.com/openbao/openbao-plugins/issues/52",
};

}  // namespace replug::rules
