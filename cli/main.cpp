#include "cli/run.h"

int main(int argc, char** argv) { return replug::cli::run(argc, argv); }
