"""Attacks the real pitstop before ec2sim: kills it at each request, and its recovery; faults by seed; damaged journals.

What must come out: in the end every server is as it was found, nothing is left that costs or confuses, and no command has
ended with 0 that left something. A line a mode with its figures, and one for each odd case.
"""

import argparse
import concurrent.futures
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

from attacks import damaged_journals, faults, kills, requests_of  # noqa: E402
from case import Odd, Setup  # noqa: E402
from modes import MODES  # noqa: E402


def guarded(function, arguments):
    try:
        return function(*arguments)
    except Odd as odd:
        return [str(odd)]


def carry_out(attack, pool):
    """How many of its cases are odd, once they have ended."""
    odd = 0
    words_of = {pool.submit(guarded, function, arguments): words for words, function, arguments in attack.cases}
    for future in concurrent.futures.as_completed(words_of):
        found = future.result()
        odd += bool(found)
        for text in found:
            print(f"  odd: {words_of[future]}: {text}", flush=True)
    print(f"{attack.title:24} {len(attack.cases):5} cases  {odd:4} odd", flush=True)
    return odd


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pitstop")
    parser.add_argument("ec2sim")
    parser.add_argument("--only", choices=["kills", "faults", "journals"], help="one of the three attacks")
    parser.add_argument("--mode", help="only one of: " + ", ".join(mode.name for mode in MODES))
    parser.add_argument("--every", type=int, default=1, help="only each so many-th kill and damaged journal (default: 1)")
    parser.add_argument("--faults", type=int, default=1000, help="so many runs with faults (default: 1000)")
    parser.add_argument("--seed", type=int, default=1, help="the first seed of faults (default: 1)")
    parser.add_argument("--jobs", type=int, default=12 * (os.cpu_count() or 1), help="cases side by side")
    options = parser.parse_args()
    options.modes = [mode for mode in MODES if options.mode in (None, mode.name)]
    if not options.modes:
        parser.error(f"there is no mode {options.mode}")
    return options


def attacks_of(options, pool):
    setup = Setup(Path(options.pitstop).resolve(), Path(options.ec2sim).resolve())
    measured = pool.map(requests_of, [setup] * len(options.modes), options.modes)
    requests = {mode.name: of_mode for mode, of_mode in zip(options.modes, measured)}
    if options.only in (None, "kills"):
        for mode in options.modes:
            yield kills(setup, mode, requests[mode.name], options.every)
    if options.only in (None, "faults"):
        yield faults(setup, options.modes, requests, range(options.seed, options.seed + options.faults))
    if options.only in (None, "journals"):
        yield damaged_journals(setup, options.modes[0], options.every)


def main():
    options = parse_arguments()
    begun = time.monotonic()
    # The cases wait most of their time. An attack is told of when its last case has ended; all share the pool.
    with (
        concurrent.futures.ThreadPoolExecutor(options.jobs) as pool,
        concurrent.futures.ThreadPoolExecutor() as attackers,
    ):
        attacks = list(attacks_of(options, pool))
        odd = sum(attackers.map(lambda attack: carry_out(attack, pool), attacks))
    cases = sum(len(attack.cases) for attack in attacks)
    print(f"{cases} cases in {time.monotonic() - begun:.0f} s, {odd} odd")
    return 1 if odd or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
