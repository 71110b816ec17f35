"""From what ec2sim says has really happened to figures. The same as bench/fleet.cpp makes of it."""

from dataclasses import dataclass, field


def part(values, fraction):
    """0.5 is the median, 1 the largest; of no values there is none."""
    return sorted(values)[int((len(values) - 1) * fraction)] if values else None


def is_good(outage, volumes):
    """Every volume was at rest in its snapshot, and every snapshot was past 0 % before the start."""
    if not outage["clean"] or len(outage["snapshots"]) != volumes or outage["past_zero"] is None:
        return False
    start = outage["start_accepted"]
    return start is not None and outage["past_zero"]["seconds"] <= start["seconds"]


@dataclass
class Figures:
    """Of one fleet backed up by one contender, or of several such runs together."""

    servers: int = 0
    good: int = 0
    left_down: int = 0
    over_the_limit: list = field(default_factory=list)  # seconds, of those that were backed up and are up again
    calls: int = 0
    wall_seconds: list = field(default_factory=list)
    cpu_seconds: float = 0
    of_others: list = field(default_factory=list)  # parts of the machine

    def add(self, other):
        self.servers += other.servers
        self.good += other.good
        self.left_down += other.left_down
        self.over_the_limit += other.over_the_limit
        self.calls += other.calls
        self.wall_seconds += other.wall_seconds
        self.cpu_seconds += other.cpu_seconds
        self.of_others += other.of_others


def figures_of(truth, volumes):
    """`truth` is the page /_sim/truth, when nothing is starting any more."""
    figures = Figures(servers=len(truth["instances"]), calls=sum(truth["calls"].values()))
    for instance in truth["instances"]:
        outages = instance["outages"]
        if outages and outages[-1]["running"] is None:
            figures.left_down += 1
        elif len(outages) == 1 and is_good(outages[0], volumes):
            figures.good += 1
            figures.over_the_limit.append(outages[0]["overhead_seconds"])
    return figures
