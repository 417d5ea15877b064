#include "planner/reading/yaml/feed.h"

#include <algorithm>

#include "planner/reading/yaml/places.h"

namespace replug::planner::yaml {
namespace {

constexpr std::size_t slice_bytes = std::size_t{1} << 16U;
constexpr std::size_t most_waiting = 4'000'000;

bool begins_token(char c) { return is_one_of(c, ",[]{}:?&*!\"'"); }

}  // namespace

Feed::int_type Feed::underflow() {
  if (text_.empty()) return traits_type::eof();
  if (waiting_ > most_waiting) throw Choked{};
  const std::string_view slice = text_.substr(0, slice_bytes);
  waiting_ += static_cast<std::size_t>(std::count_if(slice.begin(), slice.end(), begins_token));
  give(slice);
  text_.remove_prefix(slice.size());
  return traits_type::to_int_type(*gptr());
}

void Feed::give(std::string_view slice) {
  char* const begin = const_cast<char*>(slice.data());  // std::streambuf wants it so; nothing is written
  setg(begin, begin, begin + slice.size());
}

std::string_view stream_prefix(std::string_view text) {
  return text.starts_with('{') || text.starts_with('[') ? "--- " : "";
}

}  // namespace replug::planner::yaml
