#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "planner/reading/planned_step.h"
#include "report/telling/columns.h"
#include "report/telling/subjects.h"
#include "report/telling/words.h"
#include "report/text/parts.h"

namespace replug::report {
namespace {

using simulator::NodeId;
using simulator::Text;

/// A table with more rows than this tells mounts that are alike on one row.
constexpr std::size_t most_rows = 40;

/// A row as it is written.
struct Line {
  std::string node;
  std::string configured, reported, actual;
  std::vector<std::string> remarks;
};

/// A mount or a connection, or several that are alike.
struct Block {
  std::string subject;
  std::vector<Line> rows;
  std::size_t alike = 0;  ///< further ones
};

std::string cell(std::optional<Text> version, std::optional<Text> sha256) {
  if (version && !version->empty()) return version_word(*version);
  if (sha256 && !sha256->empty()) return "(" + short_sha256(sha256->view()) + ")";
  return version ? "(none)" : "-";
}

Line line(const simulator::World& world, NodeId node, const Sight& sight) {
  Line result{node_word(world, node),
              cell(sight.configured, {}),
              cell(sight.reported, sight.reported_sha256),
              cell(sight.actual, sight.actual_sha256),
              {}};
  for (const auto& remark : sight.remarks) result.remarks.push_back(sentence(remark));
  return result;
}

/// What is there at the end.
std::vector<Block> blocks(const PlanAccount& plan) {
  std::vector<Block> result;
  for (const auto& subject : subjects_of(plan)) {
    if (!subject.at_end) continue;
    Block block{one_line(subject.name.view()), {}};
    for (const auto& row : subject.rows) {
      if (row.after) block.rows.push_back(line(plan.world(), row.node, *row.after));
    }
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
    const Line titles{"node", "configured", "reported", "actual", {}};
    write_row("", narrow_ ? "" : "mount", titles, Ink::strong);
    for (const auto& block : blocks_) write_block(block);
  }

 private:
  using Cells = std::array<std::string, 4>;
  static constexpr std::size_t indent = 2;
  static constexpr std::size_t space = 2;

  static Cells cells_of(const Line& row) { return {row.node, row.configured, row.reported, row.actual}; }

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

  void write_row(const std::string& sign, const std::string& subject, const Line& row, Ink ink) {
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

}  // namespace

void write_table(Page& page, const PlanAccount& plan) {
  auto table = blocks(plan);
  if (!table.empty() && table.size() * table.front().rows.size() > most_rows) table = folded(std::move(table));
  if (table.empty()) return;
  page.gap();
  page.line(page.painted(Ink::strong, "After the last step"));
  if (!table.front().rows.empty()) Table(page, table).write();
  if (const auto idle = idle_words(plan); !idle.empty()) page.paragraph("  ", idle);
}

}  // namespace replug::report
