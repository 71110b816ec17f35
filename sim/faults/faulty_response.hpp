#pragma once

#include <optional>

#include "http/http.hpp"
#include "sim/faults/faults.hpp"
#include "sim/request.hpp"

namespace pitstop::sim {

/// Whether a call that a fault befalls reaches the cloud at all.
bool takes_effect(FaultKind kind);

/// What the client gets in the place of the service's answer, as that service writes it; nothing
/// where the fault is none, or leaves no answer at all (lost_request, lost_reply, late), or spoils
/// the true one (cut_reply).
std::optional<HttpResponse> faulty_response(const Fault& fault, Service service);

/// Whether the client hears nothing.
bool is_silent(FaultKind kind);

}  // namespace pitstop::sim
