#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/environment.hpp"
#include "support/temporary_directory.hpp"

namespace pitstop::test {

/// A home directory with the shared files of a user of AWS, and that user's environment.
class Home {
 public:
  Home() { std::filesystem::create_directory(directory_ / ".aws"); }

  Home& config(std::string_view text) {
    directory_.write(".aws/config", text);
    return *this;
  }

  Home& credentials(std::string_view text) {
    directory_.write(".aws/credentials", text);
    return *this;
  }

  Home& set(std::string name, std::string value) {
    variables_.insert_or_assign(std::move(name), std::move(value));
    return *this;
  }

  Environment environment() const {
    auto variables = variables_;
    variables.emplace("HOME", directory_.path());
    variables.emplace("AWS_EC2_METADATA_DISABLED", "true");  // unless the test says otherwise
    return Environment(std::move(variables));
  }

  const TemporaryDirectory& directory() const { return directory_; }

 private:
  TemporaryDirectory directory_;
  std::map<std::string, std::string, std::less<>> variables_;
};

}  // namespace pitstop::test
