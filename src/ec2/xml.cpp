#include "ec2/xml.hpp"

namespace pitstop::ec2::xml {

Tags tags(const pugi::xml_node& node) {
  Tags read;
  for (auto item = node.child("tagSet").child("item"); item; item = item.next_sibling("item")) {
    read.push_back({text(item, "key"), text(item, "value")});
  }
  return read;
}

std::vector<std::string> texts(const pugi::xml_node& node, const char* list, const char* name) {
  std::vector<std::string> read;
  for (const auto& item : node.child(list).children("item")) {
    read.push_back(text(item, name));
  }
  return read;
}

}  // namespace pitstop::ec2::xml
