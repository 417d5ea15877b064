#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "cli/trouble.h"
#include "report/telling/columns.h"
#include "report/telling/page.h"
#include "simulator/medium/ensure.h"
#include "simulator/medium/server.h"
#include "text/printable.h"

namespace replug::cli {
namespace {

using simulator::Product;
using simulator::Server;

/// `1.16` means the first release of that line.
std::optional<Server> parse(Product product, std::string version) {
  if (std::ranges::count(version, '.') == 1) version += ".0";
  return simulator::parse_server(product, version);
}

Server newest(Product product) {
  const auto server = parse(product, std::string(simulator::newest_known(product)));
  ENSURE(server.has_value());
  return *server;
}

[[noreturn]] void not_understood(const std::string& text) {
  throw Trouble(ExitCode::usage, fmt::format("\"{}\" is no release of a server.", text::printable(text)),
                "Write vault-1.16.3, vault-1.16.3+ent or openbao-2.6.2.");
}

std::optional<Product> product_of(const std::string& word) {
  if (word == "vault") return Product::vault;
  if (word == "openbao") return Product::openbao;
  return std::nullopt;
}

/// `vault-1.16.3`, or the two words `vault` `1.16.3`; a product alone stands for the newest release that is known.
std::vector<Server> servers_of(const std::vector<std::string>& words) {
  if (words.empty()) return {newest(Product::vault), newest(Product::openbao)};
  std::vector<Server> servers;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto hyphen = std::min(words[i].find('-'), words[i].size());
    const auto product = product_of(words[i].substr(0, hyphen));
    if (!product) not_understood(words[i]);
    auto version = words[i].substr(std::min(hyphen + 1, words[i].size()));
    const bool next_is_version =
        version.empty() && i + 1 < words.size() && !product_of(words[i + 1].substr(0, words[i + 1].find('-')));
    if (next_is_version) version = words[++i];
    const auto server = version.empty() ? newest(*product) : parse(*product, version);
    if (!server) not_understood(words[i]);
    servers.push_back(*server);
  }
  return servers;
}

void write_limits(report::Page& page, const Server& server) {
  const auto name = to_string(server);
  if (is_too_old(server)) page.paragraph("", fmt::format("{} is too old to be simulated.", name));
  if (is_newer_than_known(server)) {
    page.paragraph("", fmt::format("{} is newer than what is known; it is simulated as {}.", name,
                                   to_string(newest(server.product))));
  }
}

void write_titles(report::Page& page, const std::vector<Server>& servers, std::size_t name_width) {
  std::string titles(name_width, ' ');
  for (const auto& server : servers) titles += "  " + to_string(server);
  page.line(page.painted(report::Ink::strong, titles));
}

void write_capability(report::Page& page, const simulator::Capability& capability, const std::vector<Server>& servers,
                      std::size_t name_width) {
  std::string line = report::padded(capability.name, name_width);
  for (const auto& server : servers) {
    const bool has = capabilities_of(server).*capability.member;
    line += "  " + report::padded(has ? "yes" : "no", to_string(server).size());
  }
  page.line(line);
  page.paragraph("    ", capability.sentence);
  page.paragraph(
      "    ",
      fmt::format("Vault: {}. OpenBao: {}. Source: {}.", capability.vault, capability.openbao, capability.source),
      report::Ink::faint);
}

}  // namespace

ExitCode capabilities(const CommandLine& line) {
  const auto servers = servers_of(line.servers);
  const auto table = simulator::capability_table();
  std::size_t name_width = 0;
  for (const auto& capability : table) name_width = std::max(name_width, capability.name.size());
  report::Page page(80, wants_color(line.color));
  for (const auto& server : servers) write_limits(page, server);
  write_titles(page, servers, name_width);
  for (const auto& capability : table) write_capability(page, capability, servers, name_width);
  write_result(page.take());
  return ExitCode::clean;
}

}  // namespace replug::cli
