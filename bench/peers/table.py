"""How the comparison is shown: what was measured, and a row for each contender and fleet."""

import os
import subprocess

from figures import part
from simulated_ec2 import VOLUMES

FEWEST_FOR_P99 = 100
COLUMNS = "{:<14} {:>7}  {:>10}  {:>9}  {:>34}  {:>10}  {:>6}  {:>8}  {:>6}"

WHAT_IT_IS = """\
{volumes} volumes a server; over HTTP on loopback, where a call takes a millisecond or two (at AWS, tens of them); \
{processors} processors{versions}.{scale}
Throttled as AWS documents it, for each action: StartInstances 5 calls and 2 more a second, StopInstances 50 and 5,
CreateSnapshots 100 and 5, looks 100 and 20 (50 and 10 without a filter). The limit of a server is what EC2 took to stop
it, from its snapshots until the last was past 0 %, and to start it: about 45 s. One server is backed up by several
seeds, one after the other; aws_cli.sh takes all servers at once, aws_cli.sh 20 twenty at a time.
Others: the part of the processors that something else was busy with, at worst; it disturbs."""


def version_of_aws():
    said = subprocess.run(["aws", "--version"], capture_output=True, text=True, check=False)
    return said.stdout.split(" ")[0]


def version_of_boto3():
    import boto3  # here, for whoever compares without it

    return f"boto3/{boto3.__version__}"


def head(contenders, time_scale):
    versions = {"boto3_poll.py": version_of_boto3, "aws_cli.sh": version_of_aws}
    programs = {name.split()[0] for name in contenders}
    what_it_is = WHAT_IT_IS.format(
        volumes=VOLUMES,
        processors=os.cpu_count(),
        versions="".join(f", {version()}" for name, version in versions.items() if name in programs),
        scale="" if time_scale == 1 else f" NO FIGURES: time runs {time_scale:g} times as fast.",
    )
    names = COLUMNS.format(
        "contender",
        "servers",
        "backed up",
        "left down",
        "over the limit: median, p99, worst",
        "calls each",
        "took",
        "CPU each",
        "others",
    )
    return f"{what_it_is}\n{names}"


def in_seconds(value):
    return "-" if value is None else f"{value:.2f} s"


def row(name, servers, figures):
    over = figures.over_the_limit
    p99 = part(over, 0.99) if len(over) >= FEWEST_FOR_P99 else None
    return COLUMNS.format(
        name,
        servers,
        f"{figures.good} of {figures.servers}",
        figures.left_down,
        "  ".join(f"{in_seconds(value):>10}" for value in (part(over, 0.5), p99, part(over, 1))),
        f"{figures.calls / figures.servers:.1f}",
        f"{part(figures.wall_seconds, 0.5):.0f} s",
        f"{figures.cpu_seconds / figures.servers:.3f} s",
        f"{part(figures.of_others, 1) * 100:.0f} %",
    )
