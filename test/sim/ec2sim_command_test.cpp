// The program from outside: its options, its one line, its end.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "ec2sim_process.hpp"
#include "support/golden.hpp"
#include "support/loopback.hpp"
#include "support/temporary_directory.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;

TEST(Ec2simCommand, Help) {
  for (const auto* option : {"--help", "-h"}) {
    const auto result = run_ec2sim({option});
    EXPECT_EQ(result.exit_status, 0) << result;
    expect_golden("sim/golden/ec2sim_help.txt", result.output);
  }
}

TEST(Ec2simCommand, SaysWhereItListens) {
  Ec2sim ec2sim({"--seed", "7", "--time-scale", "2.5"});
  EXPECT_EQ(ec2sim.process().output(),
            fmt::format("ec2sim listens on http://127.0.0.1:{} (seed 7, time scale 2.5)\n",
                        ec2sim.port()));
  EXPECT_EQ(ec2sim.page("/_sim/state")["seed"], 7);
}

TEST(Ec2simCommand, TheScenarioHasTheSeedUnlessTheCommandLineHas) {
  const TemporaryDirectory directory;
  const auto file = directory.write("a.toml", "seed = 42\n");
  EXPECT_EQ(Ec2sim({"--scenario", file.string()}).page("/_sim/state")["seed"], 42);
  EXPECT_EQ(Ec2sim({"--scenario", file.string(), "--seed", "0"}).page("/_sim/state")["seed"], 0);
}

TEST(Ec2simCommand, EndsWithASignal) {
  for (const int signal : {SIGINT, SIGTERM}) {
    Ec2sim ec2sim;
    const auto silent = Socket::connect(ec2sim.port());
    auto talking = Socket::connect(ec2sim.port());
    talking.write("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nAction");
    ec2sim.process().signal(signal);
    const auto result = ec2sim.process().wait(Seconds(20));
    ASSERT_TRUE(result.has_value());
    EXPECT_EQ(result->exit_status, 0) << *result;
    EXPECT_EQ(result->errors, "");
  }
}

TEST(Ec2simCommand, PassesTimeFaster) {
  const Ec2sim ec2sim({"--time-scale", "100000"});
  const auto now = [&] { return ec2sim.page("/_sim/state")["now"]["seconds"].get<double>(); };
  const double before = now();
  EXPECT_GT(now() - before, 10) << "an exchange takes more than a tenth of a millisecond";
}

TEST(Ec2simCommand, APortThatIsTaken) {
  const Ec2sim first;
  const auto result = run_ec2sim({"--listen", fmt::format("127.0.0.1:{}", first.port())});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_EQ(result.output, "");
  EXPECT_EQ(result.errors,
            fmt::format("error: cannot listen on 127.0.0.1:{}: address already in use\n"
                        "HINT: another ec2sim may be running; --listen 127.0.0.1:0 takes a free "
                        "port\n",
                        first.port()));
}

TEST(Ec2simCommand, ABadScenario) {
  const TemporaryDirectory directory;
  const auto file = directory.write("a.toml", "sed = 42\n");
  const auto result = run_ec2sim({"--scenario", file.string()});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_EQ(result.errors, "error: a.toml:1: sed: unknown key\nHINT: did you mean seed?\n");
}

struct Mistake {
  std::vector<std::string> arguments;
  std::string complaint;
};

TEST(Ec2simCommand, WrongUsage) {
  const std::vector<Mistake> mistakes{
      {{"--sed", "1"}, "unknown option \"--sed\"\nHINT: did you mean --seed?\n"},
      {{"demo.toml"},
       "unknown argument \"demo.toml\"\nHINT: a scenario comes after --scenario; see ec2sim "
       "--help\n"},
      {{"--seed"}, "--seed needs a value\nHINT: see ec2sim --help\n"},
      {{"--seed="}, "--seed needs a value\nHINT: see ec2sim --help\n"},
      {{"--seed", "-1"},
       "--seed: expected a whole number, but got \"-1\"\nHINT: see ec2sim --help\n"},
      {{"--seed", "1", "--seed", "2"}, "--seed is given more than once\nHINT: see ec2sim --help\n"},
      {{"--time-scale", "0"},
       "--time-scale: expected a number from 0.1 to 100000, but got \"0\"\nHINT: see ec2sim "
       "--help\n"},
      {{"--time-scale", "nan"},
       "--time-scale: expected a number from 0.1 to 100000, but got \"nan\"\nHINT: see ec2sim "
       "--help\n"},
      {{"--listen", "4599"},
       "--listen: expected an address and a port, such as 127.0.0.1:4599, but got \"4599\"\nHINT: "
       "see ec2sim --help\n"},
      {{"--listen", "127.0.0.1:65536"},
       "--listen: expected an address and a port, such as 127.0.0.1:4599, but got "
       "\"127.0.0.1:65536\"\nHINT: see ec2sim --help\n"},
      {{"--verify-signatures", "secret"},
       "--verify-signatures: expected KEY:SECRET\nHINT: see ec2sim --help\n"},
      {{"--patience", "5"},
       "--patience: expected a duration, such as 60s, but got \"5\"\nHINT: see ec2sim --help\n"},
  };
  for (const auto& [arguments, complaint] : mistakes) {
    const auto result = run_ec2sim(arguments);
    EXPECT_EQ(result.exit_status, 2) << result;
    EXPECT_EQ(result.output, "");
    EXPECT_EQ(result.errors, "error: " + complaint);
  }
}

TEST(Ec2simCommand, AnAddressThatIsNone) {
  const auto result = run_ec2sim({"--listen", "nowhere:4599"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.errors, HasSubstr("error: cannot listen on nowhere:4599: "));
  EXPECT_THAT(result.errors, HasSubstr("\nHINT: --listen takes an address of this machine"));
}

}  // namespace
}  // namespace pitstop::test
