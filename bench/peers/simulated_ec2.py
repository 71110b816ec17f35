"""An ec2sim of one's own: a scenario, a free port of loopback, and what really happened."""

import json
import os
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

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

READY = "ec2sim listens on "
STARTS_END_WITHIN = 120
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def is_running(outage):
    return outage["running"] is not None


def is_starting(outage):
    return outage["start_accepted"] is not None and not is_running(outage)


class Ec2simFailed(Exception):
    """It has said why, to the standard error."""


class SimulatedEc2:
    """Runs while the `with` lasts."""

    def __init__(self, program, servers, seed, time_scale):
        self._directory = tempfile.TemporaryDirectory(prefix="ec2sim-")
        scenario = Path(self._directory.name, "fleet.toml")
        scenario.write_text(SCENARIO.format(servers=servers, seed=seed))
        self._time_scale = time_scale
        self._process = subprocess.Popen(
            [program, "--listen", "127.0.0.1:0", "--time-scale", str(time_scale), "--scenario", str(scenario)],
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self):
        line = self._process.stdout.readline()
        if not line.startswith(READY):
            self._end()
            raise Ec2simFailed("ec2sim does not start")
        self.endpoint = line[len(READY) :].split()[0]
        return self

    def __exit__(self, *_):
        self._end()

    def truth(self):
        try:
            with DIRECTLY.open(f"{self.endpoint}/_sim/truth") as page:
                return json.load(page)
        except OSError as why:
            raise Ec2simFailed(f"ec2sim does not answer any more: {why}") from why

    def truth_when_starts_have_ended(self):
        """Who has asked EC2 to start a server and does not wait for it has not left it down."""
        end = time.monotonic() + STARTS_END_WITHIN / self._time_scale
        truth = self.truth()
        while time.monotonic() < end and any(
            is_starting(outage) for instance in truth["instances"] for outage in instance["outages"]
        ):
            time.sleep(0.2)
            truth = self.truth()
        return truth

    def cpu_seconds(self):
        """Of its process so far (Linux)."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _end(self):
        self._process.terminate()
        self._process.wait()
        self._process.stdout.close()
        self._directory.cleanup()
