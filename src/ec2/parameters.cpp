#include "ec2/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "http/http.hpp"

namespace pitstop::ec2 {
namespace {

/// A space becomes a "+", as browsers and botocore write it.
void append_form_encoded(std::string& form, std::string_view text) {
  while (true) {
    const auto space = text.find(' ');
    append_percent_encoded(form, text.substr(0, space));
    if (space == std::string_view::npos) {
      return;
    }
    form += '+';
    text.remove_prefix(space + 1);
  }
}

}  // namespace

void Parameters::add(std::string name, std::string value) {
  parameters_.emplace_back(std::move(name), std::move(value));
}

void Parameters::add(std::string name, WallTime value) {
  add(std::move(name), rfc3339(value));
}

void Parameters::add_unless_empty(std::string name, const std::string& value) {
  if (!value.empty()) {
    add(std::move(name), value);
  }
}

void Parameters::add_filters(const std::vector<Filter>& filters) {
  for (std::size_t i = 0; i < filters.size(); ++i) {
    const auto prefix = fmt::format("Filter.{}.", i + 1);
    add(prefix + "Name", filters[i].name);
    add_list(prefix + "Value", filters[i].values);
  }
}

void Parameters::add_tags(std::string_view prefix, const Tags& tags) {
  for (std::size_t i = 0; i < tags.size(); ++i) {
    add(fmt::format("{}Tag.{}.Key", prefix, i + 1), tags[i].key);
    add(fmt::format("{}Tag.{}.Value", prefix, i + 1), tags[i].value);
  }
}

void Parameters::add_tag_specification(int number, std::string_view resource_type, const Tags& tags,
                                       std::string_view name) {
  if (tags.empty()) {
    return;
  }
  const auto prefix = fmt::format("{}.{}.", name, number);
  add(prefix + "ResourceType", resource_type);
  add_tags(prefix, tags);
}

const std::string* Parameters::find(std::string_view name) const {
  const auto found = std::ranges::find(parameters_, name,
                                       [](const auto& p) -> std::string_view { return p.first; });
  return found == parameters_.end() ? nullptr : &found->second;
}

std::string Parameters::form_encoded() const {
  std::string form;
  for (const auto& [name, value] : parameters_) {
    if (!form.empty()) {
      form += '&';
    }
    append_form_encoded(form, name);
    form += '=';
    append_form_encoded(form, value);
  }
  return form;
}

}  // namespace pitstop::ec2
