#pragma once

#include <string>
#include <vector>

#include "ec2/model.hpp"

namespace pitstop {

/// A server that a run has selected, and where.
struct ListedServer {
  ec2::Instance instance;
  std::vector<ec2::Volume> volumes;
  std::string site;  ///< "eu-west-1", for people
};

/// "3 servers:", a line for each of them, as far as there is room for, and how many of them may be
/// down at a time; empty for a single one, which the user has named.
std::string server_list(const std::vector<ListedServer>& servers, std::size_t max_down,
                        std::size_t most_lines);

}  // namespace pitstop
