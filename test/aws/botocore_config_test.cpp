// Holds what pitstop reads in shared files against what botocore reads in them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "aws/shared_files.hpp"
#include "botocore_cases.hpp"
#include "support/botocore.hpp"

namespace pitstop {
namespace {

using nlohmann::json;
using test::chance;
using test::one_of;
using test::refusal;
using test::refused;

class BotocoreConfig : public test::Botocore {
 protected:
  /// Returns how many of the texts botocore accepts.
  static int compare(const std::vector<std::string>& texts);
};

json to_json(const ConfigSection& section) {
  auto object = json::object();
  for (const auto& [key, value] : section.values) {
    object[key] = value.nested.empty() ? json(value.text) : json(value.nested);
  }
  return object;
}

json to_json(const ConfigSections& sections) {
  auto object = json::object();
  for (const auto& [name, section] : sections) {
    object[name] = to_json(section);
  }
  return object;
}

/// In the form of the script's answer.
json our_parse(const std::string& text) {
  auto sections = parse_shared_config(text, "config");
  if (!sections) {
    return refusal(sections.error().message);
  }
  auto all = json::object();
  for (const auto& [name, section] : *sections) {
    all[name] = to_json(section);
  }
  SharedFiles files;
  sort_config_sections(*std::move(sections), files);
  return {{"sections", all},
          {"profiles", to_json(files.config_profiles)},
          {"sso_sessions", to_json(files.sso_sessions)},
          {"services", to_json(files.services)}};
}

int BotocoreConfig::compare(const std::vector<std::string>& texts) {
  auto cases = json::array();
  for (const auto& text : texts) {
    cases.push_back({{"parse", text}});
  }
  const auto theirs = ask("aws/botocore_config.py", cases);
  int accepted = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto ours = our_parse(texts[i]);
    if (refused(theirs.at(i))) {
      EXPECT_TRUE(refused(ours)) << texts[i] << "\nbotocore: " << theirs.at(i);
      continue;
    }
    ++accepted;
    EXPECT_EQ(ours, theirs.at(i)) << texts[i];
  }
  return accepted;
}

TEST_F(BotocoreConfig, ReadsTheSameInFilesThatPeopleWrite) {
  const std::vector<std::string> texts = {
      "",
      "[default]\nregion = eu-west-1\noutput=json\n",
      "[default]\r\nregion = eu-west-1\r\n\r\n[profile \"a b\"]\r\nregion: us-east-1\r\n",
      "# c\n; c\n[profile a] # c\nrole_arn = arn:aws:iam::1:role/x\n  # c\nsource_profile=b\n",
      "[profile a]\nservices = local\n[services local]\nec2 =\n  endpoint_url = http://h:1\n"
      "s3 =\n    endpoint_url = http://h:2\n    addressing_style = path\n",
      "[sso-session s]\nsso_start_url = https://x/start#/\nsso_region = eu-west-1\n",
      "[profile a]\ns3 =\n  max_concurrent_requests = 20\n\n  # c\n  deep =\n    x = y\nregion=z\n",
      "[profile a]\ncredential_process = \"/opt/a b\" --x 'y'\n",
      "[profile a]\nregion = x # inline\noutput = json ; inline\n",
      "[profile ü]\nregion = ß\n",
      "[default]\na = 1\n[profile default]\nb = 2\n",
      "[profile default]\nb = 2\n[default]\na = 1\n",
      "[profile a]\nx = 1\n[profile \"a\"]\ny = 2\n",
      "[DEFAULT]\nregion = all\n[DEFAULT]\noutput = text\n[a]\nregion = own\n[profile b]\n",
      "[a]\nlong = one\n  two\n\n\n  three = 3\n\n\nnext = 1\n",
      "[a]\nx = 1\n   [b]\n",
      "  [a]\n  x = 1\n  y = 2\n    z = 3\n",
      "[a]\n    x = 1\n  y = 2\n",
      "[a]\nx =\n  k = 1\n  k = 2\n  K = 3\n  = 4\n",
      "[a]b]c\nx = 1",
      "[]]\nx = 1",
      "[a]\rx = 1\r\ry = 2",
      "x = 1",
      "[a]\nx",
      "[a]\n= 1",
      "[a]\n:",
      "[a]\n[]",
      "[a]\n[b",
      "[a]\nx = 1\nX = 2",
      "[DEFAULT]\nx = 1\n[DEFAULT]\nx = 2",
      "[a]\n[a]",
      "[a]\nx =\n  y",
      "[a]\nx =\n\n  y: 1",
  };
  EXPECT_GT(compare(texts), 20);
}

/// Lines of all kinds in any order, most of them good. Keys and sections seldom come twice.
std::string random_config(Random& random) {
  static constexpr std::string_view bad_lines[] = {"[]", "[b", "novalue", "= v", ":", "] x"};
  static constexpr std::string_view sections[] = {
      "[profile {}]",     "[profile 'b {}']", "[profile \"d {}\" ]",
      "[sso-session {}]", "[services {}]",    "[a{}]",
      "[DEFAULT]",        "[profile a {}]",   "[profilex {}]",
      "[ default{} ]",    "[profile e{}\\]",  "[b]{}]x",
      "[default]",        "[profile]# {}",    "[profile \"q {}]"};
  static constexpr std::string_view keys[] = {
      "k{} = v",  "K{}=w",          "k{} : x = y",  "k{}=",      "k{} =   ",
      "k{} k=:=", "k{} = b # c",    "k{}=b ; c",    "k{} = [x]", "k{}\t=\t[profile x]",
      "k{}:",     "k{} = 'quoted'", "k{}= \"q\\\" "};
  static constexpr std::string_view others[] = {"", "   ", "# c = d", "; c", "\t#c", "\t"};
  static constexpr std::string_view indents[] = {"", "", "", " ", "  ", "\t", "     "};
  static constexpr std::string_view line_ends[] = {"\n", "\r\n", "\r"};
  const auto line_end = one_of(line_ends, random);
  std::string text = chance(0.95, random) ? "[start]" : "early = 1";
  text += line_end;
  const auto lines = random.next() % 16;
  for (std::uint64_t i = 0; i < lines; ++i) {
    const auto number = chance(0.1, random) ? 0 : random.next() % 1000;
    const auto kind = random.unit();
    const auto form = kind < 0.01   ? one_of(bad_lines, random)
                      : kind < 0.25 ? one_of(sections, random)
                      : kind < 0.8  ? one_of(keys, random)
                                    : one_of(others, random);
    text += one_of(indents, random);
    text += fmt::format(fmt::runtime(form), number);
    text += line_end;
  }
  return text;
}

TEST_F(BotocoreConfig, ReadsTheSameInRandomFiles) {
  constexpr int count = 3000;
  SeededRandom random(20260101);
  std::vector<std::string> texts;
  for (int i = 0; i < count; ++i) {
    texts.push_back(random_config(random));
  }
  const int accepted = compare(texts);
  EXPECT_GT(accepted, count / 3);
  EXPECT_LT(accepted, count * 9 / 10);
}

}  // namespace
}  // namespace pitstop
