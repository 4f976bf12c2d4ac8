"""`make bench-privacy`: what people's rights cost with a million payers and three million payments in the tables.

    python -m bench.privacy [--small] [--payers 1000000]

A table on stdout, progress on stderr; JSON too when IPPGATEWAY_BENCH_OUT names a file. The exit code is 1 when a
payment ended in an error, and 2 when it could not be measured. `--small` is for a look at whether everything runs.
"""

import argparse
import dataclasses
import json
import os
import sys
from pathlib import Path

import uvloop

from bench import course
from bench.place import free_ports, installed, work_folder
from bench.privacy.course import Course, Extent
from bench.privacy.figures import Figures
from ippgateway.app.local.refusal import StartRefused

_OUT = "IPPGATEWAY_BENCH_OUT"
_FULL = Extent(payers=1_000_000, rounds=3, single=100, operations=1_000, rows=100_000, seconds=45)
_SMALL = Extent(payers=5_000, rounds=1, single=5, operations=30, rows=300, seconds=1)
_OF_PAYMENTS = course.Extent(seconds=1, rounds=1, rows=1, waiting=1)
"""Of the other bench only the gateways are used."""


async def _measured(folder: Path, extent: Extent) -> Figures:
    port = free_ports(course.PORTS)
    async with installed(folder, port) as place:
        return await Course(course.Course(place, port, folder, _OF_PAYMENTS), extent).run()


def main() -> int:
    """See the module. The exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.privacy", description="The speed of people's rights.")
    parser.add_argument("--small", action="store_true", help="a short look at whether everything runs")
    parser.add_argument("--payers", type=int, help="how many; each has three payments")
    given = parser.parse_args()
    extent = _SMALL if given.small else _FULL
    if given.payers:
        extent = dataclasses.replace(extent, payers=given.payers)
    try:
        with work_folder() as folder:
            figures = uvloop.run(_measured(folder, extent))
    except (StartRefused, course.NotDurable) as why:
        course.say(f"{type(why).__name__}: {why}")
        return 2
    print(figures.table())
    if out := os.environ.get(_OUT):
        Path(out).write_text(json.dumps(figures.as_json(), indent=2) + "\n")
    return 1 if figures.errors else 0


if __name__ == "__main__":
    sys.exit(main())
