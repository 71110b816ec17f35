// Any bytes as EC2's answer, read by every verb: the first byte chooses the status, the rest is the
// body.

#include "ec2/every_verb.hpp"
#include "ec2/reply.hpp"
#include "sim/virtual_time.hpp"

namespace pitstop::ec2 {
namespace {

constexpr std::array statuses{200, 200, 200, 400, 403, 412, 500, 503};

/// Answers every call with the same bytes.
class SameAnswer final : public Caller {
 public:
  explicit SameAnswer(HttpResponse answer) : answer_(std::move(answer)) {}

  Task<Result<Reply>> call(Call call) override {
    // A page that always has a next one would never end.
    if (++calls_ > 200) {
      co_return fail(ErrorKind::refused, "that is enough");
    }
    co_return read_reply(answer_, call.action);
  }

 private:
  HttpResponse answer_;
  int calls_ = 0;
};

}  // namespace
}  // namespace pitstop::ec2

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using namespace pitstop;
  if (size == 0) {
    return 0;
  }
  const std::string body(bytes + 1, bytes + size);
  ec2::SameAnswer caller({ec2::statuses[bytes[0] % ec2::statuses.size()], {}, body});
  VirtualTime time;
  time.run(ec2::call_every_verb(caller));
  return 0;
}
