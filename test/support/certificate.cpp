#include "support/certificate.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/check.hpp"
#include "support/openssl.hpp"

namespace pitstop::test {

namespace {

using Key = OpensslPointer<EVP_PKEY, EVP_PKEY_free>;
using X509Pointer = OpensslPointer<X509, X509_free>;
using Extension = OpensslPointer<X509_EXTENSION, X509_EXTENSION_free>;

void add_extension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  CHECK(extension);
  CHECK(X509_add_ext(certificate, extension.get(), -1) == 1);
}

/// Valid from two days ago until `until` seconds from now.
void set_validity(X509* certificate, long until) {
  constexpr long day = 24L * 60 * 60;
  X509_gmtime_adj(X509_getm_notBefore(certificate), -2 * day);
  X509_gmtime_adj(X509_getm_notAfter(certificate), until);
}

std::string text_of(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

Certificate make_certificate(const CertificateOptions& options) {
  constexpr long hour = 60L * 60;
  const Key key(EVP_EC_gen("P-256"));
  const X509Pointer certificate(X509_new());
  CHECK(key && certificate);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  set_validity(certificate.get(), options.expired ? -hour : hour);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  const auto* const common_name = reinterpret_cast<const unsigned char*>("pitstop test");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate.get(), NID_subject_alt_name, options.names);
  CHECK(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);

  const BioPointer certificate_text(BIO_new(BIO_s_mem()));
  const BioPointer key_text(BIO_new(BIO_s_mem()));
  CHECK(PEM_write_bio_X509(certificate_text.get(), certificate.get()) == 1);
  CHECK(PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                 nullptr) == 1);
  return {text_of(certificate_text.get()), text_of(key_text.get())};
}

}  // namespace pitstop::test
