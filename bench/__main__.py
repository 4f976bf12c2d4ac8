"""`make bench`: how fast the payment path is, next to what the same server can do with the same durable rows.

A table on stdout, progress on stderr; JSON too when IPPGATEWAY_BENCH_OUT names a file. The exit code is 1 when an
authorisation ended in an error. BENCH_SECONDS (a measurement), BENCH_ROUNDS, BENCH_ROWS (payments at the end) and
BENCH_WAITING (at once) make it shorter or longer. `--profile` shows where the gateway's processor time goes instead.
"""

import argparse
import asyncio
import json
import os
import resource
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from bench.course import PORTS, Course, Extent, NotDurable, say
from bench.limit import LimitFailed
from bench.place import free_ports, installed, work_folder
from bench.same import NotTheSame
from ippgateway.app.local.refusal import StartRefused

Result = TypeVar("Result")

_OUT = "IPPGATEWAY_BENCH_OUT"
_FILES_BESIDE = 1_000


def _measure(extent: Extent) -> int:
    with work_folder() as inside:
        figures = asyncio.run(_course(inside, extent, lambda course: course.run()))
    print(figures.table())
    if out := os.environ.get(_OUT):
        Path(out).write_text(json.dumps(figures.as_json(), indent=2) + "\n")
    return 1 if figures.failed else 0


def _profile(extent: Extent) -> int:
    with work_folder() as inside:
        asyncio.run(_course(inside, extent, lambda course: course.profile(inside / "profile")))
        print((inside / "profile").read_text())
    return 0


async def _course(inside: Path, extent: Extent, run: Callable[[Course], Awaitable[Result]]) -> Result:
    port = free_ports(PORTS)
    async with installed(inside, port) as place:
        return await run(Course(place, port, inside, extent))


def _allow_files(count: int) -> None:
    """Each connection is an open file, here and in the processes that are started. Raises StartRefused."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count:
        raise StartRefused(f"{count} open files are needed and {hard} allowed (ulimit -Hn); or set BENCH_WAITING lower")
    if soft != resource.RLIM_INFINITY and soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))


def _whole(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdigit() or not int(text):
        raise SystemExit(f"{name} must be a whole number above 0")
    return int(text)


def main() -> int:
    """See the module. The exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="The speed of the payment path.")
    parser.add_argument("--profile", action="store_true", help="show where the gateway's time goes instead")
    given = parser.parse_args()
    extent = Extent(
        seconds=_whole("BENCH_SECONDS", 4), rounds=_whole("BENCH_ROUNDS", 7), rows=_whole("BENCH_ROWS", 1_000_000),
        waiting=_whole("BENCH_WAITING", 5_000),
    )  # fmt: skip
    try:
        _allow_files(extent.waiting + _FILES_BESIDE)
        return _profile(extent) if given.profile else _measure(extent)
    except (StartRefused, LimitFailed, NotTheSame, NotDurable) as why:
        say(f"{type(why).__name__}: {why}")
        return 2


if __name__ == "__main__":
    sys.exit(main())
