// Whom we trust.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "client.hpp"
#include "support/certificate.hpp"
#include "support/fault_server.hpp"
#include "support/temporary_directory.hpp"

namespace pitstop::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

CurlSettings trusting(const std::filesystem::path& file) {
  return {.ca_bundle = file.string()};
}

/// What comes of a request to a server with that certificate by a client that trusts it.
Result<HttpResponse> outcome_with(const CertificateOptions& certificate) {
  FaultServer server({.tls = certificate});
  server.on_any().always().reply(200, "<ok/>");
  Client client(trusting(server.ca_file()));
  auto outcome = client.send(post(server.endpoint()));
  EXPECT_EQ(server.requests().size(), outcome ? 1U : 0U);
  return outcome;
}

TEST(CurlTls, WorksWithTheAuthoritiesOfABundle) {
  FaultServer server({.tls = CertificateOptions{}});
  server.on_any().always().reply(200, "<ok/>");
  Client client(trusting(server.ca_file()));
  EXPECT_EQ(described(client.send(post(server.endpoint()))), "200 <ok/>");
  EXPECT_EQ(described(client.send(post(server.endpoint()))), "200 <ok/>");
  EXPECT_EQ(server.connections(), 1);
}

TEST(CurlTls, FindsTheRightOneOfManyAuthorities) {
  FaultServer server({.tls = CertificateOptions{}});
  server.on_any().always().reply(200, "<ok/>");
  const TemporaryDirectory directory;
  std::string bundle = "# two authorities\n" + make_certificate().certificate;
  std::ifstream right(server.ca_file());
  bundle.append(std::istreambuf_iterator<char>(right), {});
  Client client(trusting(directory.write("bundle.pem", bundle)));
  EXPECT_EQ(described(client.send(post(server.endpoint()))), "200 <ok/>");
}

TEST(CurlTls, TrustsNobodyElse) {
  FaultServer server({.tls = CertificateOptions{}});
  const FaultServer other({.tls = CertificateOptions{}});
  for (const auto& settings : {CurlSettings{}, trusting(other.ca_file())}) {
    Client client(settings);
    const auto outcome = client.send(post(server.endpoint()));
    ASSERT_EQ(kind_of(outcome), ErrorKind::refused) << described(outcome);
    EXPECT_THAT(outcome.error().message, HasSubstr("certificate"));
    EXPECT_THAT(outcome.error().hint, HasSubstr("AWS_CA_BUNDLE"));
  }
  EXPECT_THAT(server.requests(), IsEmpty());
}

TEST(CurlTls, RefusesACertificateThatHasExpired) {
  const auto outcome = outcome_with({.expired = true});
  ASSERT_EQ(kind_of(outcome), ErrorKind::refused) << described(outcome);
  EXPECT_THAT(outcome.error().message, HasSubstr("expired"));
  EXPECT_THAT(outcome.error().hint, HasSubstr("clock"));
}

TEST(CurlTls, RefusesACertificateOfAnotherName) {
  const auto outcome = outcome_with({.names = "DNS:elsewhere.example,IP:127.0.0.2"});
  ASSERT_EQ(kind_of(outcome), ErrorKind::refused) << described(outcome);
  EXPECT_THAT(outcome.error().message, AllOf(HasSubstr("name"), HasSubstr("127.0.0.1")));
  EXPECT_THAT(outcome.error().hint, HasSubstr("--endpoint-url"));
}

TEST(CurlTls, RefusesABundleThatIsNone) {
  FaultServer server({.tls = CertificateOptions{}});
  const TemporaryDirectory directory;
  for (const auto& bundle :
       {directory / "missing.pem", directory.write("empty.pem", ""),
        directory.write("text.pem", "this is no certificate\n"), directory.path()}) {
    Client client(trusting(bundle));
    const auto outcome = client.send(post(server.endpoint()));
    ASSERT_EQ(kind_of(outcome), ErrorKind::refused) << described(outcome);
    EXPECT_THAT(outcome.error().message, HasSubstr(bundle.string()));
    EXPECT_THAT(outcome.error().hint, HasSubstr("AWS_CA_BUNDLE"));
  }
  EXPECT_THAT(server.requests(), IsEmpty());
}

TEST(CurlTls, NeedsNoBundleWithoutTls) {
  FaultServer server;
  server.on_any().always().reply(200, "<ok/>");
  Client client(trusting("/nowhere/missing.pem"));
  EXPECT_EQ(described(client.send(post(server.endpoint()))), "200 <ok/>");
}

TEST(CurlTls, DoesNotChangeWhatMayHaveHappened) {
  FaultServer server({.tls = CertificateOptions{}});
  server.on("Close").always().close_unanswered();
  server.on("Reset").always().reset_unanswered();
  server.on("Hang").always().hang();
  server.on("Cut").always().cut_body();
  server.on("Cut").always().reply(200, std::string(1000, 'x'));
  Client client(trusting(server.ca_file()));
  for (const auto* action : {"Close", "Reset", "Hang", "Cut"}) {
    auto request = post(server.endpoint(), std::string("Action=") + action);
    request.total_timeout = Seconds(2);
    request.at_most_once = true;
    const auto outcome = client.send(request);
    EXPECT_EQ(kind_of(outcome), ErrorKind::unknown_fate) << action << ": " << described(outcome);
    EXPECT_EQ(server.count(action), 1U);
  }
}

TEST(CurlTls, SpokenToAServerWithoutItMeansThatNothingHappened) {
  const FaultServer server;
  Client client;
  const auto outcome = client.send(post("https://127.0.0.1:" + std::to_string(server.port())));
  EXPECT_EQ(kind_of(outcome), ErrorKind::transient) << described(outcome);
}

}  // namespace
}  // namespace pitstop::test
