#pragma once

#include "base/nearest.hpp"
#include "sim/scenario/values.hpp"

/// A scenario's file, table by table: what may stand in it is a list of keys, each with what reads
/// it.
namespace pitstop::sim::scenario_file {

/// Reads a value into the place in a T where it belongs.
template <class T>
using Read = std::function<Status(const TomlValue&, T&)>;

enum class Presence { optional, required };

template <class T>
struct Key {
  std::string name;
  Read<T> read;
  Presence presence = Presence::optional;
};

/// What may stand in a table that describes a T. Keys are read in this order, whatever the file's.
template <class T>
struct Section {
  std::vector<Key<T>> keys;
  /// What the keys have to do with each other.
  std::function<Status(const TomlValue&, const T&)> check = [](const TomlValue&, const T&) {
    return Status();
  };
};

/// "unknown key", unless every key of the table is one of the known ones.
Status refuse_unknown_keys(const TomlValue& table, const std::vector<std::string>& known);

template <class T>
Status read_table(const TomlValue& table, const Section<T>& section, T& target) {
  if (table.as<TomlValue::Table>() == nullptr) {
    return fail(table.expected("a table"));
  }
  std::vector<std::string> known;
  for (const auto& key : section.keys) {
    known.push_back(key.name);
  }
  TRY_STATUS(refuse_unknown_keys(table, known));
  for (const auto& key : section.keys) {
    if (const auto* value = table.find(key.name)) {
      TRY_STATUS(key.read(*value, target));
    } else if (key.presence == Presence::required) {
      return fail(table.wrong(key.name + " is missing"));
    }
  }
  return section.check(table, target);
}

/// A single value.
template <class T, class Member, class Value>
Read<T> into(Member T::* member, ReadValue<Value> read) {
  return [=](const TomlValue& value, T& target) -> Status {
    TRY(auto result, read(value));
    target.*member = std::move(result);
    return {};
  };
}

/// A table of its own for things that stand side by side in T.
template <class T>
Read<T> group(Section<T> section) {
  return [section = std::move(section)](const TomlValue& value, T& target) {
    return read_table(value, section, target);
  };
}

/// What is read into a member.
template <class T, class Member>
Read<T> within(Member T::* member, Read<Member> read) {
  return [member, read = std::move(read)](const TomlValue& value, T& target) {
    return read(value, target.*member);
  };
}

/// [[key]], once for each item, which begins as a copy of what `prototype` gives. `check` looks at
/// all of them together.
template <class T, class Item>
Read<T> list(std::vector<Item> T::* member, Section<Item> section,
             std::function<Item(const T&)> prototype,
             std::function<Status(const TomlValue::List&)> check) {
  return [=](const TomlValue& value, T& target) -> Status {
    const auto* tables = value.as<TomlValue::List>();
    if (tables == nullptr) {
      return fail(
          value.expected("a list of tables", "write [[" + value.path + "]], in double brackets"));
    }
    std::vector<Item> items;
    for (const auto& table : *tables) {
      TRY_STATUS(read_table(table, section, items.emplace_back(prototype(target))));
    }
    target.*member = std::move(items);
    return check(*tables);
  };
}

/// No two of the tables have the same value for the key.
Status refuse_doubles(const TomlValue::List& tables, std::string_view key);

}  // namespace pitstop::sim::scenario_file
