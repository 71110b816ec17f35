"""The fleet that scripts are compared on: its scenario, and what really happened to it."""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

from simulated_cloud import Ec2simFailed, SimulatedCloud  # noqa: E402, F401: its users know it by this file

VOLUMES = 2

# About what a small server takes: 20 s to stop, 8 to 12 s until its snapshots show progress, 15 s to start, a little
# more or less for each. Progress never jumps from 0 to 100 % here: that would hold up whoever waits for it alike.
SCENARIO = """
seed = {seed}

[throttling]
on = true

[pace.server]
shutdown = {{ least = "15s", usual = "17s", most = "20s" }}
release = {{ least = "2s", usual = "3s", most = "4s" }}
boot = {{ least = "13s", usual = "15s", most = "18s" }}

[pace.snapshot]
lag = {{ least = "7s", usual = "9s", most = "11s" }}
silence = {{ least = "0s", usual = "1s", most = "3s" }}
mib_per_second = 80
step = 1
jumping = 0

[[server]]
name = "web"
count = {servers}
tags = {{ backup = "daily" }}

[[server.volume]]
device = "/dev/xvda"
size_gib = 16
used_gib = 8

[[server.volume]]
device = "/dev/xvdf"
size_gib = 16
used_gib = 8
"""

STARTS_END_WITHIN = 120


def is_running(outage):
    return outage["running"] is not None


def is_starting(outage):
    return outage["start_accepted"] is not None and not is_running(outage)


class SimulatedEc2(SimulatedCloud):
    """Runs while the `with` lasts."""

    def __init__(self, program, servers, seed, time_scale):
        super().__init__(program, SCENARIO.format(servers=servers, seed=seed), time_scale)
        self._time_scale = time_scale

    def truth_when_starts_have_ended(self):
        """A contender that has asked EC2 to start a server and does not wait for it has not left it down."""
        end = time.monotonic() + STARTS_END_WITHIN / self._time_scale
        truth = self.truth()
        while time.monotonic() < end and any(
            is_starting(outage) for instance in truth["instances"] for outage in instance["outages"]
        ):
            time.sleep(0.2)
            truth = self.truth()
        return truth
