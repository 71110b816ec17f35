// Tags: in them pitstop keeps what a backup is.

#include <fmt/format.h>

#include "contract/cloud.hpp"

namespace pitstop::test {
namespace {

Task<std::string> tags_of(Subject& subject, VolumeId volume) {
  const auto shown = co_await look_at(subject, volume);
  co_return told(shown.tags);
}

ec2::Tags many(std::size_t count) {
  ec2::Tags tags;
  for (std::size_t i = 0; i < count; ++i) {
    tags.push_back({fmt::format("key-{}", i), "value"});
  }
  return tags;
}

CONTRACT(TagsThings) {
  const auto server = co_await launch(subject);
  const auto set = co_await snapshots_of(subject, server.id);
  const auto root = root_of(server);
  needed("CreateTags",
         co_await ec2::create_tags(subject.caller, {server.id.str(), set[0].id.str(), root.str()},
                                   {{"a", "1"}, {"b", "2"}}));
  const auto tagged_server = co_await look_at(subject, server.id);
  const auto tagged_snapshot = co_await look_at(subject, set[0].id);
  for (const auto& tags :
       {told(tagged_server.tags), told(tagged_snapshot.tags), co_await tags_of(subject, root)}) {
    subject.expect("one call tags several things", tags == "a=1, b=2", tags);
  }
  needed("CreateTags", co_await ec2::create_tags(subject.caller, {root.str()}, {{"a", "3"}}));
  const auto after = co_await tags_of(subject, root);
  subject.expect("a tag is overwritten", after == "a=3, b=2", after);
}

CONTRACT(KeepsTagsAsTheyWereWritten) {
  const auto volume = co_await make_volume(subject);
  const ec2::Tags tags{{"<a> & \"b\" 'c'", "$(x) `y`; %41 + = ü 🏁 \\n"}, {"empty", ""}};
  needed("CreateTags", co_await ec2::create_tags(subject.caller, {volume.str()}, tags));
  const auto shown = co_await tags_of(subject, volume);
  subject.expect("any characters survive in tags", shown == told(tags), shown);
}

CONTRACT(TakesTagsAway) {
  const auto volume = co_await make_volume(subject);
  needed("CreateTags", co_await ec2::create_tags(subject.caller, {volume.str()},
                                                 {{"a", "1"}, {"b", "2"}, {"c", "3"}}));
  needed("DeleteTags",
         co_await ec2::delete_tags(subject.caller, {volume.str()}, {{"a", "other"}, {"b", "2"}}));
  const auto some = co_await tags_of(subject, volume);
  subject.expect("only a tag of exactly that value is taken away", some == "a=1, c=3", some);
  needed("DeleteTags",
         co_await ask(subject, "DeleteTags", {{"ResourceId.1", volume.str()}, {"Tag.1.Key", "a"}}));
  const auto one = co_await tags_of(subject, volume);
  subject.expect("a tag is taken away by its key alone", one == "c=3", one);
  const auto missing = co_await ec2::delete_tags(subject.caller, {volume.str()}, {{"x", "y"}});
  subject.expect("taking away a tag that is not there is no error", missing.has_value(),
                 missing ? "" : missing.error().message);
}

CONTRACT(LimitsTags) {
  const auto volume = co_await make_volume(subject);
  const auto tag = [&](ec2::Tags tags) {
    return ec2::create_tags(subject.caller, {volume.str()}, std::move(tags));
  };
  subject.expect_refused("51 tags are refused", co_await tag(many(51)), "TagLimitExceeded");
  const auto none = co_await tags_of(subject, volume);
  subject.expect("refused tags are not set in part", none.empty(), none);
  needed("CreateTags with 50 tags", co_await tag(many(50)));
  subject.expect_refused("a 51st tag is refused", co_await tag({{"one more", ""}}),
                         "TagLimitExceeded");
  const auto again = co_await tag(many(50));
  subject.expect("50 tags can be overwritten", again.has_value(),
                 again ? "" : again.error().message);
}

CONTRACT(RefusesWrongTags) {
  const auto volume = co_await make_volume(subject);
  const auto tag = [&](std::string key, std::string value) {
    return ec2::create_tags(subject.caller, {volume.str()},
                            {{"fine", "yes"}, {std::move(key), std::move(value)}});
  };
  subject.expect_refused("a tag of Amazon's (aws:) is refused", co_await tag("aws:x", "y"));
  subject.expect_refused("a key of 129 characters is refused",
                         co_await tag(std::string(129, 'k'), "y"));
  subject.expect_refused("a value of 257 characters is refused",
                         co_await tag("x", std::string(257, 'v')));
  const auto none = co_await tags_of(subject, volume);
  subject.expect("a wrong tag keeps the others from being set", none.empty(), none);
  const std::string longest(256, 'v');
  const auto fine = co_await tag(std::string(127, 'k'), longest);
  subject.expect("a tag of 127 and 256 characters is taken", fine.has_value(),
                 fine ? "" : fine.error().message);
}

CONTRACT(LimitsTagsOfNewThings) {
  const auto server = co_await launch(subject);
  const auto create_with = [&](ec2::Tags tags) {
    return create(subject, all_volumes_of(server.id, std::move(tags)));
  };
  subject.expect_refused("51 tags on a new snapshot are refused", co_await create_with(many(51)),
                         "TagLimitExceeded");
  subject.expect_refused("a tag of Amazon's (aws:) on a new snapshot is refused",
                         co_await create_with({{"aws:x", "y"}}));
  const auto made = needed("DescribeSnapshots",
                           co_await ec2::describe_snapshots(
                               subject.caller, {}, {{"volume-id", {root_of(server).str()}}}));
  subject.expect("a snapshot whose tags are refused is not made", made.empty(),
                 fmt::format("{} snapshots", made.size()));
  const auto fifty = co_await create_with(many(50));
  subject.expect("a new snapshot takes 50 tags", fifty && fifty->front().tags.size() == 50,
                 fifty ? told(fifty->front().tags) : fifty.error().message);
}

CONTRACT(TagsAllOrNone) {
  const auto volume = co_await make_volume(subject);
  subject.expect_refused(
      "tagging an unknown thing among others is refused",
      co_await ec2::create_tags(subject.caller, {volume.str(), "snap-0123456789abcdef0"},
                                {{"a", "1"}}),
      "InvalidSnapshot.NotFound");
  const auto tags = co_await tags_of(subject, volume);
  subject.expect("a refused call tags none of them", tags.empty(), tags);
}

}  // namespace
}  // namespace pitstop::test
