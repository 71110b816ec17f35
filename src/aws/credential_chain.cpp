#include "aws/credential_chain.hpp"

namespace pitstop {

std::string_view CredentialChain::name() const {
  return answering_ == nullptr ? name_ : answering_->name();
}

Task<Result<std::optional<Credentials>>> CredentialChain::load() {
  if (answering_ != nullptr) {
    co_return co_await answering_->load();
  }
  for (const auto& source : sources_) {
    CO_TRY(auto answer, co_await source->load());
    if (answer) {
      answering_ = source.get();
      co_return answer;
    }
  }
  co_return std::nullopt;
}

}  // namespace pitstop
