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
import socket
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from bench.course import PORTS, Course, Extent, NotDurable, say
from bench.limit import LimitFailed
from bench.place import installed
from bench.same import NotTheSame
from ippgateway.app.local.refusal import StartRefused
from ippgateway.app.settings import LOOPBACK

Result = TypeVar("Result")

_OUT = "IPPGATEWAY_BENCH_OUT"
_FIRST_PORT, _LAST_PORT = 31_000, 60_000
_FILES_BESIDE = 1_000
# Files there are on a disk nearly everywhere; those of /tmp may be in memory, where keeping something costs nothing.
_ON_DISK = Path("/var/tmp")  # noqa: S108 - a folder of our own is made in it


def _measure(extent: Extent) -> int:
    with _folder() as folder:
        figures = asyncio.run(_course(folder, extent, lambda course: course.run()))
    print(figures.table())
    if out := os.environ.get(_OUT):
        Path(out).write_text(json.dumps(figures.as_json(), indent=2) + "\n")
    return 1 if figures.failed else 0


def _profile(extent: Extent) -> int:
    with _folder() as folder:
        asyncio.run(_course(folder, extent, lambda course: course.profile(folder / "profile")))
        print((folder / "profile").read_text())
    return 0


async def _course(folder: Path, extent: Extent, run: Callable[[Course], Awaitable[Result]]) -> Result:
    port = _free_ports(PORTS)
    async with installed(folder, port) as place:
        return await run(Course(place, port, folder, extent))


@contextmanager
def _folder() -> Iterator[Path]:
    within = None if "TMPDIR" in os.environ or not _ON_DISK.is_dir() else _ON_DISK
    with tempfile.TemporaryDirectory(prefix="ippbench-", dir=within) as name:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL may run as a user of its own, who has to pass
        yield folder


def _free_ports(count: int) -> int:
    """The first of so many that nobody listens on."""
    for first in range(_FIRST_PORT, _LAST_PORT, count):
        if all(_is_free(first + n) for n in range(count)):
            return first
    raise StartRefused(f"no {count} ports in a row are free")


def _is_free(port: int) -> bool:
    with socket.socket() as attempt:
        try:
            attempt.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


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
