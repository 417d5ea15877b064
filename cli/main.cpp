#include <fcntl.h>
#include <unistd.h>

#include "cli/run.h"

namespace {

/// A standard stream that is closed would be the next file that is opened: a plan would be written over with its own
/// report. So those are opened first, on nothing.
void open_standard_streams() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    if (::fcntl(stream, F_GETFD) < 0) ::open("/dev/null", O_RDWR);
  }
}

}  // namespace

int main(int argc, char** argv) {
  open_standard_streams();
  return replug::cli::run(argc, argv);
}
