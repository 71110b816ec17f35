#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "sim/cloud/api_error.hpp"
#include "sim/cloud/model.hpp"

/// Writing the elements of EC2's replies.
namespace pitstop::sim::xml {

class Document;

/// An element that takes more until something is put after it.
class Element {
 public:
  Element append_child(std::string_view name) const;
  /// One that has nothing in it but a text.
  void append_child(std::string_view name, std::string_view text) const;

 private:
  friend class Document;
  Element(Document& document, std::size_t depth, std::size_t begin)
      : document_(&document), depth_(depth), begin_(begin) {}

  Document* document_;
  std::size_t depth_;
  std::size_t begin_;  ///< where in the text its name stands: no other element's stands there
};

/// A reply while it is being written. It is never a tree: each element goes to the end of the text
/// and closes all that are not around it.
class Document {
 public:
  Document();
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  /// Opens the one element that all others go into.
  Element begin(std::string_view root, std::string_view name_space = {});

  /// The text, with everything closed: no white space between the elements, as EC2 writes it.
  std::string finish();

 private:
  friend class Element;
  struct OpenTag {
    std::size_t begin;
    std::size_t size;
  };

  Element open(std::string_view name);
  void write(std::string_view name, std::string_view text);
  void end_start_tag();
  void close_innermost();
  void close_inside(const Element& element);

  std::string text_;
  std::vector<OpenTag> open_;  ///< from the outside in: where their names stand in the text
  bool in_start_tag_ = false;  ///< after "<name": there comes ">", or "/>" if it stays empty
};

void put(Element parent, std::string_view name, std::string_view text);
void put_unless_empty(Element parent, std::string_view name, std::string_view text);
void put_boolean(Element parent, std::string_view name, bool value);
void put_number(Element parent, std::string_view name, std::int64_t number);
void put_time(Element parent, std::string_view name, WallTime time);

/// <tagSet><item><key/><value/></item>…; nothing if there are none.
void put_tags(Element parent, const Tags& tags);

/// <instanceState><code/><name/></instanceState> under whatever name.
void put_state(Element parent, std::string_view name, InstanceState state);

/// <return>true</return>, all that many changing calls answer.
void put_success(Element answer);

/// <ActionResponse>, the element that all others go into.
Element begin_reply(Document& document, std::string_view action, std::string_view request_id);

/// The whole of a refusal.
std::string refusal(const ApiError& error, std::string_view request_id);

}  // namespace pitstop::sim::xml
