"""The modes that are attacked: what there is in the beginning, what was done before, and the command."""

from dataclasses import dataclass, field

SCENARIO = """
seed = 7
region = "us-east-1"

[throttling]
on = false

[pace.server]
shutdown = "1s"
release = "500ms"
boot = "1s"

[pace.snapshot]
lag = "1s"
silence = "500ms"
mib_per_second = 200

[[server]]
name = "web"
{server}

[[server.volume]]
device = "/dev/xvda"
used_gib = 0.1

[[server.volume]]
device = "/dev/xvdf"
used_gib = 0.1
{more}
"""

GROUP = """
[[auto_scaling_group]]
name = "farm"
members = ["web"]
target_groups = ["web"]
pace = {{ health_check = "60s", standby = "2s", in_service = "2s" }}

[[target_group]]
name = "web"
deregistration_delay = "2s"
healthy_after = "1s"
"""

TARGETS = """
[[target_group]]
name = "web"
members = ["web:8080"]
deregistration_delay = "2s"
healthy_after = "1s"
"""


@dataclass
class Mode:
    """Words in braces are filled in: the server, the newest backup, the newest restore in place."""

    name: str
    command: list
    before: list = field(default_factory=list)
    server: str = ""
    more: str = ""
    found_stopped: bool = False
    # What ends it well after it was killed, behind `recover`: the commands that may be called again.
    again: bool = False
    # What a killed one has made stays, and `recover` tells it once, with status 3.
    told_once: bool = False
    servers: int = 1

    def scenario(self):
        return SCENARIO.format(server=self.server, more=self.more.format())


BACKUP = ["backup", "{server}"]
ROLE = "arn:aws:iam::123456789012:role/pitstop-guard"

MODES = [
    Mode("plain", BACKUP),
    Mode("guarded", [*BACKUP, "--guard-role", ROLE]),
    Mode("reserved", [*BACKUP, "--reserve-capacity"]),
    Mode("found-stopped", BACKUP, server="stopped = true", found_stopped=True),
    Mode("standby", [*BACKUP, "--standby"], more=GROUP),
    Mode("drain", [*BACKUP, "--drain"], more=TARGETS),
    Mode("image", [*BACKUP, "--method", "image"]),
    Mode("prime", [*BACKUP, "--prime"]),
    Mode("online", [*BACKUP, "--online"]),
    Mode("frozen", [*BACKUP, "--online", "--freeze"]),
    Mode("in-place", ["restore", "{backup}", "--in-place", "{server}", "--yes"], before=[BACKUP]),
    Mode(
        "rollback",
        ["rollback", "{restore}", "--yes"],
        before=[BACKUP, ["restore", "{backup}", "--in-place", "{server}", "--yes"]],
    ),
    Mode("new", ["restore", "{backup}", "--new", "--yes"], before=[BACKUP], servers=2, told_once=True),
    Mode("volumes-only", ["restore", "{backup}", "--volumes-only"], before=[BACKUP], told_once=True),
    Mode("copy", ["copy", "--to-region", "eu-west-1"], before=[BACKUP], again=True),
    Mode("prune", ["prune", "--keep-last", "1", "--delete", "--yes"], before=[BACKUP, BACKUP, BACKUP], again=True),
]
