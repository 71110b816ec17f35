#pragma once

#include <memory>
#include <optional>
#include <pugixml.hpp>
#include <string>

#include "base/result.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "ec2/parameters.hpp"
#include "ec2/urgency.hpp"

namespace pitstop::ec2 {

/// The version of EC2's API that is spoken.
inline constexpr auto api_version = "2016-11-15";

/// What a call does, as far as it matters when its reply is lost.
enum class Effect {
  asks,     ///< nothing: ask again
  settles,  ///< the second time finds the work done: ask again, but remember that it may have
            ///< happened
  creates,  ///< each time makes another one: look before asking again
};

/// How many bytes an answer may have: one about few things, and a list of many.
inline constexpr std::size_t longest_of_few = std::size_t{1} << 20;
inline constexpr std::size_t longest_list = std::size_t{16} << 20;

/// One call of EC2's API, not yet made.
struct Call {
  std::string action;
  Parameters parameters = {};
  Effect effect = Effect::asks;
  /// Whether the transport may send it a second time without our knowing, as it does when a kept
  /// connection turns out to be dead. Only for calls that change nothing, or whose answer is the
  /// same the second time.
  bool may_repeat_unseen = false;
  /// How long to go on trying, where the usual time is not right.
  std::optional<Duration> patience = std::nullopt;
  /// How long one attempt may take at most, where the usual time is too long.
  std::optional<Milliseconds> attempt_timeout = std::nullopt;
  /// How soon it has its turn where tokens are short (ec2/pace).
  Urgency urgency = Urgency::prepares;
  /// Whether the tokens of the first attempt were taken before.
  bool paid = false;
  /// How many bytes the answer can need; what is longer is broken off, and no answer.
  std::size_t longest_answer = longest_of_few;
};

/// An answer and its elements, which stand in its text.
struct ReplyDocument {
  explicit ReplyDocument(std::string body) : text(std::move(body)) {}

  std::string text;
  pugi::xml_document tree;
};

/// What EC2 answered.
class Reply {
 public:
  explicit Reply(std::unique_ptr<ReplyDocument> document) : document_(std::move(document)) {}

  /// The element <ActionResponse>.
  pugi::xml_node root() const { return document_->tree.document_element(); }

  /// Whether the call changes something, and an earlier attempt of it ended with an error that does
  /// not show that it was never sent: it may have happened, whatever its answer said.
  bool may_be_a_repetition = false;

 private:
  std::unique_ptr<ReplyDocument> document_;
};

/// The waist: everything that pitstop asks of EC2 goes through this one function. Retrying,
/// counting and pacing are callers that wrap a caller.
class Caller {
 public:
  virtual ~Caller() = default;
  virtual Task<Result<Reply>> call(Call call) = 0;
};

}  // namespace pitstop::ec2
