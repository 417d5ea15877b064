#pragma once

#include <cstddef>
#include <streambuf>
#include <string_view>

namespace replug::planner::yaml {

/// Thrown when yaml-cpp would have to remember too much.
///
/// Inside brackets that may turn out to be a key, yaml-cpp keeps every token in memory (90 bytes for a comma) and tells
/// nothing before the closing bracket: a file of 256 MB would take 20 GB. So it gets no more text when too many
/// tokens may be waiting.
struct Choked {};

/// Hands the text to yaml-cpp without copying it, in slices, and counts what yaml-cpp must remember.
class Feed final : public std::streambuf {
 public:
  Feed(std::string_view prefix, std::string_view text) : text_(text) { give(prefix); }

  /// yaml-cpp has told of something, so it no longer waits for the end of something else.
  void heard() { waiting_ = 0; }

 protected:
  int_type underflow() override;

 private:
  void give(std::string_view slice);

  std::string_view text_;
  std::size_t waiting_ = 0;
};

/// What yaml-cpp is to read before the text. A bracket that opens a file could begin a key, so yaml-cpp would wait for
/// its end (see Feed). Behind a document start it cannot, and a plan in JSON is read as it comes.
std::string_view stream_prefix(std::string_view text);

}  // namespace replug::planner::yaml
