#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "sim/api/action.hpp"
#include "sim/api/filters.hpp"
#include "sim/api/ids.hpp"
#include "sim/api/paging.hpp"
#include "sim/api/xml.hpp"

namespace pitstop::sim {

/// What is the same in all describing calls of one kind of thing.
template <class Thing>
struct Catalogue {
  std::string_view ids;  ///< the parameter that lists ids; empty: there is none
  IdKind kind;
  std::span<const FilterRow<Thing>> filters;
  const char* set;  ///< the element around the items
  void (*write)(xml::Element item, const Thing& thing);
  PageLimits page = {};
  /// More ids than that EC2 does not take.
  std::size_t most_ids = 1000;
};

/// What a describing call asks for.
template <class Thing>
struct Inquiry {
  std::vector<std::string> ids;  ///< sorted, each once; empty: all
  Filters<Thing> filters;
  Page page;
};

template <class Thing>
Answer<Inquiry<Thing>> read_inquiry(const ActionCall& call, const Catalogue<Thing>& catalogue) {
  Inquiry<Thing> inquiry;
  if (!catalogue.ids.empty()) {
    inquiry.ids = call.form.list(catalogue.ids);
  }
  if (inquiry.ids.size() > catalogue.most_ids) {
    return refuse("InvalidParameterValue", "The request has too many ids");
  }
  for (const auto& id : inquiry.ids) {
    TRY_STATUS(check_id(catalogue.kind, id));
  }
  std::ranges::sort(inquiry.ids);
  const auto twice = std::ranges::unique(inquiry.ids);
  inquiry.ids.erase(twice.begin(), twice.end());
  TRY(auto filters, read_filters(call.form));
  TRY(inquiry.filters, Filters<Thing>::look_up(std::move(filters), catalogue.filters));
  if (catalogue.page.most > 0) {
    TRY(inquiry.page, read_page(call.form, call.name, catalogue.page));
  }
  if (!inquiry.ids.empty() && inquiry.page.most > 0) {
    return refuse("InvalidParameterCombination",
                  "The parameter " + std::string(catalogue.ids) +
                      " cannot be used with the parameter maxResults");
  }
  return inquiry;
}

/// What there is of what a describing call asks for.
template <class Thing>
struct Found {
  std::vector<Thing> things;
  std::optional<std::string> next_token;  ///< of a call that pages; empty: this is the last page
};

/// Those that were asked for by their ids, all or none: it costs no more than finding them.
template <class Thing, class Things, class Look>
Answer<Found<Thing>> find_by_id(const Catalogue<Thing>& catalogue, const Inquiry<Thing>& inquiry,
                                const Things& things, Look look) {
  Found<Thing> found;
  std::vector<std::string> missing;
  for (const auto& id : inquiry.ids) {
    const auto there = things.find(typename Things::key_type(id));
    auto thing = there == things.end() ? std::optional<Thing>() : look(there->second);
    if (!thing) {
      missing.push_back(id);
    } else if (inquiry.filters.pass(*thing)) {
      found.things.push_back(*std::move(thing));
    }
  }
  if (!missing.empty()) {
    return not_found(catalogue.kind, missing);
  }
  return found;
}

/// A page of all that pass the filters.
template <class Thing, class Things, class Look>
Found<Thing> find_page(const ActionCall& call, const Inquiry<Thing>& inquiry, const Things& things,
                       Look look) {
  using Key = typename Things::key_type;
  const auto& page = inquiry.page;
  Found<Thing> found;
  if (page.most > 0) {
    found.next_token = "";
  }
  auto each = page.after.empty() ? things.begin() : things.upper_bound(Key(page.after));
  const Key* last = nullptr;
  for (; each != things.end(); ++each) {
    auto thing = look(each->second);
    if (!thing || !inquiry.filters.pass(*thing)) {
      continue;
    }
    if (page.most > 0 && found.things.size() == page.most) {
      found.next_token = next_token(call.name, text_of(*last));
      return found;
    }
    found.things.push_back(*std::move(thing));
    last = &each->first;
  }
  return found;
}

/// `look` gives what is seen of a thing, or nothing where it is not there (yet, or any more).
template <class Thing, class Things, class Look>
Answer<Found<Thing>> find_asked(const ActionCall& call, const Catalogue<Thing>& catalogue,
                                const Inquiry<Thing>& inquiry, const Things& things, Look look) {
  if (!inquiry.ids.empty()) {
    return find_by_id(catalogue, inquiry, things, look);
  }
  return find_page(call, inquiry, things, look);
}

inline void put_next_token(ActionCall& call, const std::optional<std::string>& token) {
  if (token) {
    xml::put(call.answer, "nextToken", *token);
  }
}

/// Calls `take` with each thing that is asked for, in the order of their ids.
template <class Thing, class Things, class Look, class Take>
Answer<void> for_each_asked(ActionCall& call, const Catalogue<Thing>& catalogue,
                            const Inquiry<Thing>& inquiry, const Things& things, Look look,
                            Take take) {
  TRY(const auto found, find_asked(call, catalogue, inquiry, things, look));
  std::ranges::for_each(found.things, take);
  put_next_token(call, found.next_token);
  return {};
}

/// The whole of a describing call that has no parameters of its own.
template <class Thing, class Things, class Look>
Answer<void> describe(ActionCall& call, const Catalogue<Thing>& catalogue, const Things& things,
                      Look look) {
  TRY(const auto inquiry, read_inquiry(call, catalogue));
  TRY_STATUS(call.admit());
  auto set = call.answer.append_child(catalogue.set);
  return for_each_asked(call, catalogue, inquiry, things, look, [&](const Thing& thing) {
    catalogue.write(set.append_child("item"), thing);
  });
}

}  // namespace pitstop::sim
