#include "backup/down_tag.hpp"

#include <fmt/format.h>

#include "backup/rotation.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

constexpr auto word_found_stopped = "found-stopped";
constexpr auto word_guarded = "guarded";
constexpr auto word_reserved = "reserved";

constexpr std::size_t longest_host = 100;

/// Tags take letters, digits and few other characters (EC2 User Guide, "Tag restrictions"); a word
/// has no space in it.
std::string as_word(std::string_view text) {
  std::string word;
  for (const char c : text.substr(0, longest_host)) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    word += is_plain ? c : '-';
  }
  return word.empty() ? "-" : word;
}

}  // namespace

bool is_passing_tag(std::string_view key) {
  return key == down_tag_key || key == rotation_tag_key;
}

std::string to_text(const DownTag& tag) {
  auto text = fmt::format("{} {} {} {}", tag.run.str(), rfc3339(tag.since), rfc3339(tag.until),
                          as_word(tag.host));
  const auto add = [&](bool said, const char* word) {
    if (said) {
      text += ' ';
      text += word;
    }
  };
  add(tag.found_stopped, word_found_stopped);
  add(tag.guarded, word_guarded);
  add(tag.reserved, word_reserved);
  if (tag.swap) {
    text += ' ' + tag.swap->str();
  }
  return text;
}

std::optional<DownTag> parse_down_tag(std::string_view text) {
  const auto words = split(text, ' ');
  if (words.size() < 4 || !words[0].starts_with("r-")) {
    return std::nullopt;
  }
  const auto since = parse_rfc3339(words[1]);
  const auto until = parse_rfc3339(words[2]);
  if (!since || !until) {
    return std::nullopt;
  }
  // A host may be named like one of the words.
  const std::vector<std::string_view> said(words.begin() + 4, words.end());
  std::optional<RestoreId> swap;
  if (!said.empty() && said.back().starts_with("rs-")) {
    swap = RestoreId(std::string(said.back()));
  }
  return DownTag{.run = RunId(std::string(words[0])),
                 .since = *since,
                 .until = *until,
                 .host = std::string(words[3]),
                 .found_stopped = contains(said, word_found_stopped),
                 .guarded = contains(said, word_guarded),
                 .reserved = contains(said, word_reserved),
                 .swap = swap};
}

std::optional<std::string> down_tag_of(const ec2::Instance& instance) {
  return ec2::find_tag(instance.tags, down_tag_key);
}

}  // namespace pitstop
