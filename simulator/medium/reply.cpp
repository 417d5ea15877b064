#include "simulator/medium/reply.h"

namespace replug::simulator {

Reply succeeded(int status) {
  Reply reply;
  reply.status = status;
  return reply;
}

Reply warned(int status, Message warning) {
  Reply reply = succeeded(status);
  reply.message = std::move(warning);
  return reply;
}

Reply refused(int status, Message error) {
  Reply reply;
  reply.status = status;
  reply.message = std::move(error);
  return reply;
}

Reply failed(Message error, int status) {
  error.listed = true;
  return refused(status, std::move(error));
}

}  // namespace replug::simulator
