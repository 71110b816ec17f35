"""The three attacks: each is a list of cases, and what is odd about one."""

import random
from dataclasses import dataclass

from case import WAL_FRAME, WAL_HEADER, Case
from proxy import Fault, Kill

FAULTS_AT_ONCE = 2
FLIPPED_BITS = 200


class Attack:
    """`cases` are (words that name it, function, arguments)."""

    def __init__(self, title, cases):
        self.title = title
        self.cases = cases


@dataclass
class Requests:
    """How many a run has that nobody disturbs, and its recovery when it was killed half way."""

    of_run: int
    of_recovery: int


def requests_of(setup, mode):
    with Case(setup, mode) as case:
        of_run = case.run_command()
        odd = case.judge()
    if odd:
        raise SystemExit(f"{mode.name}: a run that nobody disturbs is odd: {odd}")
    with Case(setup, mode) as case:
        case.run_command([Kill(of_run // 2, before=False)])
        of_recovery = case.run_recovery()
    return Requests(of_run, of_recovery)


def kills(setup, mode, requests, every):
    """At each moment of the run, and each time at another one of its recovery."""
    moments = [(nth, before) for nth in range(1, requests.of_run + 1) for before in (True, False)]
    cases = []
    for place, (nth, before) in enumerate(moments[::every]):
        first = Kill(nth, before)
        second = Kill(place % max(requests.of_recovery, 1) + 1, before=place % 2 == 0)
        cases.append((f"{mode.name}: {first}; its recovery {second}", _kill, (setup, mode, first, second)))
    return Attack(f"{mode.name}, killed", cases)


def _kill(setup, mode, first, second):
    with Case(setup, mode) as case:
        case.run_command([first])
        case.run_recovery([second])
        case.run_recovery()
        if mode.told_once:
            case.run_recovery()
        if mode.again:
            case.judge()
            case.run_command()
        return case.judge()


def faults(setup, modes, requests, seeds):
    """So many a run, at requests, of kinds and in a mode that the seed decides."""
    cases = []
    for seed in seeds:
        draw = random.Random(seed)
        mode = draw.choice(modes)
        places = [draw.randint(1, requests[mode.name].of_run) for _ in range(FAULTS_AT_ONCE)]
        script = [Fault(place, draw.choice(list(Fault.KINDS))) for place in places]
        words = f"seed {seed}: {mode.name}, {', '.join(map(str, script))}"
        cases.append((words, _fault, (setup, mode, script)))
    return Attack(f"{FAULTS_AT_ONCE} faults each", cases)


def _fault(setup, mode, script):
    with Case(setup, mode) as case:
        case.run_command(script)
        case.judge_run()
        case.run_recovery()
        if mode.told_once:
            case.run_recovery()
        if mode.again:
            case.run_command()
        return case.judge()


def damaged_journals(setup, mode, every):
    """Of a run that was killed while its server was down: the log cut after each frame, and bits flipped."""
    with Case(setup, mode) as case:
        case.kill_while_down()
        database, log = (file.stat().st_size for file in case.journal())
    cases = [
        (f"journal cut at {at}", _cut, (setup, mode, at)) for at in range(WAL_HEADER, log, WAL_FRAME)
    ]
    draw = random.Random(1)
    for bit in sorted(draw.randrange((database + log) * 8) for _ in range(FLIPPED_BITS)):
        cases.append((f"journal with bit {bit} flipped", _flip, (setup, mode, bit)))
    return Attack("damaged journals", cases[::every])


def _cut(setup, mode, at):
    with Case(setup, mode) as case:
        case.kill_while_down()
        _, log = case.journal()
        log.write_bytes(log.read_bytes()[:at])
        case.run_recovery()
        return case.judge_recovery_of_damage()


def _flip(setup, mode, bit):
    with Case(setup, mode) as case:
        case.kill_while_down()
        byte = bit // 8
        for file in case.journal():
            content = bytearray(file.read_bytes())
            if byte < len(content):
                content[byte] ^= 1 << bit % 8
                file.write_bytes(content)
                break
            byte -= len(content)
        case.run_recovery()
        return case.judge_recovery_of_damage()
