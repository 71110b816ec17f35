#include "ec2/xml.hpp"

#include <gtest/gtest.h>

#include "support/scripted_caller.hpp"

namespace pitstop::ec2 {
namespace {

/// What the real reader makes of the elements of a reply.
class Xml : public testing::Test {
 protected:
  pugi::xml_node read(std::string_view content) {
    reply_ = test::reply_of("DescribeVolumes", content);
    EXPECT_TRUE(reply_);
    return reply_->root();
  }

 private:
  Result<Reply> reply_ = fail(ErrorKind::internal, "nothing was read");
};

TEST_F(Xml, DecodesEntitiesAndCharacterReferences) {
  const auto root = read("<v>&lt;a&gt; &amp;&quot;&apos; &#65;&#x1F3C1; Zürich</v>");
  EXPECT_EQ(xml::text(root, "v"), "<a> &\"' A🏁 Zürich");
}

TEST_F(Xml, ReadsCdataAndTextTogether) {
  EXPECT_EQ(xml::text(read("<v><![CDATA[<b>&amp;]]></v>"), "v"), "<b>&amp;");
  EXPECT_EQ(xml::text(read("<v>one <![CDATA[& two]]> three</v>"), "v"), "one & two three");
}

TEST_F(Xml, AnAbsentElementIsEmptyFalseOrNothing) {
  const auto root = read("<other>1</other>");
  EXPECT_EQ(xml::text(root, "v"), "");
  EXPECT_FALSE(xml::boolean(root, "v"));
  EXPECT_EQ(xml::number(root, "v"), std::nullopt);
  EXPECT_EQ(xml::time(root, "v"), std::nullopt);
  EXPECT_EQ(xml::tags(root), Tags());
  EXPECT_TRUE(xml::texts(root, "v", "w").empty());
  EXPECT_EQ(xml::text(root.child("v").child("w"), "x"), "");
}

TEST_F(Xml, ReadsBooleansNumbersAndTimes) {
  const auto root = read(
      "<yes> true </yes><no>false</no><number> 150\n</number><negative>-1</negative>"
      "<huge>99999999999999</huge><word>many</word><time>2026-11-23T00:16:00.250Z</time>"
      "<date>yesterday</date>");
  EXPECT_TRUE(xml::boolean(root, "yes"));
  EXPECT_FALSE(xml::boolean(root, "no"));
  EXPECT_EQ(xml::number(root, "number"), 150);
  EXPECT_EQ(xml::number(root, "negative"), -1);
  EXPECT_EQ(xml::number(root, "huge"), std::nullopt);
  EXPECT_EQ(xml::number(root, "word"), std::nullopt);
  ASSERT_TRUE(xml::time(root, "time"));
  EXPECT_EQ(rfc3339(*xml::time(root, "time")), "2026-11-23T00:16:00.250Z");
  EXPECT_EQ(xml::time(root, "date"), std::nullopt);
}

TEST_F(Xml, KeepsTheWhiteSpaceOfTags) {
  const auto root = read(
      "<tagSet><item><key>blank</key><value>  </value></item>"
      "<item><key> padded </key><value> a\tb </value></item>"
      "<item><key>empty</key><value/></item><item><key>absent</key></item></tagSet>");
  const Tags expected = {{"blank", "  "}, {" padded ", " a\tb "}, {"empty", ""}, {"absent", ""}};
  EXPECT_EQ(xml::tags(root), expected);
}

TEST_F(Xml, ReadsListsThatArePrettyPrinted) {
  const auto root = read(
      "\n  <groupSet>\n    <item>\n      <groupId>sg-1</groupId>\n    </item>\n"
      "    <item><groupId>sg-2</groupId></item>\n  </groupSet>\n");
  EXPECT_EQ(xml::texts(root, "groupSet", "groupId"), (std::vector<std::string>{"sg-1", "sg-2"}));
}

}  // namespace
}  // namespace pitstop::ec2
