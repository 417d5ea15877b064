#include "simulator/medium/reply.h"

#include <utility>

#include <fmt/format.h>

namespace replug::simulator {

Reply succeeded(int status) {
  Reply reply;
  reply.status = status;
  return reply;
}

Reply refused(int status, std::string error) {
  Reply reply;
  reply.status = status;
  reply.errors.push_back(std::move(error));
  return reply;
}

Reply failed(const std::string& error, int status) { return refused(status, error_list({error})); }

std::string error_list(const std::vector<std::string>& errors) {
  std::string text = fmt::format("{} error{} occurred:\n", errors.size(), errors.size() == 1 ? "" : "s");
  for (const std::string& error : errors) text += fmt::format("\t* {}\n", error);
  return text + "\n";
}

}  // namespace replug::simulator
