#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace replug::generated {

/// A text as a YAML scalar: in double quotes unless it is a plain word.
std::string scalar(std::string_view text);

/// A mapping or a list in YAML's flow style, `{type: secret, args: ["-x"]}`. Values are YAML already.
class Flow {
 public:
  void add(std::string_view key, std::string value) { entries_.emplace_back(key, std::move(value)); }
  void add_text(std::string_view key, std::string_view text) { add(key, scalar(text)); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  /// `{…}`; behind a comma or a brace nothing else is needed.
  [[nodiscard]] std::string mapping() const;
  /// The same as lines of a block, each with that indentation.
  [[nodiscard]] std::string block(std::size_t indentation) const;

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

/// `[a, "b c"]` of texts.
std::string text_list(const std::vector<std::string>& texts);
/// `[{…}, {…}]` of YAML.
std::string flow_list(const std::vector<std::string>& items);

}  // namespace replug::generated
