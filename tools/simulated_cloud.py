"""An ec2sim of one's own: a scenario, a free port of loopback, and what really happened."""

import json
import os
import subprocess
import tempfile
import urllib.request
from pathlib import Path

READY = "ec2sim listens on "
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Ec2simFailed(Exception):
    """It has said why, to the standard error."""


class SimulatedCloud:
    """Runs while the `with` lasts."""

    def __init__(self, program, scenario, time_scale=1):
        self._directory = tempfile.TemporaryDirectory(prefix="ec2sim-")
        file = Path(self._directory.name, "scenario.toml")
        file.write_text(scenario)
        self._process = subprocess.Popen(
            [program, "--listen", "127.0.0.1:0", "--time-scale", str(time_scale), "--scenario", str(file)],
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
        return self._page("/_sim/truth")

    def state(self):
        return self._page("/_sim/state")

    def cpu_seconds(self):
        """Of its process so far (Linux)."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _page(self, path):
        try:
            with DIRECTLY.open(self.endpoint + path) as page:
                return json.load(page)
        except OSError as why:
            raise Ec2simFailed(f"ec2sim does not answer any more: {why}") from why

    def _end(self):
        self._process.terminate()
        self._process.wait()
        self._process.stdout.close()
        self._directory.cleanup()
