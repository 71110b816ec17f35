#include "ec2/parameters.hpp"

#include <gtest/gtest.h>

namespace pitstop::ec2 {
namespace {

TEST(Parameters, AreWrittenInTheOrderInWhichTheyWereAdded) {
  Parameters parameters;
  parameters.add("Zone", "b");
  parameters.add("Action", std::string("a"));
  parameters.add("Zone", std::string_view("c"));
  EXPECT_EQ(parameters.form_encoded(), "Zone=b&Action=a&Zone=c");
}

TEST(Parameters, OfACallWithoutAnyAreAnEmptyForm) {
  EXPECT_EQ(Parameters().form_encoded(), "");
}

TEST(Parameters, WriteEveryTypeAsEc2ReadsIt) {
  using namespace std::chrono;
  Parameters parameters;
  parameters.add("Yes", true);
  parameters.add("No", false);
  parameters.add("Number", 42);
  parameters.add("Large", std::int64_t{1} << 40);
  parameters.add("Volume", VolumeId("vol-1"));
  parameters.add("End", WallTime(sys_days(2030y / 1 / 2) + 3h + 4min + 5s));
  EXPECT_EQ(parameters.form_encoded(),
            "Yes=true&No=false&Number=42&Large=1099511627776&Volume=vol-1"
            "&End=2030-01-02T03%3A04%3A05.000Z");
}

TEST(Parameters, ATextLiteralIsNotTakenForABool) {
  Parameters parameters;
  parameters.add("Name", "false");
  EXPECT_EQ(*parameters.find("Name"), "false");
}

TEST(Parameters, LeaveOutWhatIsAbsent) {
  Parameters parameters;
  parameters.add("Iops", std::optional<int>());
  parameters.add("Throughput", std::optional<int>(125));
  parameters.add("Encrypted", std::optional<bool>(false));
  parameters.add_unless_empty("KmsKeyId", "");
  parameters.add_unless_empty("KernelId", "aki-1");
  EXPECT_EQ(parameters.form_encoded(), "Throughput=125&Encrypted=false&KernelId=aki-1");
}

TEST(Parameters, FlattenListsCountingFromOne) {
  Parameters parameters;
  parameters.add_list("InstanceId", std::vector<InstanceId>{InstanceId("i-1"), InstanceId("i-2")});
  parameters.add_list("SecurityGroupId", std::vector<std::string>());
  EXPECT_EQ(parameters.form_encoded(), "InstanceId.1=i-1&InstanceId.2=i-2");
}

TEST(Parameters, NumberFiltersAndTheirValues) {
  Parameters parameters;
  parameters.add_filters({{"tag:pitstop:backup", {"b-1", "b-2"}}, {"status", {"pending"}}});
  EXPECT_EQ(parameters.form_encoded(),
            "Filter.1.Name=tag%3Apitstop%3Abackup&Filter.1.Value.1=b-1&Filter.1.Value.2=b-2"
            "&Filter.2.Name=status&Filter.2.Value.1=pending");
}

TEST(Parameters, PutTagsBelowTheirSpecification) {
  Parameters parameters;
  parameters.add_tag_specification(1, "image", {{"Name", "web"}, {"empty", ""}});
  parameters.add_tag_specification(2, "snapshot", {});
  EXPECT_EQ(parameters.form_encoded(),
            "TagSpecification.1.ResourceType=image"
            "&TagSpecification.1.Tag.1.Key=Name&TagSpecification.1.Tag.1.Value=web"
            "&TagSpecification.1.Tag.2.Key=empty&TagSpecification.1.Tag.2.Value=");
}

TEST(Parameters, PutTheTagsOfCreateTagsAtTheTop) {
  Parameters parameters;
  parameters.add_tags("", {{"Name", "web"}});
  EXPECT_EQ(parameters.form_encoded(), "Tag.1.Key=Name&Tag.1.Value=web");
}

TEST(Parameters, EncodeWhateverXmlShellsAndFormsTakeForTheirOwn) {
  Parameters parameters;
  parameters.add("Value", "<a href=\"x\">&amp;</a> $(rm -rf /) `id`; 1+1=2%\n~_.-");
  EXPECT_EQ(parameters.form_encoded(),
            "Value=%3Ca+href%3D%22x%22%3E%26amp%3B%3C%2Fa%3E+%24%28rm+-rf+%2F%29+%60id"
            "%60%3B+1%2B1%3D2%25%0A~_.-");
}

TEST(Parameters, EncodeUnicodeAsTheBytesOfUtf8) {
  Parameters parameters;
  parameters.add("Tag.1.Value", "Zürich 東京 🏁");
  EXPECT_EQ(parameters.form_encoded(), "Tag.1.Value=Z%C3%BCrich+%E6%9D%B1%E4%BA%AC+%F0%9F%8F%81");
}

TEST(Parameters, AreFoundByName) {
  Parameters parameters;
  parameters.add("InstanceId.1", "i-1");
  ASSERT_NE(parameters.find("InstanceId.1"), nullptr);
  EXPECT_EQ(*parameters.find("InstanceId.1"), "i-1");
  EXPECT_EQ(parameters.find("instanceid.1"), nullptr);
}

}  // namespace
}  // namespace pitstop::ec2
