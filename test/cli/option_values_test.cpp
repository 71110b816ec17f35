// What options take, for every option of every command as it is declared.

#include "cli/option_values.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "aws/region.hpp"
#include "base/contains.hpp"
#include "cli/declarations.hpp"
#include "cli/policy_line.hpp"
#include "command_bench.hpp"
#include "support/botocore.hpp"

namespace pitstop {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using Arguments = std::vector<std::string>;

/// A value for each kind of value that there is.
std::string value_of(const CLI::Option& option) {
  static const std::map<std::string, std::string> values{
      {"REGION", "us-east-1"},
      {"NAME", "web"},
      {"ARN", "arn:aws:iam::123456789012:role/r"},
      {"FILE", "file"},
      {"URL", "http://127.0.0.1:1"},
      {"DURATION", "5m"},
      {"DIRECTORY", "directory"},
      {"FORMAT", "text"},
      {"LEVEL", "error"},
      {"INSTANCE", "i-0aaaaaaaaaaaaaaa1"},
      {"KEY=VALUE", "key=value"},
      {"VOLUME", "vol-0aaaaaaaaaaaaaaa1"},
      {"GATE", "accepted"},
      {"METHOD", "image"},
      {"CODE", "spot"},
      {"N|N%", "5%"},
      {"TAG", "wave"},
      {"N", "2"},
      {"COMMAND", "backup"},
      {"POLICY", "web"},
      {"TIME", "2026-11-01"},
      {"RUN|BACKUP|RESTORE", "r-0123456789ab"},
      {"BACKUP", "b-0123456789ab"},
      {"RESTORE", "rs-0123456789ab"},
      {"TYPE", "m5.large"},
      {"SUBNET", "subnet-0aaaaaaaaaaaaaaa1"},
      {"GROUP", "sg-0aaaaaaaaaaaaaaa1"},
      {"ADDRESS", "10.0.0.1"},
      {"RATE", "100"},
      {"ZONE", "us-east-1a"},
      {"KEY", "alias/backup"},
      {"ID", "123456789012"},
      {"FACTOR", "10"}};
  const auto found = values.find(option.get_type_name());
  if (found == values.end()) {
    ADD_FAILURE() << option.get_name() << " takes " << option.get_type_name()
                  << ": give an example of it";
    return "";
  }
  return found->second;
}

/// A command that can be run, such as "guard template", and all options that it takes.
struct DeclaredCommand {
  Arguments path;
  std::vector<const CLI::Option*> positionals;
  std::vector<const CLI::Option*> options;
};

void add_options(const CLI::App& level, DeclaredCommand& command) {
  for (const auto* option : level.get_options()) {
    if (option->get_positional()) {
      command.positionals.push_back(option);
    } else if (option->get_items_expected_max() > 0) {
      command.options.push_back(option);
    }
  }
}

void collect(const CLI::App& level, const DeclaredCommand& above,
             std::vector<DeclaredCommand>& found) {
  for (const auto* command : level.get_subcommands({})) {
    auto declared = above;
    declared.path.push_back(command->get_name());
    add_options(*command, declared);
    collect(*command, declared, found);
    if (command->get_subcommands({}).empty()) {
      found.push_back(declared);
    }
  }
}

std::vector<DeclaredCommand> commands_of(const CLI::App& app) {
  std::vector<DeclaredCommand> found;
  DeclaredCommand of_all;
  add_options(app, of_all);
  collect(app, of_all, found);
  return found;
}

/// What was read, of the whole tree: options by their names, below the command.
void add_read(const CLI::App& level, const std::string& name,
              std::map<std::string, Arguments>& read) {
  for (const auto* option : level.get_options()) {
    if (option->count() > 0) {
      read[name + option->get_name()] = option->results();
    }
  }
  for (const auto* command : level.get_subcommands({})) {
    add_read(*command, name + command->get_name() + ' ', read);
  }
}

std::map<std::string, Arguments> read_from(Declarations& line, const Arguments& arguments) {
  std::map<std::string, Arguments> read;
  try {
    line.parse(arguments);
    add_read(line.app(), "", read);
  } catch (const CLI::ParseError& mistake) {
    ADD_FAILURE() << testing::PrintToString(arguments) << ": " << mistake.what();
  }
  return read;
}

Arguments joined(std::initializer_list<Arguments> parts) {
  Arguments all;
  for (const auto& part : parts) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

Arguments values_of(const std::vector<const CLI::Option*>& positionals) {
  Arguments values;
  for (const auto* positional : positionals) {
    values.push_back(value_of(*positional));
    if (positional->get_expected_max() > 1) {
      values.push_back(value_of(*positional));
    }
  }
  return values;
}

TEST(OptionValues, EachNamingOfAnOptionTakesOneValueWhereverItStands) {
  Declarations line;
  const auto commands = commands_of(line.app());
  EXPECT_GT(commands.size(), 15U);
  std::size_t tried = 0;
  for (const auto& [path, positionals, options] : commands) {
    const auto ids = values_of(positionals);
    for (const auto* option : options) {
      const auto name = option->get_name();
      const auto value = value_of(*option);
      const Arguments apart{name, value};
      const Arguments in_one{name + '=' + value};
      const auto expected = read_from(line, joined({path, ids, in_one}));
      for (const auto& arguments :
           {joined({path, apart, ids}), joined({path, in_one, ids}), joined({path, ids, apart})}) {
        EXPECT_EQ(read_from(line, arguments), expected) << testing::PrintToString(arguments);
        ++tried;
      }
      const auto& read = expected.size();
      EXPECT_EQ(read, 1U + positionals.size()) << testing::PrintToString(joined({path, in_one}));
    }
  }
  EXPECT_GT(tried, 500U);
}

TEST(OptionValues, WhatMayBeRepeatedIsRepeatedByNamingItAgain) {
  Declarations line;
  std::size_t repeatable = 0;
  for (const auto& [path, positionals, options] : commands_of(line.app())) {
    const auto ids = values_of(positionals);
    for (const auto* option : options) {
      if (option->get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll) {
        ++repeatable;
        const auto value = value_of(*option);
        const auto name = option->get_name();
        const auto read = read_from(line, joined({path, {name, value}, ids, {name, value}}));
        EXPECT_TRUE(std::ranges::any_of(read,
                                        [&](const auto& entry) {
                                          return entry.first.ends_with(name) &&
                                                 entry.second == Arguments{value, value};
                                        }))
            << testing::PrintToString(path) << name;
      }
    }
  }
  EXPECT_GT(repeatable, 20U);
}

TEST(OptionValues, AnInstanceWhereNoneBelongsIsAMistakeBeforeAnyCall) {
  const Declarations line;
  for (const auto& [path, positionals, options] : commands_of(line.app())) {
    for (const auto* option : options) {
      const auto type = option->get_type_name();
      if (contains(Arguments{"INSTANCE", "FILE", "DIRECTORY", "COMMAND"}, type)) {
        continue;
      }
      CommandBench bench;
      const auto result = bench.run(
          joined({path, {option->get_name(), "i-0aaaaaaaaaaaaaaa1"}, values_of(positionals)}));
      EXPECT_EQ(result.status, 2) << testing::PrintToString(path) << option->get_name();
      EXPECT_THAT(bench.cloud.calls, IsEmpty()) << option->get_name();
    }
  }
}

TEST(OptionValues, EveryHelpPageSaysWhatIsTakenInWordsOfThePage) {
  const Declarations line;
  const std::regex words("[A-Z][A-Z|=%]*");
  for (const auto& [path, positionals, options] : commands_of(line.app())) {
    for (const auto* list : {&positionals, &options}) {
      for (const auto* option : *list) {
        EXPECT_TRUE(std::regex_match(option->get_type_name(), words))
            << testing::PrintToString(path) << option->get_name() << ' ' << option->get_type_name();
      }
    }
    CommandBench bench;
    const auto help = bench.run(joined({path, {"--help"}}));
    EXPECT_EQ(help.status, 0);
    EXPECT_THAT(help.output, Not(testing::ContainsRegex("POSITIVE|FLOAT|INT|TEXT|UINT")))
        << testing::PrintToString(path);
  }
}

TEST(OptionValues, WhatIsMissingIsNotCalledByAnEmptyName) {
  const Declarations line;
  for (const auto& [path, positionals, options] : commands_of(line.app())) {
    CommandBench bench;
    EXPECT_THAT(bench.run(path).diagnostics, Not(HasSubstr("\"\"")))
        << testing::PrintToString(path);
  }
}

TEST(OptionValues, CheckTakesEveryOptionOfBackup) {
  const Declarations line;
  const auto names_of = [&](const char* command) {
    std::set<std::string> names;
    for (const auto* option : line.app().get_subcommand(command)->get_options()) {
      names.insert(option->get_name());
    }
    return names;
  };
  EXPECT_EQ(names_of("check"), names_of("backup"));
  EXPECT_GT(names_of("check").size(), 30U);
}

TEST(OptionValues, EveryCommandHasAnAnswerOfIamPolicy) {
  const Declarations line;
  for (const auto& name : line.command_names()) {
    CommandBench bench;
    const auto result = bench.run({"iam-policy", name});
    EXPECT_EQ(result.status, 0) << name << result.diagnostics;
    EXPECT_NE(result.output.empty(), result.diagnostics.empty()) << name;
  }
  CommandBench bench;
  EXPECT_THAT(bench.run({"iam-policy", "report"}).diagnostics,
              HasSubstr("report asks nothing of AWS: no policy is needed\n"));
  EXPECT_EQ(bench.run({"iam-policy", "show"}).output, bench.run({"iam-policy", "list"}).output);
  const auto all = bench.run({"iam-policy", "run"}).output;
  for (const auto* action :
       {"StopInstances", "CreateSnapshots", "CreateImage", "CopySnapshot", "DeleteSnapshot",
        "CreateCapacityReservation", "EnterStandby", "DeregisterTargets", "SendCommand"}) {
    EXPECT_THAT(all, HasSubstr(std::string(":") + action + '"'));
  }
}

TEST(OptionValues, NumbersHaveTheirBounds) {
  CommandBench bench;
  EXPECT_THAT(bench.run({"list", "--latest", "0"}).diagnostics,
              HasSubstr("error: --latest \"0\" is not a number from 1 up\n"));
  EXPECT_THAT(bench.run({"demo", "--speed", "-1"}).diagnostics,
              HasSubstr("error: --speed \"-1\" is not a number from 0 to 1000000\n"));
  EXPECT_THAT(bench.run({"prune", "--keep-last", "many"}).diagnostics,
              HasSubstr("error: --keep-last \"many\" is not a whole number\n"));
}

TEST(OptionValues, KeysOfPoliciesTakeOneValueEach) {
  PolicyLine line;
  const auto read = line.parse({"--tag=a=b", "--exclude=i-0aaaaaaaaaaaaaaa1", "--region=us-east-1",
                                "--tag=c=d", "--accept=spot"});
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_THAT(line.backup.tags, testing::ElementsAre("a=b", "c=d"));
  EXPECT_THAT(line.options.regions, testing::ElementsAre("us-east-1"));
}

TEST(OptionValues, ARegionThatCannotBeOneIsAMistakeBeforeAnyCall) {
  for (const auto* region : {"i-0aaaaaaaaaaaaaaa1", "b-0123456789ab", "Paris", "us_east_1",
                             "us-east-1a", "paris", "us-east", "arn:aws:iam::1:role/x", "1-2-3"}) {
    CommandBench bench;
    const auto pruned =
        bench.run({"prune", "--region", "us-east-1", "--region", region, "--keep-last", "1"});
    EXPECT_EQ(pruned.status, 2) << region;
    EXPECT_THAT(pruned.diagnostics, HasSubstr("region")) << region;
    EXPECT_EQ(bench.run({"list", "--region", "us-east-1", "--region", region}).status, 2) << region;
    EXPECT_THAT(bench.cloud.calls, IsEmpty()) << region;
  }
}

/// Another cloud, such as one that is simulated, names its regions as it likes.
TEST(OptionValues, ARegionOfAnotherCloudMayHaveAnyNameOfAHost) {
  CommandBench bench;
  const auto result = bench.run(
      {"check", "i-0123456789abcdef0", "--region", "here", "--endpoint-url", "http://127.0.0.1:1"});
  EXPECT_NE(result.status, 2) << result.diagnostics;
}

class BotocoreRegions : public Botocore {};

TEST_F(BotocoreRegions, AreRegionsOfAws) {
  const auto regions = ask("cli/botocore_regions.py", nlohmann::json::array({""})).at(0);
  EXPECT_GT(regions.size(), 40U);
  for (const std::string name : regions) {
    EXPECT_TRUE(is_aws_region(name) || name.ends_with("-global")) << name;
  }
}

TEST(OptionValues, ThoseOfOtherPartitionsAndThoseToComeAreRegionsToo) {
  for (const auto* region :
       {"us-gov-west-1", "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1",
        "cn-north-1", "il-central-1", "mx-central-1", "ap-southeast-7", "eusc-de-east-1"}) {
    EXPECT_TRUE(is_aws_region(region)) << region;
    EXPECT_TRUE(may_be_a_region(region)) << region;
  }
}

}  // namespace
}  // namespace pitstop
