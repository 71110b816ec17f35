#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace pitstop::ec2 {

/// EC2 takes so many values in a filter (EC2 User Guide, "Filtering your resources").
constexpr std::size_t most_filter_values = 200;

/// One filter of a Describe call; its values are alternatives.
struct Filter {
  std::string name;
  std::vector<std::string> values;
};

struct Tag {
  std::string key;
  std::string value;
  auto operator<=>(const Tag&) const = default;
};
using Tags = std::vector<Tag>;

/// The parameters of a call of the EC2 Query protocol: lists are flattened to NAME.1, NAME.2,
/// structures are joined by dots, and an absent optional is left out.
class Parameters {
 public:
  void add(std::string name, std::string value);
  void add(std::string name, std::string_view value) { add(std::move(name), std::string(value)); }
  void add(std::string name, const char* value) { add(std::move(name), std::string(value)); }
  void add(std::string name, bool value) { add(std::move(name), value ? "true" : "false"); }
  void add(std::string name, std::integral auto value) {
    add(std::move(name), std::to_string(value));
  }
  void add(std::string name, WallTime value);
  template <class Kind>
  void add(std::string name, const Id<Kind>& id) {
    add(std::move(name), id.str());
  }
  template <class Value>
  void add(std::string name, const std::optional<Value>& value) {
    if (value) {
      add(std::move(name), *value);
    }
  }

  /// Left out when empty: EC2 takes an empty value for a wrong one.
  void add_unless_empty(std::string name, const std::string& value);

  /// NAME.1=…, NAME.2=…
  template <class Value>
  void add_list(std::string_view name, const std::vector<Value>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      add(std::string(name) + '.' + std::to_string(i + 1), values[i]);
    }
  }

  /// Filter.1.Name=…, Filter.1.Value.1=…
  void add_filters(const std::vector<Filter>& filters);

  /// Tag.1.Key=…, Tag.1.Value=…, below `prefix` ("" or "TagSpecification.1.").
  void add_tags(std::string_view prefix, const Tags& tags);

  /// One TagSpecification, numbered `number`, for the resources that the call makes.
  void add_tag_specification(int number, std::string_view resource_type, const Tags& tags,
                             std::string_view name = "TagSpecification");

  /// The value of a parameter, or nothing.
  const std::string* find(std::string_view name) const;

  const std::vector<std::pair<std::string, std::string>>& all() const { return parameters_; }

  /// "a=1&b=2", percent-encoded, in the order in which they were added.
  std::string form_encoded() const;

 private:
  std::vector<std::pair<std::string, std::string>> parameters_;
};

}  // namespace pitstop::ec2
