#pragma once

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "base/concurrently.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "ec2/caller.hpp"

namespace pitstop {

/// What the accounts and regions of a command have answered, one after the other.
template <class Item>
struct FromSites {
  std::vector<Item> items;
  /// Those that gave no answer, each with the reason.
  std::vector<std::pair<std::size_t, Error>> silent_sites = {};
};

/// One site's answer; `ask` is called with the caller and the number of the site.
template <class Item, class Ask>
Task<void> ask_site_into(ec2::Caller& caller, std::size_t site, Ask ask,
                         Result<std::vector<Item>>& slot) {
  slot = co_await ask(caller, site);
}

/// Asks all sites at the same time. An error if none answers: that of the first.
template <class Item, class Ask>
Task<Result<FromSites<Item>>> ask_every_site(std::vector<ec2::Caller*> sites, Ask ask) {
  std::vector<Result<std::vector<Item>>> answers(sites.size());
  std::vector<Task<void>> tasks;
  for (std::size_t site = 0; site < sites.size(); ++site) {
    tasks.push_back(ask_site_into<Item>(*sites[site], site, ask, answers[site]));
  }
  co_await concurrently(std::move(tasks));
  FromSites<Item> all;
  for (std::size_t site = 0; site < answers.size(); ++site) {
    if (answers[site]) {
      std::ranges::move(*answers[site], std::back_inserter(all.items));
    } else {
      all.silent_sites.emplace_back(site, std::move(answers[site]).error());
    }
  }
  if (all.silent_sites.size() == answers.size()) {
    co_return fail(std::move(all.silent_sites.front().second));
  }
  co_return all;
}

}  // namespace pitstop
