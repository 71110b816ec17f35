#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "sim/api/form.hpp"
#include "sim/cloud/region.hpp"

namespace pitstop::sim {

/// A key that a user may give, and take away: neither too long nor one of AWS's own.
Answer<void> check_tag_key(const std::string& key);

/// "PREFIXTag.1.Key=…&PREFIXTag.1.Value=…": as many, as long and named as EC2 allows.
Answer<Tags> read_tags(FormReader& form, const std::string& prefix = {});

/// What "TagSpecification.1.ResourceType=…&TagSpecification.1.Tag.1.Key=…" says, by type of
/// resource. Types that the action does not make are refused.
using TagSpecifications = std::map<std::string, Tags, std::less<>>;
Answer<TagSpecifications> read_tag_specifications(FormReader& form,
                                                  std::initializer_list<std::string_view> types,
                                                  std::string_view name = "TagSpecification");

/// The tags of users: those that AWS has given ("aws:…") are never copied.
Tags without_amazons(Tags tags);

/// The tags with the others added to them, or changed by them. TagLimitExceeded beyond 50.
Answer<Tags> with_tags(const Tags& tags, const Tags& others);

/// "instance", "volume", … for an id; empty if it is of no kind that has tags here.
std::string_view resource_type(std::string_view id);

/// The tags of a thing of any kind, or that kind's NotFound.
Answer<Tags*> find_tags(Region& region, const std::string& id);

}  // namespace pitstop::sim
