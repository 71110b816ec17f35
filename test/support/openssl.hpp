#pragma once

#include <openssl/bio.h>

#include <memory>

namespace pitstop::test {

template <auto free>
struct OpensslDeleter {
  void operator()(auto* object) const { free(object); }
};

/// Owns an object of OpenSSL's: OpensslPointer<X509, X509_free>.
template <class T, auto free>
using OpensslPointer = std::unique_ptr<T, OpensslDeleter<free>>;

using BioPointer = OpensslPointer<BIO, BIO_free_all>;

}  // namespace pitstop::test
