#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/columns.h"
#include "report/text.h"
#include "report/words.h"
#include "simulator/run/view.h"

namespace replug::report {
namespace {

using simulator::Cluster;
using simulator::NodeId;
using simulator::Status;
using simulator::Text;

/// A table with more rows than this tells mounts that are alike on one row.
constexpr std::size_t most_rows = 40;

/// What one node shows of a mount or a connection.
struct Row {
  std::string node;
  std::string configured, reported, actual;
  std::vector<std::string> remarks;  ///< what differs from what, in words
};

/// A mount or a connection, or several that are alike.
struct Block {
  std::string subject;
  std::vector<Row> rows;
  std::size_t alike = 0;  ///< further ones
};

/// A mount's or a connection's view, with the same names for both.
struct Seen {
  Status status;
  Text configured;
  std::optional<Text> reported, reported_sha256, actual, actual_sha256;
  Text stored;  ///< what it is configured to in storage; a standby that serves reads can lag behind
  Text pinned;
  bool read_only = false;
};

std::string cell(std::optional<Text> version, std::optional<Text> sha256) {
  if (version && !version->empty()) return version_word(*version);
  if (sha256 && !sha256->empty()) return "(" + short_sha256(sha256->view()) + ")";
  return version ? "(none)" : "-";
}

void remark_on_status(const Seen& seen, std::vector<std::string>& remarks) {
  switch (seen.status) {
    case Status::running:
      break;
    case Status::respawns:
      remarks.emplace_back("The process is gone; the next request starts it again.");
      break;
    case Status::broken:
      remarks.emplace_back("OUT OF SERVICE: the process is gone and cannot be started.");
      break;
    case Status::absent:
      remarks.emplace_back("OUT OF SERVICE: no backend is loaded; requests get 404.");
      break;
  }
  if (seen.read_only) remarks.emplace_back("It answers, but cannot write before the node is unsealed again.");
}

void remark_on_versions(const Seen& seen, std::vector<std::string>& remarks) {
  const auto shown = seen.reported ? seen.reported : seen.actual;
  const auto wanted = seen.pinned.empty() ? seen.configured : seen.pinned;
  if (seen.configured != seen.stored) {
    remarks.push_back(
        fmt::format("DIFFERS: {} is configured, but this node does not know it yet.", version_word(seen.stored)));
  }
  if (shown && !wanted.empty() && *shown != wanted) {
    remarks.push_back(fmt::format("DIFFERS: {} {}, but {} runs until a reload or a restart.", version_word(wanted),
                                  seen.pinned.empty() ? "is configured" : "is pinned", version_word(*shown)));
  } else if (!seen.pinned.empty() && seen.pinned != seen.configured) {
    remarks.push_back(fmt::format("The pin of {} overrides what is configured.", version_word(seen.pinned)));
  }
  if (seen.reported && seen.actual && *seen.reported != *seen.actual) {
    remarks.push_back(fmt::format("DIFFERS: {} really runs, although the server reports {}.",
                                  version_word(*seen.actual), version_word(*seen.reported)));
  } else if (seen.reported_sha256 && seen.actual_sha256 && *seen.reported_sha256 != *seen.actual_sha256) {
    remarks.push_back(fmt::format("DIFFERS: the binary {} really runs, although the server reports {}.",
                                  short_sha256(seen.actual_sha256->view()),
                                  short_sha256(seen.reported_sha256->view())));
  }
}

Row row(const Cluster& cluster, NodeId node, const Seen& seen) {
  Row result{one_line(cluster.world().node_name(node).view()),
             cell(seen.configured, {}),
             cell(seen.reported, seen.reported_sha256),
             cell(seen.actual, seen.actual_sha256),
             {}};
  remark_on_status(seen, result.remarks);
  remark_on_versions(seen, result.remarks);
  return result;
}

Text pin_of(const Cluster& cluster, simulator::PluginId plugin) {
  if (plugin >= cluster.world().plugins() || cluster.pin(plugin) == 0) return {};
  return cluster.world().entry(cluster.pin(plugin) - 1).version;
}

Seen see(const Cluster& cluster, NodeId node, simulator::MountId mount) {
  const auto view = view_mount(cluster, node, mount);
  const auto& stored = cluster.stored(mount);
  return {.status = view.status,
          .configured = view.plugin_version,
          .reported = view.running_version,
          .reported_sha256 = view.running_sha256,
          .actual = view.actual_version,
          .actual_sha256 = view.actual_sha256,
          .stored = cluster.world().text(stored.version),
          .pinned = pin_of(cluster, stored.plugin),
          .read_only = view.read_only};
}

Seen see_connection(const Cluster& cluster, NodeId node, simulator::ConnectionId connection) {
  const auto view = view_connection(cluster, node, connection);
  const auto plugin = cluster.world().plugin(simulator::PluginType::database, view.plugin_name);
  return {.status = view.status,
          .configured = view.plugin_version,
          .reported = view.running_version,
          .reported_sha256 = {},
          .actual = view.actual_version,
          .actual_sha256 = view.actual_sha256,
          .stored = cluster.world().text(cluster.connection(connection).version),
          .pinned = pin_of(cluster, plugin)};
}

std::vector<Block> blocks(const Cluster& cluster) {
  const auto nodes = nodes_with_plugins(cluster);
  std::vector<Block> result;
  for (const auto mount : mounts_by_path(cluster)) {
    Block block{one_line(cluster.world().mount(mount).path.view()), {}};
    for (const auto node : nodes) block.rows.push_back(row(cluster, node, see(cluster, node, mount)));
    result.push_back(std::move(block));
  }
  for (const auto connection : connections_by_label(cluster)) {
    Block block{one_line(cluster.world().connection(connection).label.view()), {}};
    for (const auto node : nodes) block.rows.push_back(row(cluster, node, see_connection(cluster, node, connection)));
    result.push_back(std::move(block));
  }
  return result;
}

/// Blocks that differ in nothing but their subject become one.
std::vector<Block> folded(std::vector<Block> blocks) {
  std::vector<Block> result;
  std::unordered_map<std::string, std::size_t> places;
  for (auto& block : blocks) {
    std::string key;
    for (const auto& row : block.rows) {
      key += fmt::format("{}|{}|{}|{}|{};", row.node, row.configured, row.reported, row.actual,
                         fmt::join(row.remarks, " "));
    }
    const auto [found, fresh] = places.try_emplace(key, result.size());
    if (fresh) {
      result.push_back(std::move(block));
    } else {
      ++result[found->second].alike;
    }
  }
  return result;
}

class Table {
 public:
  Table(Page& page, const std::vector<Block>& blocks) : page_(page), blocks_(blocks) {
    for (const auto& block : blocks) {
      widen(0, block.subject);
      for (const auto& row : block.rows) {
        const auto cells = cells_of(row);
        for (std::size_t i = 0; i < cells.size(); ++i) widen(i + 1, cells[i]);
      }
    }
    std::size_t sum = indent;
    for (const auto width : widths_) sum += width + space;
    narrow_ = sum - space > page.width();
  }

  void write() {
    const Row titles{"node", "configured", "reported", "actual", {}};
    write_row("", narrow_ ? "" : "mount", titles, Ink::strong);
    for (const auto& block : blocks_) write_block(block);
  }

 private:
  using Cells = std::array<std::string, 4>;
  static constexpr std::size_t indent = 2;
  static constexpr std::size_t space = 2;

  static Cells cells_of(const Row& row) { return {row.node, row.configured, row.reported, row.actual}; }

  void widen(std::size_t column, const std::string& text) {
    widths_[column] = std::max(widths_[column], columns(text));
  }

  /// Where the table is too wide, the subject stands above its rows.
  void write_block(const Block& block) {
    if (narrow_) page_.line(std::string(indent, ' ') + block.subject);
    std::string subject = narrow_ ? "" : block.subject;
    for (const auto& row : block.rows) {
      const auto ink = row.remarks.empty() ? Ink::plain : Ink::careful;
      write_row(row.remarks.empty() ? "" : page_.painted(Ink::bad, "!"), subject, row, ink);
      for (const auto& remark : row.remarks) page_.paragraph("      ", remark, Ink::careful);
      subject.clear();
    }
    if (block.alike > 0) page_.line(fmt::format("    and {} more like it", with_thousands(block.alike)));
  }

  void write_row(const std::string& sign, const std::string& subject, const Row& row, Ink ink) {
    std::string line = padded(sign, indent);
    line += narrow_ ? "  " : padded(subject, widths_[0] + space);
    const auto cells = cells_of(row);
    std::string rest;
    for (std::size_t i = 0; i < cells.size(); ++i) rest += padded(cells[i], widths_[i + 1] + space);
    rest.resize(rest.find_last_not_of(' ') + 1);
    page_.line(line + page_.painted(ink, rest));
  }

  Page& page_;
  const std::vector<Block>& blocks_;
  std::array<std::size_t, 5> widths_ = {5, 4, 10, 8, 6};  // those of the titles
  bool narrow_ = false;
};

/// The nodes that run no plugins, and why not.
std::string idle_nodes(const Cluster& cluster) {
  std::vector<std::string> idle;
  for (NodeId node = 0; node < cluster.world().nodes(); ++node) {
    if (runs_plugins(cluster, node)) continue;
    const auto& state = cluster.node(node);
    const auto role = state.sealed != 0 ? std::string("sealed") : std::string(role_word(state));
    idle.push_back(fmt::format("{} ({})", one_line(cluster.world().node_name(node).view()), role));
  }
  if (idle.empty()) return "";
  if (idle.size() == cluster.world().nodes()) return "NO NODE IS ACTIVE: nothing is served.";
  return fmt::format("No plugins run on {}.", fmt::join(idle, ", "));
}

}  // namespace

void write_table(Page& page, const Analysis& analysis) {
  const auto& forecast = *analysis.forecast;
  simulator::State last = forecast.last;
  const Cluster cluster(*forecast.world, last);
  auto table = blocks(cluster);
  if (!table.empty() && table.size() * table.front().rows.size() > most_rows) table = folded(std::move(table));
  if (table.empty()) return;
  page.gap();
  page.line(page.painted(Ink::strong, "After the last step"));
  if (!table.front().rows.empty()) Table(page, table).write();
  if (const auto idle = idle_nodes(cluster); !idle.empty()) page.paragraph("  ", idle);
}

}  // namespace replug::report
