#include "cli/down_list.hpp"

#include "base/contains.hpp"

namespace pitstop {

void DownList::saw(const Event& event) {
  if (event.step == Step::stop_requested) {
    add(event.instance);
  } else if (event.step == Step::start_requested) {
    starting_.insert(event.instance);
    add(event.instance);
  } else if (event.step == Step::running) {
    starting_.erase(event.instance);
    remove(event.instance);
  } else if (event.step == Step::finished && !starting_.contains(event.instance)) {
    // EC2 did not take the stop. A backup that ends while it starts its server has left it down.
    remove(event.instance);
  }
  PassingObserver::saw(event);
}

void DownList::add(const InstanceId& instance) {
  if (!contains(down_, instance)) {
    down_.push_back(instance);
  }
}

void DownList::remove(const InstanceId& instance) {
  std::erase(down_, instance);
}

}  // namespace pitstop
