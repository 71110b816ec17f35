"""One attack: a cloud of its own, a state directory of its own, and all that was run in it."""

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import judge
from proxy import KillAt, Proxy
from simulated_cloud import SimulatedCloud

TIMEOUT = 400  # seconds: a run that takes longer hangs
KILLED = -9
STATUSES = {0, 1, 2, 3, 4, 5, 10, 11, 20, 130, KILLED}
CRASHES = ("terminate called", "AddressSanitizer", "runtime error", "Segmentation fault", "CHECK")
WAL_HEADER = 32
WAL_FRAME = 24 + 4096


@dataclass
class Setup:
    pitstop: Path
    ec2sim: Path


class Odd(Exception):
    """What was wanted before the attack could begin did not happen."""


class Case:
    """Runs while the `with` lasts. What is odd is in the result of `judge`."""

    def __init__(self, setup, mode):
        self._setup = setup
        self._mode = mode
        self._directory = tempfile.TemporaryDirectory(prefix="sweep-")
        self._state_directory = Path(self._directory.name, "state")
        self._cloud = SimulatedCloud(str(setup.ec2sim), mode.scenario())
        self._odd = []

    def __enter__(self):
        self._cloud.__enter__()
        self._before = self._cloud.state()
        self._words = {"server": judge.everything(self._before, "instances")[0]["instance_id"]}
        for command in self._mode.before:
            self._prepare(command)
        return self

    def __exit__(self, *_):
        self._cloud.__exit__()
        self._directory.cleanup()

    def run_command(self, script=()):
        """Runs the mode's command; the number of its requests."""
        return self._run([word.format(**self._words) for word in self._mode.command], script)

    def run_recovery(self, script=()):
        return self._run(["recover"], script)

    def kill_while_down(self):
        """Kills the run as it is about to start its server again."""
        self.run_command([KillAt("StartInstances")])
        if not self._is_down():
            raise Odd("the server is not down when it is to be started")

    def journal(self):
        """The database, and what its log has that is not in it yet."""
        return [Path(self._state_directory, name) for name in ("journal.db", "journal.db-wal")]

    def judge(self):
        """What is odd, now that all is over: nothing may be left, and the last command ended with 0."""
        if self._status != 0:
            self._odd.append(f"the last command ended with {self._status}: {self._said}")
        self._odd += [f"{text} (the last command ended with {self._status})" for text in self._left()]
        return self._odd

    def judge_run(self):
        """What is odd about a run that has just ended, whatever it left for a recovery, if it says so."""
        if self._status == 0:
            self._odd += [f"ended with 0, but {text}" for text in self._left()]
        elif self._is_down() and self._status != 20:
            self._odd.append(f"the server is down, and the run ended with {self._status}: {self._said}")

    def judge_recovery_of_damage(self):
        """A recovery whose journal is damaged may refuse to work; it may not end well and leave something."""
        if self._status == 0:
            self.judge()
        elif self._is_down() and "pitstop:down" not in self._server()["tags"]:
            self._odd.append(f"the server is down without its tag, and the recovery ended with {self._status}")
        return self._odd

    def _server(self):
        return judge.everything(self._cloud.state(), "instances")[0]

    def _is_down(self):
        return not self._mode.found_stopped and self._server()["state"] in ("stopping", "stopped")

    def _left(self):
        return judge.left(self._mode, self._before, self._cloud.state(), self._cloud.truth())

    def _prepare(self, command):
        self._run([word.format(**self._words) for word in command], ())
        if self._status != 0:
            raise Odd(f"{' '.join(command)} ended with {self._status}: {self._said}")
        for line in self._output.splitlines():
            summary = json.loads(line)
            for backup in summary.get("backups", []):
                self._words["backup"] = backup.get("backup_id") or self._words.get("backup")
            self._words["restore"] = summary.get("restore_id") or self._words.get("restore")

    def _run(self, words, script):
        """Runs pitstop to its end; the number of its requests."""
        with Proxy(self._cloud.endpoint, script) as proxy:
            command = [self._setup.pitstop, "--endpoint-url", proxy.endpoint, "--state-dir", self._state_directory]
            proxy.victim = subprocess.Popen(
                [*command, "--output", "json", *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=environment(),
            )
            try:
                self._output, errors = proxy.victim.communicate(timeout=TIMEOUT)
            except subprocess.TimeoutExpired:
                proxy.victim.kill()
                self._output, errors = proxy.victim.communicate()
                self._odd.append(f"{words[0]} did not end within {TIMEOUT} s")
            self._status = proxy.victim.returncode
            self._said = last_line(self._output, errors)
            if self._status not in STATUSES or any(text in errors for text in CRASHES):
                self._odd.append(f"{words[0]} ended with {self._status}: {errors[-300:]}")
            return len(proxy.actions)


def last_line(output, errors):
    """What was said last about what went wrong."""
    lines = [line for line in output.splitlines() if '"error"' in line] or errors.splitlines() or output.splitlines()
    return lines[-1][:400] if lines else "nothing was said"


def environment():
    """The machine's, but for what it says of AWS."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PITSTOP_"))}
    return clean | {
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "made-up",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }
