#include "cli/run.h"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/trouble.h"
#include "simulator/medium/ensure.h"

namespace replug::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// What `guarded` says on standard error.
std::string said(const std::function<ExitCode()>& action, ExitCode expected) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(guarded(action), expected);
  return testing::internal::GetCapturedStderr();
}

TEST(Run, ABugOfOursIs70AndAsksToBeReported) {
  const auto text = said(
      []() -> ExitCode {
        ENSURE(1 + 1 == 3);
        return ExitCode::clean;
      },
      ExitCode::bug);
  EXPECT_THAT(text, AllOf(HasSubstr("a bug in replug"), HasSubstr("run_test.cpp:"), HasSubstr("ENSURE(1 + 1 == 3)"),
                          HasSubstr("Please report")));
}

TEST(Run, AnExceptionThatNobodyExpectedIs70) {
  EXPECT_THAT(said([]() -> ExitCode { throw std::runtime_error("out of \x1b[31mluck"); }, ExitCode::bug),
              HasSubstr("out of \\u001b[31mluck"));
  said([]() -> ExitCode { throw 1; }, ExitCode::bug);
}

TEST(Run, TroubleHasItsOwnCodeAndSaysWhatToDo) {
  EXPECT_EQ(
      said([]() -> ExitCode { throw Trouble(ExitCode::usage, "no such flag.", "Try another."); }, ExitCode::usage),
      "replug: no such flag.\nTry another.\n");
}

TEST(Run, WithoutAnExceptionTheCodeIsTheActions) {
  EXPECT_EQ(said([] { return ExitCode::incomplete; }, ExitCode::incomplete), "");
}

}  // namespace
}  // namespace replug::cli
