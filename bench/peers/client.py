"""One contender as a child process, from its beginning to its end or its deadline."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

BETWEEN_LOOKS = 0.05


def environment(endpoint, state):
    """Made-up credentials, nothing of the user's own AWS set-up, and nothing between here and loopback."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AWS_") and not name.lower().endswith("_proxy")
    }
    return kept | {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "made-up",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_PAGER": "",
        "XDG_STATE_HOME": str(state),
    }


@dataclass
class Ended:
    status: int | None  # none: it had to be ended at the deadline
    wall_seconds: float
    cpu_seconds: float  # of it and of all children that it has waited for


class Client:
    """Leads a process group of its own, so that its children can be ended with it."""

    def __init__(self, command, endpoint, directory):
        self.log = Path(directory, "log")
        self._begun = time.monotonic()
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                command,
                env=environment(endpoint, directory),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._ended = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if not self._has_ended():
            self.kill()

    def await_end(self, seconds):
        """None if it has not ended by then."""
        end = self._begun + seconds
        while not self._has_ended() and time.monotonic() < end:
            time.sleep(BETWEEN_LOOKS)
        return self._ended

    def kill(self):
        """It and its children, at once."""
        os.killpg(self._process.pid, signal.SIGKILL)
        while not self._has_ended():
            time.sleep(BETWEEN_LOOKS)
        self._ended.status = None
        return self._ended

    def last_words(self, lines=3):
        return self.log.read_text(errors="replace").splitlines()[-lines:]

    def _has_ended(self):
        if self._ended is None:
            pid, status, usage = os.wait4(self._process.pid, os.WNOHANG)
            if pid != 0:
                self._process.returncode = os.waitstatus_to_exitcode(status)
                self._ended = Ended(
                    self._process.returncode, time.monotonic() - self._begun, usage.ru_utime + usage.ru_stime
                )
        return self._ended is not None
