#!/usr/bin/env python3
"""Pitstop beside what people write themselves, in real time: each backs up the same fleets of a simulated EC2, alone,
over HTTP, and ec2sim tells what really happened.

    compare.py [--servers N]… [--contender NAME]… PITSTOP EC2SIM

A contender that cannot bring its servers back is ended at its deadline, and its row says how many are down.
"""

import argparse
import importlib.util
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from client import Client
from figures import Figures, figures_of
from simulated_ec2 import VOLUMES, Ec2simFailed, SimulatedEc2
from table import head, row

HERE = Path(__file__).parent

# What one server shows depends on where a look falls between two moments, so a fleet of one is backed up by several
# seeds; a fleet of many has its variety in itself.
SEEDS_OF_ONE = (1, 2, 3)
SEEDS_OF_MANY = (1,)

# A hundred aws programs at once starve a small machine, so that script may show what it can do with fewer, too.
TWENTY_AT_A_TIME = "aws_cli.sh 20"


def commands(pitstop):
    return {
        "pitstop": [pitstop, "backup", "--all", "--max-down", "100%", "--yes", "--no-wait"],
        "boto3_poll.py": [sys.executable, str(HERE / "boto3_poll.py")],
        "aws_cli.sh": [str(HERE / "aws_cli.sh")],
        TWENTY_AT_A_TIME: ["env", "AT_ONCE=20", str(HERE / "aws_cli.sh")],
    }


def contenders_for(servers, arguments):
    return [name for name in arguments.contender if name != TWENTY_AT_A_TIME or servers > 20]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("pitstop", help="the program pitstop")
    parser.add_argument("ec2sim", help="the program ec2sim")
    parser.add_argument("--servers", type=int, action="append", help="size of a fleet (1 and 100)")
    parser.add_argument("--contender", action="append", choices=commands(""), help="only these (all)")
    parser.add_argument("--deadline", type=float, default=600, help="seconds that a contender has for a fleet (600)")
    parser.add_argument("--time-scale", type=float, default=1, help="to try a contender out; figures need 1 (1)")
    arguments = parser.parse_args()
    arguments.servers = arguments.servers or [1, 100]
    arguments.contender = arguments.contender or list(commands(""))
    return arguments


def missing(arguments):
    """What it takes and is not here, with a hint."""
    programs = {name.split()[0] for name in arguments.contender}
    for program in (arguments.pitstop, arguments.ec2sim):
        if not os.access(program, os.X_OK):
            return f"there is no program {program}", "./dev build makes build/release/pitstop and build/release/ec2sim"
    if "aws_cli.sh" in programs and not shutil.which("aws"):
        return "the aws program is not on the PATH", "./dev setup installs it, and so does pip install awscli"
    if "boto3_poll.py" in programs and not importlib.util.find_spec("boto3"):
        return "python3 cannot import boto3", "./dev setup installs it, and so does pip install boto3"
    return None


def busy_seconds():
    """Of all processors of this machine so far, with what other virtual machines took from it (Linux)."""
    user, nice, system, _idle, _waiting, interrupts, soft, stolen = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    )
    return (user + nice + system + interrupts + soft + stolen) / os.sysconf("SC_CLK_TCK")


def complain(name, servers, client, ended):
    how = "had to be ended at the deadline" if ended.status is None else f"ended with status {ended.status}"
    print(f"warning: {name}, {servers} servers: {how}; its last words:", file=sys.stderr)
    for line in client.last_words():
        print(f"  {line}", file=sys.stderr)


def run_once(name, servers, seed, arguments):
    """A contender, alone with a fresh fleet."""
    with (
        tempfile.TemporaryDirectory(prefix="contender-") as directory,
        SimulatedEc2(arguments.ec2sim, servers, seed, arguments.time_scale) as ec2,
    ):
        busy = busy_seconds()
        with Client(commands(arguments.pitstop)[name], ec2.endpoint, directory) as client:
            ended = client.await_end(arguments.deadline) or client.kill()
        others = busy_seconds() - busy - ended.cpu_seconds - ec2.cpu_seconds()
        if ended.status != 0:
            complain(name, servers, client, ended)
        figures = figures_of(ec2.truth_when_starts_have_ended(), VOLUMES)
    figures.wall_seconds = [ended.wall_seconds]
    figures.cpu_seconds = ended.cpu_seconds
    figures.of_others = [max(0.0, others) / ended.wall_seconds / os.cpu_count()]
    return figures


def run_all(name, servers, arguments):
    figures = Figures()
    for seed in SEEDS_OF_ONE if servers == 1 else SEEDS_OF_MANY:
        figures.add(run_once(name, servers, seed, arguments))
    return figures


def main():
    arguments = parse_arguments()
    if lack := missing(arguments):
        print(f"error: {lack[0]}\nHINT: {lack[1]}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # which ends the children first
    print(head(arguments.contender, arguments.time_scale), flush=True)
    try:
        for servers in arguments.servers:
            for name in contenders_for(servers, arguments):
                print(row(name, servers, run_all(name, servers, arguments)), flush=True)
    except Ec2simFailed as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
