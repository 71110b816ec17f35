// Credentials that AWS does not take any more are fetched anew, whatever they come from, at once
// and without a storm of questions.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "aws/identity.hpp"
#include "home.hpp"
#include "sts_replies.hpp"
#include "support/coroutine.hpp"

namespace pitstop {
namespace {

using nlohmann::json;
using test::Home;

constexpr auto sts_url = "http://127.0.0.1:1/sts";
constexpr auto far_away = "2099-01-01T00:00:00Z";

json key_document(const std::string& id) {
  return {{"AccessKeyId", id}, {"SecretAccessKey", "S"}, {"Token", "T"}, {"Expiration", far_away}};
}

/// AWS and what gives its credentials, all of which know one key at a time.
class ChangingAws final : public Http {
 public:
  Task<Result<HttpResponse>> send(HttpRequest request) override { co_return answer(request); }

  /// From now on the old key is not taken any more.
  void change(const std::string& id) { valid = id; }

  std::string valid = "OLD";
  std::string refusal = "AuthFailure";
  int calls = 0;   ///< of EC2
  int issued = 0;  ///< keys that were given by whoever gives keys

 private:
  HttpResponse answer(const HttpRequest& request) {
    const std::string_view url = request.url;
    if (url.contains("127.0.0.1:1/sts")) {
      return answer_sts(request);
    }
    if (url.contains("/latest/api/token")) {
      return {200, {}, "token"};
    }
    if (url.ends_with("/security-credentials/")) {
      return {200, {}, "role"};
    }
    if (url.ends_with("/security-credentials/role") || url.ends_with("/container")) {
      ++issued;
      return {200, {}, key_document(valid).dump()};
    }
    if (url.contains("/federation/credentials")) {
      ++issued;
      const json key{{"accessKeyId", valid},
                     {"secretAccessKey", "S"},
                     {"sessionToken", "T"},
                     {"expiration", 4070908800000}};
      return {200, {}, json{{"roleCredentials", key}}.dump()};
    }
    ++calls;
    return request.signature->access_key_id == valid
               ? HttpResponse{200, {}, "<ok/>"}
               : HttpResponse{401,
                              {},
                              "<Response><Errors><Error><Code>" + refusal +
                                  "</Code></Error></Errors></Response>"};
  }

  /// A role is assumed only by whoever shows the valid key, or a token of it, "OLD.TOKEN".
  HttpResponse answer_sts(const HttpRequest& request) {
    ++issued;
    const bool is_web = request.body.contains("AssumeRoleWithWebIdentity");
    const bool is_known = is_web ? request.body.contains(valid + ".TOKEN")
                                 : request.signature->access_key_id == valid;
    if (!is_known) {
      return {403, {}, test::sts_error("InvalidClientTokenId", "no")};
    }
    return {200, {}, test::sts_reply(is_web ? "AssumeRoleWithWebIdentity" : "AssumeRole", valid)};
  }
};

/// Somebody with credentials of one kind, and how they are renewed.
struct Owner {
  const char* kind;
  std::function<void(Home&, const std::string& id)> write;
  /// The role that is assumed by whoever it is, as --assume-role does it.
  bool assumes = false;
};

std::string keys_of(const std::string& section, const std::string& id) {
  return fmt::format("[{}]\naws_access_key_id = {}\naws_secret_access_key = S\n", section, id);
}

constexpr auto some_role = "arn:aws:iam::123456789012:role/backup";

void log_in(Home& home) {
  std::filesystem::create_directories(home.directory() / ".aws/sso/cache");
  // sha1 of "corp".
  (void)home.directory().write(".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json",
                               json{{"accessToken", "login"}, {"expiresAt", far_away}}.dump());
}

std::vector<Owner> owners() {
  const auto in_file = [](Home& home, const std::string& id) {
    home.credentials(keys_of("default", id));
  };
  return {
      {"credentials_file", in_file},
      {"config_file",
       [](Home& home, const std::string& id) { home.config(keys_of("default", id)); }},
      {"profile_of_config_file",
       [](Home& home, const std::string& id) {
         home.config(keys_of("profile night", id)).set("AWS_PROFILE", "night");
       }},
      {"credential_process",
       [](Home& home, const std::string&) {
         home.config("[default]\ncredential_process = get-keys\n");
       }},
      {"role_of_profile",
       [](Home& home, const std::string& id) {
         home.config(fmt::format("[default]\nrole_arn = {}\nsource_profile = base\n", some_role))
             .credentials(keys_of("base", id));
       }},
      {"role_of_container",
       [](Home& home, const std::string&) {
         home.config(fmt::format("[default]\nrole_arn = {}\ncredential_source = EcsContainer\n",
                                 some_role))
             .set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/container");
       }},
      {"web_identity",
       [](Home& home, const std::string& id) {
         const auto file = home.directory().write("token", id + ".TOKEN");
         home.set("AWS_WEB_IDENTITY_TOKEN_FILE", file).set("AWS_ROLE_ARN", some_role);
       }},
      {"sso",
       [](Home& home, const std::string&) {
         log_in(home);
         home.config(
             "[default]\nsso_session = corp\nsso_account_id = 123456789012\n"
             "sso_role_name = backup\n[sso-session corp]\nsso_region = eu-west-1\n"
             "sso_start_url = https://corp.awsapps.com/start\n");
       }},
      {"container",
       [](Home& home, const std::string&) {
         home.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/container");
       }},
      {"instance_role",
       [](Home& home, const std::string&) { home.set("AWS_EC2_METADATA_DISABLED", "false"); }},
      {"role_of_account", in_file, true},
  };
}

struct OwnerBench {
  OwnerBench(VirtualTime& time_, Owner owner_) : time(time_), owner(std::move(owner_)) {
    owner.write(home, "OLD");
    home.set("AWS_ENDPOINT_URL_STS", sts_url);
    auto loaded = Identity::load({.region = "eu-central-1", .profile = {}, .endpoint_url = {}},
                                 home.environment(), doors);
    EXPECT_TRUE(loaded) << owner.kind;
    identity.emplace(*std::move(loaded));
    if (owner.assumes) {
      identity = identity->assuming({.role_arn = some_role, .session_name = ""}, doors);
    }
  }

  Task<int> call() {
    HttpRequest request;
    request.url = "https://ec2.eu-central-1.amazonaws.com/";
    const auto response = co_await identity->send(aws, std::move(request), "ec2");
    co_return response ? response->status : 0;
  }

  Task<Result<ProgramEnd>> run(Program) {
    ++aws.issued;
    // It does not tell when they end.
    const json keys{{"Version", 1}, {"AccessKeyId", aws.valid}, {"SecretAccessKey", "S"}};
    co_return ProgramEnd{.exit_status = 0, .output = keys.dump(), .errors = ""};
  }

  VirtualTime& time;
  Owner owner;
  Home home;
  ChangingAws aws;
  SeededRandom random{1};
  CredentialDoors doors{aws, time, random, [this](Program program) { return run(program); }};
  std::optional<Identity> identity;
};

Task<void> renew_and_call(VirtualTime& time, Owner owner) {
  OwnerBench bench(time, std::move(owner));
  const auto* const kind = bench.owner.kind;
  auto status = co_await bench.call();
  EXPECT_EQ(status, 200) << kind;
  co_await time.sleep(std::chrono::minutes(90));

  bench.aws.change("NEW");
  bench.owner.write(bench.home, "NEW");
  bench.aws.calls = 0;
  status = co_await bench.call();
  EXPECT_EQ(status, 200) << kind;
  EXPECT_EQ(bench.aws.calls, 2) << kind << ": refused, and sent again at once";
  status = co_await bench.call();
  EXPECT_EQ(bench.aws.calls, 3) << kind << ": from now on it has the new ones";
}

VIRTUAL_TEST(RefusedCredentials, AreFetchedAnewFromEverySource) {
  for (auto& owner : owners()) {
    co_await renew_and_call(time, std::move(owner));
  }
}

Task<int> status_of_a_refusal_with(VirtualTime& time, std::string code) {
  OwnerBench bench(time, owners().front());
  (void)co_await bench.call();
  co_await time.sleep(std::chrono::minutes(1));
  bench.aws.change("NEW");
  bench.aws.refusal = std::move(code);
  bench.owner.write(bench.home, "NEW");
  co_return co_await bench.call();
}

VIRTUAL_TEST(RefusedCredentials, AreFetchedAnewAfterEveryRefusalThatCanMeanThem) {
  for (const std::string code :
       {"RequestExpired", "ExpiredToken", "ExpiredTokenException", "AuthFailure",
        "InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId",
        "SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature",
        "MissingAuthenticationToken", "Client.AuthFailure"}) {
    const int status = co_await status_of_a_refusal_with(time, code);
    EXPECT_EQ(status, 200) << code;
  }
  for (const std::string code : {"UnauthorizedOperation", "InvalidInstanceID.NotFound"}) {
    const int status = co_await status_of_a_refusal_with(time, code);
    EXPECT_EQ(status, 401) << code << " says nothing against the credentials";
  }
}

// A minute of a call each 250 ms, as the looks at a server that is down.
VIRTUAL_TEST(RefusedCredentials, ASourceThatHasNoOthersIsNotAskedAllTheTime) {
  for (auto& owner : owners()) {
    OwnerBench bench(time, std::move(owner));
    (void)co_await bench.call();
    co_await time.sleep(std::chrono::minutes(1));
    bench.aws.change("NEW");  // and nobody has written it
    bench.aws.issued = 0;
    const auto began = time.now();
    while (time.now() - began < std::chrono::minutes(1)) {
      (void)co_await bench.call();
      co_await time.sleep(Milliseconds(250));
    }
    EXPECT_LE(bench.aws.issued, 12 * 2 + 2) << bench.owner.kind;
  }
}

VIRTUAL_TEST(RefusedCredentials, AFileThatIsBeingWrittenIsReadAgain) {
  for (const auto* half : {"", "[default]\n", "[default]\naws_access_key_id = NEW\n", "[def"}) {
    OwnerBench bench(time, owners().front());
    (void)co_await bench.call();
    co_await time.sleep(std::chrono::minutes(1));
    bench.aws.change("NEW");
    bench.home.credentials(half);
    int status = co_await bench.call();
    EXPECT_EQ(status, 401) << half;
    bench.owner.write(bench.home, "NEW");
    co_await time.sleep(Seconds(5));
    status = co_await bench.call();
    EXPECT_EQ(status, 200) << half;
  }
}

}  // namespace
}  // namespace pitstop
