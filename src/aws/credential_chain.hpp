#pragma once

#include <memory>
#include <string>
#include <vector>

#include "aws/credentials.hpp"

namespace pitstop {

/// Sources of credentials, asked in their order until one answers; from then on that one alone.
class CredentialChain final : public CredentialSource {
 public:
  /// `name` is what it is called before one has answered.
  CredentialChain(std::string name, std::vector<std::unique_ptr<CredentialSource>> sources)
      : name_(std::move(name)), sources_(std::move(sources)) {}

  std::string_view name() const override;
  Task<Result<std::optional<Credentials>>> load() override;

 private:
  std::string name_;
  std::vector<std::unique_ptr<CredentialSource>> sources_;
  CredentialSource* answering_ = nullptr;
};

}  // namespace pitstop
